using ClaudeTasks.Processes;
using ClaudeTasks.Store;

namespace ClaudeTasks.Tests.Support;

/// <summary>The console front end as processes of its own, on a store of a test's own. What it leaves running is ended with it.</summary>
internal sealed class FrontEnd(string home) : IDisposable
{
    private readonly List<FrontEndProcess> _processes = [];

    public static string Program { get; } =
        Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "claude-tasks.exe" : "claude-tasks");

    /// <summary>Additions to the processes' environment.</summary>
    public Dictionary<string, string> Environment { get; } = new()
    {
        [StoreLocation.HomeVariable] = home,
        ["CLAUDE_CODE_PATH"] = Simulated.Program,
    };

    /// <summary>A program, with its arguments, that starts them; empty for none.</summary>
    public string[] Through { get; set; } = [];

    public FrontEndProcess Start(IEnumerable<string> arguments, string? input = null)
    {
        string[] command = [.. Through, Program, .. arguments];
        var process = new FrontEndProcess(command[0], command[1..], Environment, input);
        _processes.Add(process);
        return process;
    }

    /// <summary>From now on the processes are bound by files' modes, as every user but root is. False where that cannot be had.</summary>
    public bool DropPrivileges()
    {
        Through = System.Environment.IsPrivilegedProcess ? ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] : [];
        return Through.Length == 0 || File.Exists("/usr/bin/setpriv");
    }

    /// <summary>Starts <c>run --json</c> with the prompt on standard input.</summary>
    public FrontEndProcess StartRun(string repository, string prompt, params string[] options) =>
        Start(["run", "--json", "-C", repository, .. options, "-"], prompt);

    /// <summary>The process of the only worker there is, once it has started.</summary>
    public ProcessIdentity FindWorker() => Until.Found(
        () => StoreFixture.Scalar(Path.Combine(home, "tasks.db"), "SELECT process FROM workers WHERE started = 1") as string,
        "a worker has started") is { } text
        ? ProcessIdentity.Parse(text)!.Value
        : default;

    public void Dispose()
    {
        foreach (var process in _processes)
        {
            process.Dispose();
        }

        if (File.Exists(Path.Combine(home, "tasks.db")) && StoreFixture.TryRead(home, WorkerTable.All) is { } workers)
        {
            // A worker that a test recorded, and that has not begun, stands under the test's own process.
            var processes = workers.Select(worker => worker.Process).OfType<ProcessIdentity>();
            foreach (var identity in processes.Where(identity => identity.IsAlive && identity != ProcessIdentity.Current))
            {
                using var process = System.Diagnostics.Process.GetProcessById(identity.Pid);
                process.Kill(entireProcessTree: true);
                process.WaitForExit();
            }
        }
    }
}
