using System.Diagnostics;
using System.Globalization;
using ClaudeTasks.Model;
using ClaudeTasks.Store;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests.Faults;

/// <summary>
/// Many PowerShell sessions that start tasks on few repositories at once, while others read. What the agents themselves write down proves
/// that no two were in one repository, and in which order they came.
/// </summary>
public sealed class ContentionTests : IDisposable
{
    private readonly ProcessesFixture _processes = new();

    private static int SessionCount => LongMode.Of(3, 32);

    private static int TaskCount => LongMode.Of(12, 1000);

    private static int RepositoryCount => LongMode.Of(2, 4);

    private string Script => $"""
        $ErrorActionPreference = 'Stop'
        $env:{StoreLocation.HomeVariable} = '{Path.GetDirectoryName(_processes.StorePath)}'
        $env:CLAUDE_CODE_PATH = '{Program}'
        Import-Module '{Path.Combine(SourceTree.Root, "out", "ClaudeTasks")}'
        """;

    [Fact]
    public async Task However_many_start_tasks_at_once_one_runs_in_a_repository_in_order_and_none_is_lost()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The ledgers are written by a Unix shell.");
        Pwsh.Require();
        var repositories = Enumerable.Range(0, RepositoryCount).Select(CreateRepository).ToList();
        var clock = Stopwatch.StartNew();
        var readers = Enumerable.Range(0, LongMode.Of(1, 2)).Select(_ => Pwsh.RunAsync(Reader())).ToList();
        var starters = Enumerable.Range(0, SessionCount).Select(session => Pwsh.RunAsync(Starter(session, repositories))).ToList();

        var times = (await EndedWellAsync(starters)).SelectMany(output => output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            .Select(line => double.Parse(line, CultureInfo.InvariantCulture)).Order().ToList();
        var started = clock.Elapsed;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(30));
        _processes.Engine.WaitUntil(
            [.. _processes.Engine.Query(new TaskQuery()).Select(task => task.Id)], task => task.IsSettled, limit.Token);
        var ended = clock.Elapsed;
        File.WriteAllText(_processes["all ran"], "");
        await EndedWellAsync(readers);

        var tasks = _processes.Engine.Query(new TaskQuery()).ToDictionary(task => task.TaskId.ToString());
        Assert.All(tasks.Values, task => Assert.True(task.Status == ClaudeTaskStatus.Completed, $"{task.Status}: {task.ReasonText}"));
        Assert.Equal(
            Enumerable.Range(0, TaskCount).Select(number => $"Number {number}.").Order(StringComparer.Ordinal),
            tasks.Values.Select(task => task.Result!).Order(StringComparer.Ordinal));
        Assert.Equal(TaskCount, repositories.Sum(repository => CheckLedger(Ledger(repository), tasks)));
        AssertStoreIsWhole(tasks.Values);
        LongMode.Note(
            $"contention: {SessionCount} sessions, {TaskCount} tasks, {RepositoryCount} repositories, who reads all the while: "
                + "s until all were started and until all had ended; ms of a Start-ClaudeTask (median, 99 %, longest)",
            $"{started.TotalSeconds:0} {ended.TotalSeconds:0}; {times[times.Count / 2]:0} {times[times.Count * 99 / 100]:0} {times[^1]:0}");
    }

    public void Dispose() => _processes.Dispose();

    private string CreateRepository(int index)
    {
        var repository = new TestRepository(_processes[$"repository{index}"]);
        Directory.CreateDirectory(repository["sub"]);
        Directory.CreateSymbolicLink(repository.Root + ".link", repository.Root);
        repository.Git("worktree", "add", "--quiet", repository.Root + ".tree", "-b", "side");
        return repository.Root;
    }

    private static string Ledger(string repository) => repository + ".ledger";

    /// <summary>Starts every n-th task, each on the next repository, reached in the next way; prints what each call took.</summary>
    private string Starter(int session, List<string> repositories)
    {
        var script = new List<string> { Script };
        for (var number = session; number < TaskCount; number += SessionCount)
        {
            var repository = repositories[number / SessionCount % repositories.Count];
            var folder = repository + (number / 7 % 4) switch { 0 => "", 1 => "/sub", 2 => ".link", _ => ".tree" };
            var prompt = Path.Combine(_processes[$"prompt{number}"]);
            File.WriteAllText(prompt, Steps(
                Bash($"echo begin $CLAUDETASKS_TASK >> '{Ledger(repository)}'"),
                Bash($"echo end $CLAUDETASKS_TASK >> '{Ledger(repository)}'"),
                Says($"Number {number}.")));
            script.Add(
                $$"""(Measure-Command { Get-Content -Raw '{{prompt}}' | """
                + $$"""Start-ClaudeTask -Repository '{{folder}}' -Session 'session {{session}}' }).TotalMilliseconds""");
        }

        return string.Join('\n', script);
    }

    private string Reader() => $$"""
        {{Script}}
        while (-not (Test-Path '{{_processes["all ran"]}}')) {
            $tasks = @(Get-ClaudeTask)
            if ($tasks) { $null = $tasks | Get-Random -Count 5 | Receive-ClaudeTask }
        }
        """;

    /// <summary>What the sessions printed. One that met an error of any kind has another exit code.</summary>
    private static async Task<IEnumerable<string>> EndedWellAsync(List<Task<(int ExitCode, string Output)>> sessions)
    {
        var results = await Task.WhenAll(sessions);
        Assert.All(results, result => Assert.True(result.ExitCode == 0, result.Output));
        return results.Select(result => result.Output);
    }

    /// <summary>Each task is in the repository alone, and they come in the order of their numbers. Returns how many came.</summary>
    private static int CheckLedger(string ledger, Dictionary<string, ClaudeTask> tasks)
    {
        var lines = File.ReadAllLines(ledger);
        var begun = lines.Where((_, i) => i % 2 == 0).ToList();
        Assert.Equal(begun.SelectMany(line => new[] { line, line.Replace("begin", "end", StringComparison.Ordinal) }), lines);
        var order = begun.Select(line => tasks[line.Split(' ')[1]].Id).ToList();
        Assert.Equal(order.Order(), order);
        return order.Count;
    }

    private void AssertStoreIsWhole(IEnumerable<ClaudeTask> tasks)
    {
        foreach (var task in tasks)
        {
            var events = _processes.Engine.ReadEvents(task.Id, [], default).Select(item => item.Seq).ToList();
            Assert.Equal(Enumerable.Range(1, events.Count), events);
        }

        Assert.Equal("ok", StoreFixture.Scalar(_processes.StorePath, "PRAGMA integrity_check"));
        Assert.Equal(0L, StoreFixture.Scalar(_processes.StorePath, "SELECT count(*) FROM leases"));
        Until.True(() => StoreFixture.Scalar(_processes.StorePath, "SELECT count(*) FROM workers") is 0L, "the workers have ended");
    }
}
