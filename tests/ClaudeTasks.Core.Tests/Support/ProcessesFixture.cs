using ClaudeTasks.Engine;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;

namespace ClaudeTasks.Tests.Support;

/// <summary>Detached workers started by the console front end, and an engine in this process that looks at the same store.</summary>
internal sealed class ProcessesFixture : IDisposable
{
    private readonly StoreFixture _store = new();
    private ClaudeTaskEngine? _engine;

    public ProcessesFixture()
    {
        Repository = new TestRepository(_store.Folder["repository"]);
        Front = new FrontEnd(_store.Home);
    }

    public FrontEnd Front { get; }

    public TestRepository Repository { get; }

    public ClaudeTaskEngine Engine => _engine ??= StoreFixture.InHome(_store.Home, ClaudeTaskEngine.Open);

    public string StorePath => _store.DatabasePath;

    public string this[string name] => _store.Folder[name];

    public void Reach(string name) => Until.True(() => File.Exists(this[name]), $"an agent reached '{name}'");

    /// <summary>Closes this process's engine; the next use opens what is there then.</summary>
    public void Forget()
    {
        _engine?.Dispose();
        _engine = null;
    }

    public ClaudeTask Settled(int id)
    {
        using var limit = new CancellationTokenSource(Until.Limit);
        Engine.WaitUntil([id], task => task.IsSettled, limit.Token);
        return Engine.Get(id);
    }

    public static IReadOnlyList<string> Bearers(ClaudeTask task)
    {
        using var tree = ProcessTree.Create(task.TaskId);
        return [.. tree.FindMembers().Select(member => member.Command)];
    }

    /// <summary>Ends a process as the kernel does when memory is short.</summary>
    public static void Kill(ProcessIdentity identity)
    {
        using var process = System.Diagnostics.Process.GetProcessById(identity.Pid);
        process.Kill();
        Until.True(() => !identity.IsAlive, "it is gone");
    }

    public void Dispose()
    {
        Front.Dispose();

        // Whoever looks next ends what the workers left; the agents must not outlive the test.
        if (File.Exists(StorePath))
        {
            Engine.RecoverLostTasks();
            Engine.Dispose();
        }

        _store.Dispose();
    }
}
