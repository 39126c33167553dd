using System.Diagnostics;
using ClaudeTasks.Engine;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Store;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests.Faults;

/// <summary>
/// One task, from a PowerShell session through its gate to a decision, in which some of the session, the worker and the agent are killed at
/// a random moment; and what must be true afterwards.
/// </summary>
/// <param name="seed">Chooses the moment, who dies, and the decision.</param>
/// <param name="home">The store's folder, which the rounds share.</param>
/// <param name="folder">A folder of the round's own.</param>
internal sealed class KillRound(int seed, string home, string folder)
{
    private const int Lines = 80;
    private static readonly TimeSpan FlushWindow = TimeSpan.FromSeconds(1);
    private static readonly HashSet<string> TasksPaths = ["shared.txt", "made/new.txt"];

    private readonly Random _random = new(seed);
    private readonly TestRepository _repository = new(Path.Combine(folder, "repository"));

    private string Ledger => Path.Combine(folder, "ledger");

    /// <summary>What died, and where the task was then.</summary>
    public string Story { get; private set; } = "";

    public void Run(ClaudeTaskEngine engine)
    {
        Prepare(engine);
        var before = RepositoryState.Of(_repository, TasksPaths, withRefs: false);
        var decision = _random.Next(4) switch { 0 => "Deny", 1 => "Undo", _ => "Approve" };
        var written = Disturb(engine, decision);

        engine.RecoverLostTasks();
        var task = engine.Query(new TaskQuery { Repository = _repository.Root }).SingleOrDefault();
        if (task is not null)
        {
            Check(engine, Settle(engine, task.Id), written);
            Decide(engine, task.Id);
        }

        RepositoryState.AssertSame(before, RepositoryState.Of(_repository, TasksPaths, withRefs: false));
        Assert.Equal("ok", StoreFixture.Scalar(engine.Store.Path, "PRAGMA integrity_check"));
        Assert.Equal(
            0L,
            StoreFixture.Scalar(
                engine.Store.Path,
                $"SELECT count(*) FROM leases l JOIN repositories r ON r.id = l.repository_id WHERE r.key LIKE '{_repository.Root}%'"));
        RunNext(engine);
    }

    private void Prepare(ClaudeTaskEngine engine)
    {
        _repository.Write(".gitignore", "ignored.txt\n");
        _repository.Write("shared.txt", "base\n");
        _repository.Write("mine.txt", "committed\n");
        _repository.Commit("Base");
        _repository.Write("ignored.txt", "ignored\n");
        _repository.Write("mine.txt", "staged\n");
        _repository.Git("add", "mine.txt");
        _repository.Write("mine.txt", "edited\n");
        _repository.Write("untracked.txt", "untracked\n");
        engine.RegisterGate(new ClaudeTaskGate { Name = "gate", Command = "sleep 0.3", Repository = _repository.Root });
    }

    /// <summary>
    /// Starts it all, kills at the moment, and waits for the session's end. Returns how many lines were old enough to be stored.
    /// </summary>
    private int Disturb(ClaudeTaskEngine engine, string decision)
    {
        var prompt = Path.Combine(folder, "prompt.txt");
        File.WriteAllText(prompt, Steps(
            Step("ledger", Ledger), Write("shared.txt", "task\n"),
            $$"""{"repeat":{{Lines}},"steps":[{"text":"line {n}"},{"delay":10}]}""", Write("made/new.txt", "new\n")));
        using var session = StartSession(
            $$"""
            Import-Module '{{Path.Combine(SourceTree.Root, "out", "ClaudeTasks")}}'
            $task = Get-Content -Raw '{{prompt}}' |
                Start-ClaudeTask -Repository '{{_repository.Root}}' -AllowDirty -Session 'round {{seed}}' | Wait-ClaudeTask
            $task = $task | {{(decision == "Deny" ? "Deny" : "Approve")}}-ClaudeTask
            {{(decision == "Undo" ? "$task | Undo-ClaudeTask" : "Remove-ClaudeTask -OlderThan 365")}}
            """);
        var clock = Stopwatch.StartNew();
        var moment = TimeSpan.FromMilliseconds(_random.Next(0, 5000));
        var sizes = new List<(TimeSpan Time, int Lines)>();
        while (clock.Elapsed < moment && !session.HasExited)
        {
            sizes.Add((clock.Elapsed, WrittenLines()));
            Thread.Sleep(20);
        }

        var victims = _random.Next(1, 8);
        var killed = new List<string>();
        var task = engine.Query(new TaskQuery { Repository = _repository.Root }).SingleOrDefault();
        Story = $"seed {seed}, {decision}, at {clock.ElapsedMilliseconds} ms, {task?.Status.ToString() ?? "no task"}: ";
        if ((victims & 1) != 0 && !session.HasExited)
        {
            session.Kill();
            killed.Add("session");
        }

        if ((victims & 2) != 0 && task is not null && FindWorker(engine, task.Id) is { IsAlive: true } worker)
        {
            KillProcess(worker.Pid, killed, "worker");
        }

        if ((victims & 4) != 0 && task is not null)
        {
            using var tree = ProcessTree.Create(task.TaskId);
            foreach (var member in tree.FindMembers())
            {
                KillProcess(
                    member.Identity.Pid,
                    killed,
                    member.Command.Contains("claude-simulated", StringComparison.Ordinal) ? "agent" : "process");
            }
        }

        Story += string.Join('+', killed);
        Until.True(() => session.HasExited, $"the session ended ({Story})");
        return sizes.LastOrDefault(item => item.Time < clock.Elapsed - FlushWindow && item.Time < moment - FlushWindow).Lines;
    }

