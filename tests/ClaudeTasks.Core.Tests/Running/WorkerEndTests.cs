using ClaudeTasks.Model;
using ClaudeTasks.Tests.Support;
using Microsoft.Data.Sqlite;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests;

/// <summary>What a detached worker leaves behind when its tasks have ended.</summary>
public sealed class WorkerEndTests : IDisposable
{
    private readonly ProcessesFixture _processes = new();

    [Fact]
    public void Whoever_copies_the_stores_one_file_then_has_everything()
    {
        Assert.Equal(0, _processes.Front.StartRun(_processes.Repository.Root, Steps(Says("Said."))).WaitForExit());

        Until.True(
            () =>
            {
                var copy = _processes["copy.db"];
                File.Copy(_processes.StorePath, copy, overwrite: true);
                try
                {
                    return StoreFixture.Scalar(copy, "SELECT status FROM tasks") is "completed"
                        && StoreFixture.Scalar(copy, $"SELECT count(*) FROM events WHERE kind = {(int)ClaudeTaskEventKind.Message}") is 1L;
                }
                catch (SqliteException)
                {
                    return false;
                }
            },
            "the file alone holds the task");
    }

    public void Dispose() => _processes.Dispose();
}
