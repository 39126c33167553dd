using ClaudeTasks.Model;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests.Faults;

/// <summary>
/// Many readers of one task while its turns run, while it is decided, and while it is removed: nobody changes what another sees.
/// </summary>
public sealed class ReaderTests : IDisposable
{
    private readonly EngineFixture _engine = new();

    private TestRepository Repository => _engine.Repository;

    [Fact]
    public async Task Readers_change_neither_the_base_nor_the_result_of_a_task_whatever_happens_to_it_meanwhile()
    {
        for (var i = 0; i < 40; i++)
        {
            Repository.Write($"tracked/{i}", $"{i}\n");
        }

        Repository.Commit("Base");
        Repository.Write("untracked.txt", "mine\n");
        for (var round = 0; round < LongMode.Of(2, 14); round++)
        {
            await RunRoundAsync();
        }
    }

    [Fact]
    public async Task A_reader_of_a_task_that_is_removed_gets_its_changes_or_a_clear_error()
    {
        var task = RunTask();
        using var stop = new CancellationTokenSource();
        var readers = StartReaders(task.Id, stop.Token);
        Until.True(() => readers.Results.Count > 4, "the readers have begun");

        _engine.Engine.Remove(task.Id, force: true);

        Until.True(() => readers.Errors.Contains(ClaudeTaskErrorId.TaskNotFound), "a reader has seen that the task is gone");
        await stop.CancelAsync();
        await readers.Ended;
        Assert.All(readers.Errors, id => Assert.Contains(id, new[] { ClaudeTaskErrorId.TaskNotFound, ClaudeTaskErrorId.GitFailed }));
        Assert.All(readers.Results, files => Assert.Equal("", files));
    }

    public void Dispose() => _engine.Dispose();

    private async Task RunRoundAsync()
    {
        var before = RepositoryState.Of(Repository);
        var task = RunTask();
        var baseTree = Column(task.Id, "base_tree");
        using var stop = new CancellationTokenSource();
        var readers = StartReaders(task.Id, stop.Token);
        Until.True(() => readers.Results.Count > 4, "the readers have begun");

        _engine.Engine.Say(task.Id, Steps(Write("c.txt", "c\n")), new WorkerHost.InProcess());
        Assert.Equal(ClaudeTaskStatus.WaitingApproval, _engine.Settled(task.Id).Status);

        Assert.Equal(baseTree, Column(task.Id, "base_tree"));
        Assert.Equal(["a.txt", "b.txt", "c.txt"], _engine.Engine.GetChanges(task.Id).Select(change => change.Path).Order());
        _engine.Engine.Approve(task.Id, null, path => path == "a.txt", force: false);
        _engine.Engine.Undo(task.Id);
        _engine.Engine.Reject(task.Id, null, _ => true);
        await stop.CancelAsync();
        await readers.Ended;

        RepositoryState.AssertSame(before, RepositoryState.Of(Repository));
        Assert.All(readers.Errors, id => Assert.Equal(ClaudeTaskErrorId.DiffNotAvailable, id));
    }

    private ClaudeTask RunTask() => _engine.Run(
        _engine.Request(Steps(Write("a.txt", "a\n"), Write("b.txt", "b\n"))) with { AllowDirty = true });

    /// <summary>Four loops, of which two have an engine of their own, as another process has.</summary>
    private (List<string> Results, List<ClaudeTaskErrorId> Errors, Task Ended) StartReaders(int task, CancellationToken stop)
    {
        var (results, errors) = (new List<string>(), new List<ClaudeTaskErrorId>());
        var loops = Enumerable.Range(0, 4).Select(i => Task.Run(
            () =>
            {
                using var own = i % 2 == 0 ? _engine.OpenEngine() : null;
                while (!stop.IsCancellationRequested)
                {
                    try
                    {
                        var files = (own ?? _engine.Engine).GetChanges(task, ClaudeTaskChangeSource.Meanwhile)
                            .Select(change => change.Path);
                        lock (results)
                        {
                            results.Add(string.Join(' ', files));
                        }
                    }
                    catch (ClaudeTaskException e)
                    {
                        lock (results)
                        {
                            errors.Add(e.ErrorId);
                        }
                    }
                }
            },
            CancellationToken.None)).ToArray();
        return (results, errors, Task.WhenAll(loops));
    }

    private string? Column(int task, string name) =>
        StoreFixture.Scalar(_engine.Engine.Store.Path, $"SELECT {name} FROM tasks WHERE id = {task}") as string;
}