    private ClaudeTask Settle(ClaudeTaskEngine engine, int id)
    {
        using var limit = new CancellationTokenSource(Until.Limit);
        engine.WaitUntil([id], task => task.IsSettled, limit.Token);
        if (engine.Get(id).IsSuspended)
        {
            // Its worker died before its turn; it goes on when somebody says so.
            engine.Resume(id, new WorkerHost.InProcess());
            engine.WaitUntil([id], task => task.IsSettled, limit.Token);
        }

        return engine.Get(id);
    }

    private void Check(ClaudeTaskEngine engine, ClaudeTask task, int written)
    {
        Until.True(() => ProcessesFixture.Bearers(task).Count == 0, $"no process of the task lives ({Story})");
        var said = engine.ReadEvents(task.Id, [ClaudeTaskEventKind.Message], default)
            .Select(item => item.Text).Where(text => text.StartsWith("line ", StringComparison.Ordinal)).ToList();
        Assert.Equal(Enumerable.Range(0, said.Count).Select(i => $"line {i}"), said);
        Assert.True(said.Count >= written, $"{written} lines were written more than {FlushWindow} before, and {said.Count} are stored.");
        if (task.Status
            is ClaudeTaskStatus.WaitingApproval or ClaudeTaskStatus.QaFailed or ClaudeTaskStatus.Completed or ClaudeTaskStatus.Rejected)
        {
            Assert.True(said.Count == Lines || task.Status == ClaudeTaskStatus.Rejected, $"A success with {said.Count} of its lines.");
        }
        else
        {
            Assert.Contains(task.Status, new[] { ClaudeTaskStatus.Failed, ClaudeTaskStatus.Cancelled, ClaudeTaskStatus.Approved });
            Assert.False(string.IsNullOrEmpty(task.ReasonText), task.Status.ToString());
        }
    }

    /// <summary>
    /// Whatever the decision was that was cut off, the next one finds a task that can be decided on, and all is as it says.
    /// </summary>
    private void Decide(ClaudeTaskEngine engine, int id)
    {
        var task = engine.Get(id);
        if (task.Status is ClaudeTaskStatus.Approved or ClaudeTaskStatus.WaitingApproval or ClaudeTaskStatus.QaFailed
            && task.FilesChanged > 0)
        {
            task = engine.Approve(id, null, _ => true, force: true);
        }
        else if (task.Status is ClaudeTaskStatus.Failed or ClaudeTaskStatus.Cancelled && task.FilesChanged > 0)
        {
            task = engine.Reject(id, null, _ => true);
        }

        var commits = _repository.Git("log", "--format=%H", $"--grep=Claude-Task: {task.TaskId}")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (task.Status == ClaudeTaskStatus.Completed && task.FilesChanged > 0)
        {
            Assert.Equal(task.CommittedSha, Assert.Single(commits));
            Assert.Equal(("task", "new"), (_repository.Git("show", "HEAD:shared.txt"), _repository.Git("show", "HEAD:made/new.txt")));
            Assert.Equal("", _repository.Git("status", "--short", "--", "shared.txt", "made"));
        }
        else
        {
            Assert.Empty(commits);
            Assert.Equal(("base\n", false), (File.ReadAllText(_repository["shared.txt"]), File.Exists(_repository["made/new.txt"])));
        }
    }

    private void RunNext(ClaudeTaskEngine engine)
    {
        var request = new ClaudeTaskRequest
        {
            Prompt = Steps(Says("Next.")), Repository = _repository.Root, Session = "next", AllowDirty = true,
            ClaudePath = Program,
        };
        var next = engine.Submit(new WorkerHost.InProcess()).Add(request);
        Assert.Equal(ClaudeTaskStatus.Completed, Settle(engine, next.Id).Status);
    }

    private int WrittenLines() => File.Exists(Ledger)
        ? File.ReadAllText(Ledger)
            .Split('\n')
            .Count(line => line.Contains("\"line ", StringComparison.Ordinal) && line.Contains("assistant", StringComparison.Ordinal))
        : 0;

    private Process StartSession(string script)
    {
        var start = new ProcessStartInfo(Pwsh.Program, ["-NoProfile", "-NonInteractive", "-Command", script])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[StoreLocation.HomeVariable] = home;
        start.Environment["CLAUDE_CODE_PATH"] = Program;
        start.Environment["NO_COLOR"] = "1";
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static ProcessIdentity? FindWorker(ClaudeTaskEngine engine, int task) => StoreFixture.Scalar(
        engine.Store.Path, $"SELECT w.process FROM workers w JOIN tasks t ON t.worker = w.id WHERE t.id = {task}") is string text
        ? ProcessIdentity.Parse(text)
        : null;

    private static void KillProcess(int pid, List<string> killed, string what)
    {
        if (NativeMethods.Kill(pid, 9) == 0)
        {
            killed.Add(what);
        }
    }
}
