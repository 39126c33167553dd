using ClaudeTasks.Model;
using ClaudeTasks.Store;
using ClaudeTasks.Tests.Support;
using Microsoft.Data.Sqlite;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests.Faults;

/// <summary>Stores of other versions, and programs of two versions at once.</summary>
public sealed class StoreVersionTests : IDisposable
{
    private readonly StoreFixture _store = new();

    private static readonly string[] NextVersion =
        [FirstSchema.Script, "ALTER TABLE tasks ADD COLUMN something_new TEXT; UPDATE tasks SET something_new = 'from ' || prompt"];

    [Fact]
    public void The_next_version_keeps_all_rows_of_a_store_and_a_copy_of_its_file()
    {
        var task = StoreFixture.AddTask(_store.Open());
        var backup = _store.DatabasePath + ".v1.backup";

        Upgrade(_store.DatabasePath, _ => false);
        Upgrade(_store.DatabasePath, _ => throw new InvalidOperationException("A store that is up to date is not upgraded again."));

        Assert.Equal(2L, StoreFixture.Scalar(_store.DatabasePath, "PRAGMA user_version"));
        Assert.Equal("from Do it", StoreFixture.Scalar(_store.DatabasePath, $"SELECT something_new FROM tasks WHERE id = {task}"));
        Assert.Equal("Pending", StoreFixture.Scalar(_store.DatabasePath, "SELECT text FROM events"));
        Assert.Equal(1L, StoreFixture.Scalar(backup, "PRAGMA user_version"));
        Assert.Equal("Do it", StoreFixture.Scalar(backup, $"SELECT prompt FROM tasks WHERE id = {task}"));
        Assert.Equal(0L, StoreFixture.Scalar(backup, "SELECT count(*) FROM pragma_table_info('tasks') WHERE name = 'something_new'"));
    }

    [Fact]
    public void This_version_refuses_a_store_of_the_next_one_and_leaves_it_alone()
    {
        StoreFixture.AddTask(_store.Open());
        Upgrade(_store.DatabasePath, _ => false);

        Assert.Equal(ClaudeTaskErrorId.StoreTooNew, Assert.Throws<ClaudeTaskException>(_store.Open).ErrorId);

        Assert.Equal(2L, StoreFixture.Scalar(_store.DatabasePath, "PRAGMA user_version"));
        Assert.Equal("from Do it", StoreFixture.Scalar(_store.DatabasePath, "SELECT something_new FROM tasks"));
    }

    [Fact]
    public void A_store_at_which_an_older_version_works_is_left_alone_until_that_has_ended()
    {
        using var processes = new ProcessesFixture();
        var run = processes.Front.StartRun(
            processes.Repository.Root, Steps(Write("a.txt", "a\n"), Pause(processes["reached"], processes["go on"])));
        processes.Reach("reached");

        var error = Assert.Throws<ClaudeTaskException>(() => Upgrade(processes));

        Assert.Equal(ClaudeTaskErrorId.StoreBusy, error.ErrorId);
        Assert.Equal((long)Schema.Current.Version, StoreFixture.Scalar(processes.StorePath, "PRAGMA user_version"));
        File.WriteAllText(processes["go on"], "");
        Assert.Equal(0, run.WaitForExit());
        Until.True(
            () => Directory.GetFiles(Path.Combine(Path.GetDirectoryName(processes.StorePath)!, "workers")).Length == 0,
            "the worker has ended");

        Upgrade(processes);

        var late = processes.Front.StartRun(processes.Repository.Root, Steps());
        Assert.Equal(ExitCodeOfAnError, late.WaitForExit());
        Assert.Contains("newer ClaudeTasks", late.Error, StringComparison.Ordinal);
        Assert.Equal(1L, StoreFixture.Scalar(processes.StorePath, "SELECT count(*) FROM tasks"));
        StoreFixture.Scalar(processes.StorePath, $"PRAGMA user_version = {Schema.Current.Version}");
    }

    [Fact]
    public void A_worker_whose_store_became_a_newer_one_ends_its_agent_and_leaves_the_files()
    {
        using var processes = new ProcessesFixture();
        var run = processes.Front.StartRun(
            processes.Repository.Root,
            Steps(Write("half.txt", "half\n"), Pause(processes["reached"], processes["go on"]), Says("more"), """{"hang":true}"""));
        processes.Reach("reached");
        var task = processes.Engine.Get(1);

        // As if nobody had looked whether it lives.
        Upgrade(processes, isInUse: false);
        File.WriteAllText(processes["go on"], "");

        Assert.Equal(ExitCodeOfAnError, run.WaitForExit());
        Assert.Contains("newer ClaudeTasks", run.Error, StringComparison.Ordinal);
        Until.True(() => ProcessesFixture.Bearers(task).Count == 0, "the agent is gone");
        Assert.Equal("half\n", File.ReadAllText(processes.Repository["half.txt"]));
        Assert.Equal(ClaudeTaskErrorId.StoreTooNew, Assert.Throws<ClaudeTaskException>(processes.Engine.RecoverLostTasks).ErrorId);
        StoreFixture.Scalar(processes.StorePath, $"PRAGMA user_version = {Schema.Current.Version}");
        Assert.Contains("newer ClaudeTasks", processes.Settled(1).ReasonText, StringComparison.Ordinal);
    }

    public void Dispose() => _store.Dispose();

    private const int ExitCodeOfAnError = 2;

    private static void Upgrade(ProcessesFixture processes, bool isInUse = true)
    {
        var location = StoreFixture.InHome(Path.GetDirectoryName(processes.StorePath)!, StoreLocation.Find);
        Upgrade(processes.StorePath, connection => isInUse && WorkerTable.IsAnyAlive(connection, location));
    }

    /// <summary>Opens a store as a made-up next version does.</summary>
    private static void Upgrade(string path, Func<SqliteConnection, bool> isInUse)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        Database.AddFunctions(connection);
        new Schema(NextVersion).Apply(connection, path, isInUse);
    }
}
