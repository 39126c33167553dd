using System.CommandLine;
using System.Diagnostics;
using System.Reactive.Linq;
using ClaudeTasks.Engine;
using ClaudeTasks.Model;
using ClaudeTasks.Text;

namespace ClaudeTasks.Cli;

/// <summary>
/// <c>demo</c>: two tasks through queue, live output, diff and history, on a throw-away repository and store with the simulated agent.
/// </summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var command = new Command("demo", "Shows two tasks on a throw-away repository with a simulated agent; needs no account.");
        command.SetAction((_, cancellation) => Task.Run(() => RunAsync(cancellation), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("claude-tasks-demo-").FullName;
        try
        {
            Environment.SetEnvironmentVariable("CLAUDETASKS_HOME", Path.Combine(folder, "store"));
            var repository = Path.Combine(folder, "greeter");
            MakeRepository(repository);
            Say("This is a demonstration. The agent is SIMULATED: no model is called, no account is needed, nothing of yours is touched.");
            Say($"A throw-away repository: {repository}");
            using var engine = ClaudeTaskEngine.Open();
            await PlayAsync(engine, repository, cancellation);
            WaitForWorkers(Path.Combine(folder, "store", "workers"), cancellation);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        Say("Everything was removed again. With Claude Code installed and logged in, the same is: claude-tasks run \"your prompt\"");
        return ExitCodes.Success;
    }

    private static async Task PlayAsync(ClaudeTaskEngine engine, string repository, CancellationToken cancellation)
    {
        Say("Two prompts are submitted. One task runs at a time in a repository, so the second one is queued:");
        var submission = engine.Tasks.Submit(WorkerCommand.Host);
        var first = await submission.AddAsync(Request("Greet people by name", repository), cancellation);
        var second = await submission.AddAsync(Request("Say goodbye too", repository), cancellation);
        await ShowTimelineAsync(engine, cancellation);

        Say($"Task {first.Id}, live, while it runs in a process of its own:");
        await FollowAsync(engine, first.Id, cancellation);

        Say($"What it changed; the same is a patch that 'git apply' takes:");
        foreach (var change in await engine.Changes.GetAsync(first.Id, ClaudeTaskChangeSource.Task, withPatches: true, cancellation))
        {
            Console.WriteLine(TerminalText.Clean(change.Patch));
        }

        Say($"It waits for a decision and keeps the repository meanwhile: task {second.Id} waits for it.");
        await ShowTimelineAsync(engine, cancellation);

        Say($"Approved: its paths become one commit. Task {second.Id} goes on by itself:");
        await engine.Decisions.ApproveAsync(first.Id, null, _ => true, force: false, keepBranch: false, onHook: null, cancellation);
        Git(repository, "log", "--stat", "--format=%s%n%n%b", "-1");
        await FollowAsync(engine, second.Id, cancellation);

        Say("Rejected: its files are put back as they were. The history, as any later session finds it:");
        await engine.Decisions.RejectAsync(second.Id, "not now", _ => true, cancellation);
        await ShowTimelineAsync(engine, cancellation);
    }

    private static ClaudeTaskRequest Request(string prompt, string repository) => new()
    {
        Prompt = prompt,
        Repository = repository,
        Session = "demo",
        ClaudePath = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "claude-simulated.exe" : "claude-simulated"),
    };

    private static Task FollowAsync(ClaudeTaskEngine engine, int id, CancellationToken cancellation) => engine.Events
        .ObserveUpdates([engine.Tasks.Get(id)], update => update.IsAtRest, EventLine.DefaultKinds)
        .SelectMany(update => update.Events)
        .ForEachAsync(
            item => Console.WriteLine("  " + EventLine.Format(item).Replace("\n", "\n  ", StringComparison.Ordinal)), cancellation);

    private static async Task ShowTimelineAsync(ClaudeTaskEngine engine, CancellationToken cancellation)
    {
        foreach (var task in await engine.Tasks.QueryAsync(new TaskQuery(), cancellation))
        {
            var waiting = task.WaitingFor is { } what ? $", waits for {what}" : "";
            var changes = task.FilesChanged is { } files ? $", {files} files +{task.Additions} -{task.Deletions}" : "";
            Console.WriteLine($"  {task.Id}  {task.Prompt,-22}  {task.Status}{waiting}{changes}");
        }
    }

    private static void MakeRepository(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "README.md"), "# Greeter\n\nSays hello.\n");
        Git(folder, "init", "--quiet");
        Git(folder, "config", "user.name", "Demo");
        Git(folder, "config", "user.email", "demo@example.invalid");
        Git(folder, "config", "commit.gpgSign", "false");
        Git(folder, "add", "--all");
        Git(folder, "commit", "--quiet", "--message", "Begin");
    }

    private static void Git(string folder, params string[] arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = folder })!;
        git.WaitForExit();
        if (git.ExitCode != 0)
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.GitFailed,
                $"git {arguments[0]} failed in the demo's repository.",
                folder,
                "Check that git works: git --version");
        }
    }

    /// <summary>A worker ends a moment after its last task and removes its lock file last.</summary>
    private static void WaitForWorkers(string folder, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        while (Directory.EnumerateFiles(folder).Any() && !limit.Token.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(20)))
        {
        }
    }

    private static void Say(string text) => Console.WriteLine($"{Environment.NewLine}## {text}{Environment.NewLine}");
}
