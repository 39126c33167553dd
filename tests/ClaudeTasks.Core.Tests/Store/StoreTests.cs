using ClaudeTasks.Model;
using ClaudeTasks.Store;
using ClaudeTasks.Tests.Support;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Tests;

public sealed class StoreTests : IDisposable
{
    private readonly StoreFixture _store = new();

    [Fact]
    public void A_new_store_is_its_users_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A profile folder is closed to others already.");
        StoreFixture.AddTask(_store.Open());

        Assert.Equal("700", UnixMode.Of(_store.Home));
        Assert.All(Directory.GetDirectories(_store.Home), folder => Assert.Equal("700", UnixMode.Of(folder)));
        Assert.All(Directory.GetFiles(_store.Home), file => Assert.Equal("600", UnixMode.Of(file)));
        Assert.Equal(3, Directory.GetFiles(_store.Home, "tasks.db*").Length);
    }

    [Fact]
    public void A_store_that_others_could_read_is_closed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix modes.");
        _store.Open().Dispose();
        UnixMode.Set(_store.Home, "755");
        UnixMode.Set(_store.DatabasePath, "644");

        _store.Open();

        Assert.Equal("700", UnixMode.Of(_store.Home));
        Assert.Equal("600", UnixMode.Of(_store.DatabasePath));
    }

    [Fact]
    public void An_open_folder_with_other_things_in_it_is_refused_and_stays_as_it_is()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix modes.");
        Directory.CreateDirectory(_store.Home);
        UnixMode.Set(_store.Home, "755");
        File.WriteAllText(Path.Combine(_store.Home, "photo.jpg"), "x");

        var error = Assert.Throws<ClaudeTaskException>(_store.Open);

        Assert.Equal(ClaudeTaskErrorId.StoreUnusable, error.ErrorId);
        Assert.Equal("755", UnixMode.Of(_store.Home));
        Assert.Equal(["photo.jpg"], Directory.EnumerateFileSystemEntries(_store.Home).Select(Path.GetFileName));
    }

    [Fact]
    public void A_store_of_a_newer_version_is_refused_and_left_byte_for_byte()
    {
        StoreFixture.AddTask(_store.Open());
        _store.Open().Write(connection => connection.Execute("PRAGMA user_version = 99"));
        _store.CloseAll();
        var before = File.ReadAllBytes(_store.DatabasePath);

        var error = Assert.Throws<ClaudeTaskException>(_store.Open);

        Assert.Equal(ClaudeTaskErrorId.StoreTooNew, error.ErrorId);
        Assert.Contains("99", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(_store.DatabasePath));
        Assert.Empty(Directory.GetFiles(_store.Home, "*.backup"));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(100)]
    [InlineData(5000)]
    public void A_file_that_is_no_database_is_refused_and_left_alone(int length)
    {
        Directory.CreateDirectory(_store.Home);
        var content = Enumerable.Range(0, length).Select(i => (byte)(i * 7)).ToArray();
        File.WriteAllBytes(_store.DatabasePath, content);

        var error = Assert.Throws<ClaudeTaskException>(_store.Open);

        Assert.Equal(ClaudeTaskErrorId.StoreCorrupt, error.ErrorId);
        Assert.Equal(content, File.ReadAllBytes(_store.DatabasePath));
        Assert.Equal(["tasks.db"], Directory.GetFiles(_store.Home).Select(Path.GetFileName));
    }

    [Fact]
    public void A_home_that_is_a_file_is_refused()
    {
        File.WriteAllText(_store.Home, "x");

        Assert.Equal(ClaudeTaskErrorId.StoreUnusable, Assert.Throws<ClaudeTaskException>(_store.Open).ErrorId);
    }

    [Fact]
    public void A_migration_runs_the_missing_steps_and_keeps_a_copy_of_what_was()
    {
        var path = _store.Folder["old.db"];
        string[] steps =
        [
            "CREATE TABLE a (x); INSERT INTO a VALUES (1)", "ALTER TABLE a ADD COLUMN y; INSERT INTO a VALUES (2, 3)", "CREATE TABLE b (z)"
        ];
        Apply(path, steps[..1]);

        Apply(path, steps);

        Assert.Equal(3L, StoreFixture.Scalar(path, "PRAGMA user_version"));
        Assert.Equal(2L, StoreFixture.Scalar(path, "SELECT count(*) FROM a"));
        Assert.Equal(0L, StoreFixture.Scalar(path, "SELECT count(*) FROM b"));
        Assert.Equal(1L, StoreFixture.Scalar(path + ".v1.backup", "PRAGMA user_version"));
        Assert.Equal(1L, StoreFixture.Scalar(path + ".v1.backup", "SELECT count(*) FROM a"));
    }

    [Fact]
    public void A_migration_that_fails_changes_nothing()
    {
        var path = _store.Folder["old.db"];
        Apply(path, ["CREATE TABLE a (x)"]);

        Assert.Throws<SqliteException>(() => Apply(path, ["CREATE TABLE a (x)", "CREATE TABLE b (z)", "CREATE TABLE a (again)"]));

        Assert.Equal(1L, StoreFixture.Scalar(path, "PRAGMA user_version"));
        Assert.Equal(0L, StoreFixture.Scalar(path, "SELECT count(*) FROM sqlite_master WHERE name = 'b'"));
    }

    [Fact]
    public void Many_processes_may_open_a_new_store_at_once()
    {
        // A worker that nobody asked for opens the store, finds nothing to do and ends.
        using var front = new FrontEnd(_store.Home);
        var processes = Enumerable.Range(0, 6).Select(_ => front.Start(["worker", Guid.NewGuid().ToString()])).ToList();

        Assert.All(processes, process => Assert.Equal((0, ""), (process.WaitForExit(), process.Error)));
        Assert.Equal("wal", StoreFixture.Scalar(_store.DatabasePath, "PRAGMA journal_mode"));
        StoreFixture.AddTask(_store.Open());
        Assert.Empty(Directory.GetFiles(Path.Combine(_store.Home, "workers")));
    }

    [Fact]
    public void A_session_takes_its_tasks_and_their_events_with_it_and_no_others()
    {
        var database = _store.Open();
        var (gone, kept) = (StoreFixture.AddTask(database, session: "gone"), StoreFixture.AddTask(database, session: "kept"));
        database.Write(connection => EventLog.Append(connection, gone, new EventDraft(ClaudeTaskEventKind.Message, "hello")));

        database.Write(connection => connection.Execute("DELETE FROM sessions WHERE name = 'gone'"));

        Assert.Null(database.Read(connection => TaskTable.Find(connection, gone)));
        Assert.Empty(StoreFixture.Events(database, gone));
        Assert.Single(StoreFixture.Events(database, kept));
        Assert.Equal(1L, database.Read(connection => connection.Scalar("SELECT count(*) FROM events")));
    }

    [Fact]
    public void The_number_of_a_removed_task_is_never_given_again()
    {
        var database = _store.Open();
        var first = StoreFixture.AddTask(database);
        database.Write(connection => connection.Execute("DELETE FROM tasks"));

        Assert.True(StoreFixture.AddTask(database) > first);
    }

    [Fact]
    public async Task Of_two_who_end_a_task_at_once_exactly_one_does()
    {
        var (first, second) = (_store.Open(), _store.Open());
        for (var round = 0; round < 20; round++)
        {
            var task = StoreFixture.AddTask(first);
            var both = new Barrier(2);
            bool Move(Database database, ClaudeTaskStatus to)
            {
                both.SignalAndWait();
                return database.Write(connection => TaskTable.Move(connection, task, ClaudeTaskStatus.Pending, to));
            }

            var won = await Task.WhenAll(
                Task.Run(() => Move(first, ClaudeTaskStatus.Cancelled)), Task.Run(() => Move(second, ClaudeTaskStatus.Failed)));

            Assert.Single(won, result => result);
            Assert.Equal(
                won[0] ? ClaudeTaskStatus.Cancelled : ClaudeTaskStatus.Failed,
                first.Read(connection => TaskTable.Find(connection, task))!.Task.Status);
            Assert.Equal(2, StoreFixture.Events(first, task).Count);
        }
    }

    [Fact]
    public void A_move_that_is_not_in_the_table_is_refused_and_changes_nothing()
    {
        var database = _store.Open();
        var task = StoreFixture.AddTask(database);

        Assert.Throws<InvalidOperationException>(() => database.Write(connection =>
            TaskTable.Move(connection, task, ClaudeTaskStatus.Pending, ClaudeTaskStatus.Completed)));
        Assert.Throws<InvalidOperationException>(() => database.Write(connection =>
            TaskTable.Move(connection, task, ClaudeTaskStatus.Failed, ClaudeTaskStatus.Pending)));

        Assert.Equal(ClaudeTaskStatus.Pending, database.Read(connection => TaskTable.Find(connection, task))!.Task.Status);
        Assert.Single(StoreFixture.Events(database, task));
    }

    public void Dispose() => _store.Dispose();

    private static void Apply(string path, string[] steps)
    {
        SQLitePCL.Batteries_V2.Init();
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        new Schema(steps).Apply(connection, path, _ => false);
    }
}
