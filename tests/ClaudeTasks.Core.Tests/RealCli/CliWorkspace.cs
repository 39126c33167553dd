using System.Collections;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using ClaudeTasks.Engine;
using ClaudeTasks.Model;

namespace ClaudeTasks.Tests.RealCli;

/// <summary>
/// Everything one test with the real CLI needs, in one temporary folder: a repository, a store, a home and the CLI's own configuration,
/// with this process's environment set to them and to a <see cref="MessagesApi"/>. Nothing of it is left behind, no process either.
/// </summary>
internal sealed class CliWorkspace : IDisposable
{
    private const string StoreVariable = "CLAUDETASKS_HOME";
    private const string CookieVariable = "CLAUDETASKS_TASK";

    private static readonly string[] Foreign =
        ["CLAUDE", "ANTHROPIC", "GIT_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "XDG_", "NODE_OPTIONS"];

    private readonly string _root = Directory.CreateTempSubdirectory("claude-tasks-real-cli-").FullName;
    private readonly Dictionary<string, string?> _before = new(StringComparer.Ordinal);
    private readonly Lazy<ClaudeTaskEngine> _engine = new(ClaudeTaskEngine.Open);

    public CliWorkspace()
    {
        Claude = ClaudeCli.Require();
        Api = MessagesApi.Start();
        SetEnvironment();
        Directory.CreateDirectory(Repository);
        Git("init", "--quiet", "--initial-branch=main");
        Git("config", "user.name", "A Tester");
        Git("config", "user.email", "tester@example.com");
        File.WriteAllText(InRepository("README.md"), "The readme's own text.\n");
        Git("add", "README.md");
        Git("commit", "--quiet", "--message=Start");
    }

    /// <summary>Detached workers.</summary>
    public static WorkerHost Host { get; } = new WorkerHost.Detached(FrontEnd.Program, worker => ["worker", worker.ToString()]);

    /// <summary>The real CLI.</summary>
    public string Claude { get; }

    public MessagesApi Api { get; }

    public ClaudeTaskEngine Engine => _engine.Value;

    public string Repository => Path.Combine(_root, "repo");

    private string Store => Path.Combine(_root, "store");

    /// <summary>A path outside the repository.</summary>
    public string Outside(string name) => Path.Combine(_root, name);

    public string InRepository(string name) => Path.Combine(Repository, name);

    /// <summary>Takes the login away: no key, and the configuration is empty anyway.</summary>
    public void LogOut() => Set("ANTHROPIC_API_KEY", null);

    /// <summary>Sets a variable for everything that is started from now on.</summary>
    public void Set(string name, string? value)
    {
        _before.TryAdd(name, Environment.GetEnvironmentVariable(name));
        Environment.SetEnvironmentVariable(name, value);
    }

    /// <summary>Gives the user's own consent to tools, as a rule in the CLI's user settings.</summary>
    public void AllowAlways(params string[] rules) => File.WriteAllText(
        Path.Combine(_root, "config", "settings.json"), JsonSerializer.Serialize(new { permissions = new { allow = rules } }));

    public string Git(params string[] arguments)
    {
        using var process = Start("git", ["-C", Repository, .. arguments]);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEnd();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"git {string.Join(' ', arguments)}: {errors}");
        return output;
    }

    /// <summary>Starts the console front end's <c>run</c> on the repository.</summary>
    public FrontEnd Run(string prompt, params string[] options) => FrontEnd.Start(this, prompt, options);

    /// <summary>
    /// Submits a task through the engine, to a detached worker unless told otherwise, and waits until the machine has nothing more to do
    /// for it.
    /// </summary>
    public ClaudeTask RunInEngine(
        string prompt, TaskSettings settings, WorkerHost? host = null, bool worktree = false, int? continues = null)
    {
        var request = new ClaudeTaskRequest(settings)
        {
            Prompt = prompt,
            Repository = Repository,
            Session = "tests",
            Worktree = worktree,
            Continues = continues,
            ClaudePath = Claude,
        };
        var task = Engine.Submit(host ?? Host).Add(request);
        Engine.Events.WaitUntilAsync([task.Id], item => item.IsSettled, TestContext.Current.CancellationToken).GetAwaiter().GetResult();
        return Engine.Get(task.Id);
    }

    public IReadOnlyList<ClaudeTaskEvent> Events(ClaudeTask task) => [.. Engine.ReadEvents(task.Id, [], default)];

    /// <summary>The living processes that carry the task's cookie: what its agent started, however far it strayed.</summary>
    public static Dictionary<int, string> ProcessesOf(ClaudeTask task) =>
        ProcessScan.FindByVariable(CookieVariable, task.TaskId.ToString());

    /// <summary>The process that runs the tasks of this workspace's store.</summary>
    public int FindWorker() =>
        ProcessScan.FindByVariable(StoreVariable, Store)
            .Single(process => process.Value.Contains("claude-tasks worker ", StringComparison.Ordinal)).Key;

    /// <summary>Starts a program with pipes; it inherits the environment of the test.</summary>
    public static Process Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new System.Text.UTF8Encoding(false),
        };
        return Process.Start(start)!;
    }

    public void Dispose()
    {
        try
        {
            if (_engine.IsValueCreated)
            {
                Engine.Dispose();
            }

            Api.Dispose();
            EndProcesses();
        }
        finally
        {
            foreach (var (name, value) in _before)
            {
                Environment.SetEnvironmentVariable(name, value);
            }

            Directory.Delete(_root, recursive: true);
        }
    }

    private void SetEnvironment()
    {
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            if (Array.Exists(Foreign, prefix => ((string)variable.Key).StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
            {
                Set((string)variable.Key, null);
            }
        }

        Set("HOME", MakeFolder("home"));
        Set("CLAUDE_CONFIG_DIR", MakeFolder("config"));
        Set("CLAUDE_CODE_TMPDIR", MakeFolder("tmp"));
        Set("XDG_RUNTIME_DIR", MakeFolder("run"));
        Set(StoreVariable, Store);
        Set("ANTHROPIC_BASE_URL", Api.Address);
        Set("ANTHROPIC_API_KEY", "dummy");
        Set("NO_PROXY", "127.0.0.1");
        Set("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1");
        Set("DISABLE_TELEMETRY", "1");
        Set("DISABLE_ERROR_REPORTING", "1");
        Set("GIT_CONFIG_NOSYSTEM", "1");

        // The front end looks for the runtime where it is usually installed; this is where it is.
        Set("DOTNET_ROOT", Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..")));
    }

    private string MakeFolder(string name) => Directory.CreateDirectory(Path.Combine(_root, name)).FullName;

    /// <summary>Workers end by themselves a moment after their tasks. What does not is ended here, and is a failure of the test.</summary>
    private void EndProcesses()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var limit = Stopwatch.StartNew();
        Dictionary<int, string> left;
        while ((left = ProcessScan.FindByVariable(StoreVariable, Store)).Count > 0)
        {
            if (limit.Elapsed > TimeSpan.FromSeconds(30))
            {
                foreach (var pid in left.Keys)
                {
                    ProcessScan.Send(pid, ProcessScan.Kill);
                }

                Assert.Fail($"Left running: {string.Join("; ", left.Values)}");
            }

            Thread.Sleep(20);
        }
    }
}
