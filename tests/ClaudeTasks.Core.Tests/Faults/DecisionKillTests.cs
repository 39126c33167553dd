using System.Diagnostics;
using ClaudeTasks.Model;
using ClaudeTasks.Store;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests.Faults;

/// <summary>
/// A process is killed at one of the steps of a decision, or of an automatic approval. Then the repository is moved or locked for a while.
/// Another repository notices nothing, and the decision is completed or made again without a loss.
/// </summary>
public sealed class DecisionKillTests : IDisposable
{
    private static readonly HashSet<string> TasksPaths = ["shared.txt", "made/new.txt"];

    private readonly EngineFixture _engine = new();
    private readonly SteppedGit _git;

    public DecisionKillTests() => _git = SteppedGit.Killing(_engine["bin"]);

    private TestRepository Repository => _engine.Repository;

    [Fact]
    public void A_decision_that_is_killed_at_any_step_is_before_or_after_it_and_can_be_made_again()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Signals, and names of processes in /proc.");
        Pwsh.Require();
        Prepare();
        foreach (var seed in LongMode.Seeds(6, 300))
        {
            try
            {
                RunRound(new Random(seed));
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"Repeat with CLAUDETASKS_SEED={seed}: {e}");
            }
        }
    }

    [Fact]
    public void A_hook_whose_approval_was_killed_makes_no_commit_after_a_denial()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are found by their environment.");
        Pwsh.Require();
        Prepare();
        var head = Repository.Git("rev-parse", "HEAD");
        var task = _engine.Run(Request());
        var (began, release) = (_engine["began"], _engine["release"]);
        Repository.Write(".git/hooks/pre-commit", $"#!/bin/sh\necho $$ > '{began}'\nwhile [ ! -e '{release}' ]; do sleep 0.1; done\n");
        UnixMode.Set(Repository[".git/hooks/pre-commit"], "755");
        using var process = Start("Approve", task.Id, at: 0, after: false);
        Until.True(() => File.Exists(began) && File.ReadAllText(began).EndsWith('\n'), "the hook has begun");

        process.Kill();
        process.WaitForExit();
        Until.True(() => _engine.Engine.Get(task.Id).Status != ClaudeTaskStatus.Approved || Recover(), "the approval is undone");
        _engine.Engine.Reject(task.Id, null, _ => true);
        File.WriteAllText(release, "");

        Until.True(() => !Directory.Exists($"/proc/{File.ReadAllText(began).Trim()}"), "the hook has ended");
        Assert.Equal((head, ClaudeTaskStatus.Rejected), (Repository.Git("rev-parse", "HEAD"), _engine.Engine.Get(task.Id).Status));

        bool Recover()
        {
            _engine.Engine.RecoverLostTasks();
            return false;
        }
    }

    public void Dispose() => _engine.Dispose();

    private void Prepare()
    {
        Repository.Write("shared.txt", "base\n");
        Repository.Write("mine.txt", "committed\n");
        Repository.Commit("Base");
        Repository.Write("mine.txt", "staged\n");
        Repository.Git("add", "mine.txt");
        Repository.Write("mine.txt", "edited\n");
        Repository.Write("untracked.txt", "untracked\n");
    }

    private void RunRound(Random random)
    {
        var head = Repository.Git("rev-parse", "HEAD");
        var before = RepositoryState.Of(Repository, TasksPaths, withRefs: false);
        var verb = random.Next(4) switch { 0 => "Auto", 1 => "Deny", 2 => "Undo", _ => "Approve" };
        var task = verb == "Auto" ? null : _engine.Run(Request());
        if (verb == "Undo")
        {
            _engine.Engine.Approve(task!.Id, null, _ => true, force: false);
        }

        var at = random.Next(1, verb == "Auto" ? 60 : 30);
        var killed = Run(verb, task?.Id, at, after: random.Next(2) == 0);
        var hindrance = random.Next(3);
        Hinder(hindrance);
        task ??= _engine.Engine.Query(new TaskQuery()).LastOrDefault();
        CheckOtherRepository();
        Unhinder(hindrance);

        if (task is not null)
        {
            Complete(task.Id, verb);
            Check(task, head, $"{verb}, killed {killed} at call {at}");
        }

        RepositoryState.AssertSame(before, RepositoryState.Of(Repository, TasksPaths, withRefs: false));
        Assert.Equal("ok", StoreFixture.Scalar(_engine.Engine.Store.Path, "PRAGMA integrity_check"));
        Repository.Git("checkout", "--quiet", "--force", head, "--", "shared.txt");
        Repository.Git("update-ref", "refs/heads/main", head);
        Repository.Git("rm", "--quiet", "--cached", "--ignore-unmatch", "-r", "made");
        if (Directory.Exists(Repository["made"]))
        {
            Directory.Delete(Repository["made"], recursive: true);
        }
    }

    private ClaudeTaskRequest Request() =>
        _engine.Request(Steps(Write("shared.txt", "task\n"), Write("made/new.txt", "new\n"))) with { AllowDirty = true };

    /// <summary>Runs the decision in a process of its own; true when that was killed.</summary>
    private bool Run(string verb, int? task, int at, bool after)
    {
        using var process = Start(verb, task, at, after);
        Until.True(() => process.HasExited, $"the process of {verb} has ended");
        return process.ExitCode == 137;
    }

    private Process Start(string verb, int? task, int at, bool after)
    {
        var prompt = _engine["prompt.txt"];
        File.WriteAllText(prompt, Request().Prompt);
        var command = verb == "Auto"
            ? $"Get-Content -Raw '{prompt}' | "
                + $"Start-ClaudeTask -Repository '{Repository.Root}' -AllowDirty -AutoApprove -AllowNoGate | Wait-ClaudeTask"
            : $"{verb}-ClaudeTask {task} -Confirm:$false";
        var start = new ProcessStartInfo(
            Pwsh.Program,
            [
                "-NoProfile", "-NonInteractive", "-Command",
                $"Import-Module '{Path.Combine(SourceTree.Root, "out", "ClaudeTasks")}'; {command}",
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in _git.Variables(at, after))
        {
            start.Environment[name] = value;
        }

        start.Environment[StoreLocation.HomeVariable] = _engine.Home;
        start.Environment["CLAUDE_CODE_PATH"] = Program;
        var process = Process.Start(start)!;
        _ = process.StandardOutput.ReadToEndAsync();
        _ = process.StandardError.ReadToEndAsync();
        return process;
    }

    private void Hinder(int kind)
    {
        if (kind == 1)
        {
            Directory.Move(Repository.Root, Repository.Root + ".moved");
        }
        else if (kind == 2)
        {
            File.WriteAllText(Repository[".git/index.lock"], "");
        }
    }

    private void Unhinder(int kind)
    {
        if (kind == 1)
        {
            Directory.Move(Repository.Root + ".moved", Repository.Root);
        }

        // The kill itself may have left git's locks.
        foreach (var path in Directory.EnumerateFiles(Repository[".git"], "*.lock", SearchOption.AllDirectories))
        {
            File.Delete(path);
        }
    }

    /// <summary>A task of another repository runs, and everything can be looked at.</summary>
    private void CheckOtherRepository()
    {
        var other = new TestRepository(_engine[$"other-{Guid.NewGuid():N}"]);
        var task = _engine.Run(_engine.Request(Steps(Says("Done.")), repository: other.Root));
        Assert.Equal(ClaudeTaskStatus.Completed, task.Status);
        Assert.NotEmpty(_engine.Engine.Query(new TaskQuery()));
        _engine.Engine.RecoverLostTasks();
    }

    /// <summary>Makes the decision again, as long as the task is not where it leads.</summary>
    private void Complete(int id, string verb)
    {
        Until.True(
            () =>
            {
                try
                {
                    return TryComplete(id, verb);
                }
                catch (ClaudeTaskException e) when (e.ErrorId == ClaudeTaskErrorId.TaskStateConflict)
                {
                    // Another process may be completing it at this moment.
                    return false;
                }
            },
            $"the decision can be made again ({verb}, {_engine.Engine.Get(id).Status}, {_engine.Engine.Get(id).ReasonText})");
    }

    private bool TryComplete(int id, string verb)
    {
        _engine.Engine.RecoverLostTasks();
        switch (_engine.Engine.Get(id).Status)
        {
            case ClaudeTaskStatus.Pending:
                _engine.Engine.RequestStop(id);
                return true;
            case ClaudeTaskStatus.Completed when verb == "Undo":
                _engine.Engine.Undo(id);
                return true;
            case ClaudeTaskStatus.WaitingApproval or ClaudeTaskStatus.QaFailed or ClaudeTaskStatus.Approved
                when verb is "Approve" or "Auto":
                _engine.Engine.Approve(id, null, _ => true, force: true);
                return true;
            case ClaudeTaskStatus.WaitingApproval when verb == "Deny":
            case ClaudeTaskStatus.Failed or ClaudeTaskStatus.Cancelled when _engine.Engine.Get(id).FilesChanged > 0:
                _engine.Engine.Reject(id, null, _ => true);
                return true;
            case var status:
                return StatusMoves.IsTerminal(status) || (verb == "Undo" && status == ClaudeTaskStatus.WaitingApproval);
        }
    }

    private void Check(ClaudeTask task, string head, string story)
    {
        var commits = Repository.Git("log", "--format=%H", $"--grep=Claude-Task: {task.TaskId}")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var ended = _engine.Engine.Get(task.Id);
        if (ended.Status == ClaudeTaskStatus.Completed)
        {
            Assert.True(commits.Length == 1, $"{story}: {commits.Length} commits");
            Assert.Equal(("task", "new", ""), (
                Repository.Git("show", "HEAD:shared.txt"),
                Repository.Git("show", "HEAD:made/new.txt"),
                Repository.Git("status", "--short", "--", "shared.txt", "made")));
        }
        else
        {
            Assert.True(
                commits.Length == 0 && Repository.Git("rev-parse", "HEAD") == head,
                $"{story}: a commit without an approval ({ended.Status})");
            var files = (File.ReadAllText(Repository["shared.txt"]), File.Exists(Repository["made/new.txt"]));
            Assert.True(
                files == (ended.Status == ClaudeTaskStatus.WaitingApproval ? ("task\n", true) : ("base\n", false)),
                $"{story}: {ended.Status}, {files}");
        }

        if (ended.Status == ClaudeTaskStatus.WaitingApproval)
        {
            _engine.Engine.Reject(task.Id, null, _ => true);
        }
    }
}
