using ClaudeTasks.Engine;
using ClaudeTasks.Model;

namespace ClaudeTasks.Tests.Support;

/// <summary>An engine with its workers in this process, on a store and a repository of a test's own.</summary>
internal sealed class EngineFixture : IDisposable
{
    private readonly StoreFixture _store = new();

    public EngineFixture()
    {
        Repository = new TestRepository(_store.Folder["repository"]);
        Engine = OpenEngine();
    }

    public ClaudeTaskEngine Engine { get; }

    public TestRepository Repository { get; }

    public string Home => _store.Home;

    /// <summary>A path outside the repository.</summary>
    public string this[string name] => _store.Folder[name];

    public ClaudeTaskEngine OpenEngine() => StoreFixture.InHome(Home, ClaudeTaskEngine.Open);

    public ClaudeTaskRequest Request(
        string prompt, TaskSettings? settings = null, string? repository = null) => new(settings ?? new TaskSettings())
    {
        Prompt = prompt,
        Repository = repository ?? Repository.Root,
        Session = "work",
        ClaudePath = settings?.ClaudePath ?? Simulated.Program,
    };

    public ClaudeTask Start(string prompt, TaskSettings? settings = null, string? repository = null) =>
        Engine.Submit(new WorkerHost.InProcess()).Add(Request(prompt, settings, repository));

    public ClaudeTask Start(ClaudeTaskRequest request) => Engine.Submit(new WorkerHost.InProcess()).Add(request);

    /// <summary>Runs a prompt until the machine has nothing more to do for it.</summary>
    public ClaudeTask Run(ClaudeTaskRequest request) => Settled(Start(request).Id);

    /// <summary>Runs a prompt until the machine has nothing more to do for it.</summary>
    public ClaudeTask Run(string prompt, TaskSettings? settings = null, string? repository = null) =>
        Settled(Start(prompt, settings, repository).Id);

    public ClaudeTask Settled(int id)
    {
        using var limit = new CancellationTokenSource(Until.Limit);
        Engine.WaitUntil([id], task => task.IsSettled, limit.Token);
        return Engine.Get(id);
    }

    public List<ClaudeTaskEvent> Events(int id, params ClaudeTaskEventKind[] kinds) => [.. Engine.ReadEvents(id, kinds, default)];

    public List<string> Texts(int id, params ClaudeTaskEventKind[] kinds) => [.. Events(id, kinds).Select(item => item.Text)];

    /// <summary>The settings by which the agent reads its scenario from a file, so that it is known before the prompt is.</summary>
    public TaskSettings WithScenario(string json)
    {
        var file = this[$"{Guid.NewGuid()}.json"];
        File.WriteAllText(file, json);
        return new TaskSettings { AgentArgument = [$"--scenario={file}"] };
    }

    public bool HoldsLease(int task) =>
        (long)StoreFixture.Scalar(Engine.Store.Path, $"SELECT count(*) FROM leases WHERE task_id = {task}")! == 1;

    /// <summary>Waits until no worker is left. A worker removes its row, and then gives up the lock by which it counts as alive.</summary>
    public void AwaitWorkers()
    {
        Until.True(() => (long)StoreFixture.Scalar(Engine.Store.Path, "SELECT count(*) FROM workers")! == 0, "the workers have ended");
        Until.True(() => Directory.GetFiles(Path.Combine(Home, "workers")).Length == 0, "the workers' locks are gone");
    }

    public void Dispose()
    {
        foreach (var task in Engine.Query(new TaskQuery()).Where(task => !task.IsSettled).ToList())
        {
            Engine.RequestStop(task.Id);
            Settled(task.Id);
        }

        AwaitWorkers();
        Engine.Dispose();
        _store.Dispose();
    }
}
