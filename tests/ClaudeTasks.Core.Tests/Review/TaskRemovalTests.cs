using ClaudeTasks.Model;
using ClaudeTasks.Review;
using ClaudeTasks.Store;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests;

public sealed class TaskRemovalTests : IDisposable
{
    private readonly StoreFixture _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task Files_that_cannot_be_deleted_stay_noted_and_the_files_of_other_tasks_go()
    {
        var database = _store.Open();
        var location = _store.Prepare();
        var noRepository = Directory.CreateDirectory(_store.Folder["plain"]).FullName;
        Leftover[] leftovers =
        [
            new(Guid.NewGuid(), noRepository, _store.Folder["tree"], "claude-task/1", "aaaa"),
            new(Guid.NewGuid(), noRepository, null, null, null),
        ];
        foreach (var leftover in leftovers)
        {
            Directory.CreateDirectory(location.ObjectsPath(leftover.TaskId));
            database.Write(connection => LeftoverTable.Add(connection, leftover));
        }

        await Assert.ThrowsAsync<ClaudeTaskException>(() => TaskRemoval.DeleteFilesAsync(database, location, leftovers));
        await TaskRemoval.SweepAsync(database, location);

        Assert.Equal(leftovers[0], Assert.Single(database.Read(LeftoverTable.All)));
        Assert.Equal(location.ObjectsPath(leftovers[0].TaskId), Assert.Single(Directory.GetDirectories(location.ObjectsFolder)));
    }

    [Fact]
    public async Task A_cancelled_removal_ends_git_in_a_repository_inside_the_work_tree()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The filter is a command of a Unix shell.");
        using var engine = new EngineFixture();
        var task = engine.Run(engine.Request(Steps(Write("a.txt", "a\n"))) with { Worktree = true });
        var nested = new TestRepository(Path.Combine(task.Worktree!, "nested"));
        nested.Write(".gitattributes", "*.txt filter=slow\n");
        nested.Write("b.txt", "one\n");
        nested.Commit("A file with a filter");
        nested.Git("config", "filter.slow.clean", $"touch '{engine["reached"]}'; sleep 1000");
        nested.Write("b.txt", "two\n");
        using var stop = new CancellationTokenSource();

        var removal = engine.Engine.Tasks.RemoveAsync(task.Id, force: false, stop.Token);
        Until.True(() => File.Exists(engine["reached"]), "git reads the file");
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => removal.WaitAsync(Until.Limit));
        Assert.True(File.Exists(nested["b.txt"]));
        Assert.Equal(ClaudeTaskStatus.WaitingApproval, engine.Engine.Get(task.Id).Status);
    }
}
