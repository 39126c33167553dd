using ClaudeTasks.Model;
using ClaudeTasks.Review;
using ClaudeTasks.Store;
using ClaudeTasks.Tests.Support;

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
}
