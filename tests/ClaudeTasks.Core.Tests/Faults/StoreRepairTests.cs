using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Store;
using ClaudeTasks.Tests.Support;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Tests.Faults;

/// <summary>A store that is broken: what is told of it, and what is saved.</summary>
public sealed class StoreRepairTests : IDisposable
{
    private const int Tasks = 30;
    private const int EventsOfATask = 40;

    private readonly StoreFixture _store = new();

    private StoreLocation Location => StoreFixture.InHome(_store.Home, StoreLocation.Find);

    [Fact]
    public void Where_there_is_no_store_this_is_told_and_none_is_made()
    {
        var check = Assert.Single(StoreFixture.Check(_store.Home));

        Assert.False(check.Passed);
        Assert.False(Directory.Exists(_store.Home));
        Assert.Equal(
            ClaudeTaskErrorId.StoreUnusable, Assert.Throws<ClaudeTaskException>(() => StoreRepair.Run(Location, NothingOpen)).ErrorId);
    }

    [Fact]
    public void A_good_store_passes_every_check_and_is_left_as_it_is_closed_and_open()
    {
        Fill(_store.Open());
        var files = Files();
        Assert.All(
            StoreFixture.Check(_store.Home), check => Assert.True(check.Passed || check.Name == "Room", $"{check.Name}: {check.Detail}"));
        Assert.Equal(files, Files());

        _store.CloseAll();
        files = Files();
        Assert.Equal(0, new FileInfo(_store.DatabasePath + "-wal").Length);
        Assert.Equal(16, StoreFixture.Check(_store.Home).Count);
        Assert.All(
            StoreFixture.Check(_store.Home), check => Assert.True(check.Passed || check.Name == "Room", $"{check.Name}: {check.Detail}"));
        Assert.Equal(files, Files());
    }

    [Fact]
    public void A_repair_of_a_good_store_loses_nothing()
    {
        Fill(_store.Open());
        _store.CloseAll();
        var before = Dump();

        var repair = StoreRepair.Run(Location, NothingOpen);

        Assert.All(repair.Tables, table => Assert.Equal(0, table.Lost));
        Assert.Empty(repair.Mended);
        Assert.Equal(before, Dump());
        Assert.Equal("wal", StoreFixture.Scalar(_store.DatabasePath, "PRAGMA journal_mode"));
        Assert.Equal("600", UnixMode.Of(_store.DatabasePath) is "" ? "600" : UnixMode.Of(_store.DatabasePath));
        Assert.True(StoreFixture.AddTask(_store.Open()) > Tasks);
    }

    [Fact]
    public void What_is_in_the_log_alone_is_saved_too_and_kept()
    {
        var database = _store.Open();
        Fill(database);
        using var copy = new StoreFixture();
        copy.Prepare();
        File.Copy(_store.DatabasePath, copy.DatabasePath, overwrite: true);
        File.Copy(_store.DatabasePath + "-wal", copy.DatabasePath + "-wal");
        var log = File.ReadAllBytes(copy.DatabasePath + "-wal");

        var repair = StoreRepair.Run(StoreFixture.InHome(copy.Home, StoreLocation.Find), NothingOpen);

        Assert.Equal(Tasks, repair.Tables.Single(table => table.Name == "tasks").Saved);
        Assert.Equal(log, File.ReadAllBytes(repair.KeptAs + "-wal"));
        Assert.False(File.Exists(copy.DatabasePath + "-wal"));
    }

    [Fact]
    public void A_page_of_events_that_cannot_be_read_costs_its_own_rows_only()
    {
        Fill(_store.Open());
        _store.CloseAll();
        var page = Leaf("events", 3);
        StoreFixture.Overwrite(_store.DatabasePath, page, 0);

        Assert.Contains(StoreFixture.Check(_store.Home), check => check is { Name: "Integrity", Passed: false, Fix: not null });
        var repair = StoreRepair.Run(Location, NothingOpen);

        var events = repair.Tables.Single(table => table.Name == "events");
        Assert.InRange(events.Saved, Tasks * EventsOfATask - 100, Tasks * EventsOfATask - 1);
        Assert.Null(events.Lost);
        Assert.All(repair.Tables.Where(table => table.Name != "events"), table => Assert.Equal(0, table.Lost));
        RequireGood();
    }

    [Fact]
    public void Tasks_that_cannot_be_read_are_counted_and_their_events_get_a_stand_in()
    {
        Fill(_store.Open());
        _store.CloseAll();
        StoreFixture.Overwrite(_store.DatabasePath, Leaf("tasks", 1), 0);

        var repair = StoreRepair.Run(Location, NothingOpen);

        var lost = repair.Tables.Single(table => table.Name == "tasks").Lost;
        Assert.InRange(lost!.Value, 1, Tasks - 1);
        Assert.Contains(repair.Mended, text => text.StartsWith($"{lost} task(s) whose record was lost", StringComparison.Ordinal));
        var database = RequireGood();
        Assert.Equal(Tasks, (long)database.Read(connection => connection.Scalar("SELECT count(*) FROM tasks"))!);
        Assert.Equal(Tasks * EventsOfATask, (long)database.Read(connection => connection.Scalar("SELECT count(*) FROM events"))!);
    }

    [Fact]
    public void A_broken_index_loses_nothing()
    {
        Fill(_store.Open());
        _store.CloseAll();
        var before = Dump();
        StoreFixture.Zero(_store.DatabasePath, "tasks_by_session");

        Assert.Contains(StoreFixture.Check(_store.Home), check => check is { Name: "Integrity", Passed: false });
        var repair = StoreRepair.Run(Location, NothingOpen);

        Assert.All(repair.Tables, table => Assert.Equal(0, table.Lost));
        Assert.Equal(before, Dump());
    }

    [Fact]
    public void A_store_that_has_lost_its_end_is_told_and_gives_what_it_has()
    {
        Fill(_store.Open());
        _store.CloseAll();
        using (var stream = new FileStream(_store.DatabasePath, FileMode.Open))
        {
            stream.SetLength(stream.Length / 4096 * 3 / 4 * 4096);
        }

        Assert.Contains(
            StoreFixture.Check(_store.Home),
            check => check is { Name: "Database", Passed: false } && check.Detail.Contains("lost its end", StringComparison.Ordinal));
        var kept = File.ReadAllBytes(_store.DatabasePath);
        var repair = StoreRepair.Run(Location, NothingOpen);

        Assert.Equal(kept, File.ReadAllBytes(repair.KeptAs));
        RequireGood();
    }

    [Fact]
    public void Random_damage_never_does_more_than_it_did()
    {
        Fill(_store.Open());
        _store.CloseAll();
        var good = File.ReadAllBytes(_store.DatabasePath);
        var events = Events().ToHashSet();
        for (var round = 0; round < LongMode.Of(12, 2000); round++)
        {
            var random = new Random(round);
            var bytes = Damage(good, random, out var isContent);
            Array.ForEach(Directory.GetFiles(_store.Home), File.Delete);
            File.WriteAllBytes(_store.DatabasePath, bytes);
            _ = StoreFixture.Check(_store.Home);
            Assert.Equal(bytes, File.ReadAllBytes(_store.DatabasePath));
            try
            {
                var repair = StoreRepair.Run(Location, NothingOpen);
                Assert.Equal(bytes, File.ReadAllBytes(repair.KeptAs));
                RequireGood();

                // What is whole by its form and wrong by its content nobody can tell.
                if (!isContent)
                {
                    Assert.Empty(Events().Except(events).Select(item => $"Round {round}: {item}"));
                }
            }
            catch (ClaudeTaskException e)
            {
                Assert.True(
                    e.ErrorId is ClaudeTaskErrorId.StoreCorrupt or ClaudeTaskErrorId.StoreTooNew,
                    $"Round {round}: {e.ErrorId} {e.Message}");
                Assert.Equal(bytes, File.ReadAllBytes(_store.DatabasePath));
                Assert.Empty(Directory.GetFiles(_store.Home, "*.damaged-*"));
            }
            finally
            {
                _store.CloseAll();
            }
        }
    }

    [Fact]
    public void A_repair_waits_for_nobody_who_is_at_work()
    {
        Fill(_store.Open());
        _store.CloseAll();
        var files = Directory.GetFiles(_store.Home);
        using (LockFile.TryTake(Location.LockPath(Guid.NewGuid())))
        {
            Assert.Equal(
                ClaudeTaskErrorId.StoreBusy, Assert.Throws<ClaudeTaskException>(() => StoreRepair.Run(Location, NothingOpen)).ErrorId);
        }

        Assert.Equal(files, Directory.GetFiles(_store.Home));
        StoreRepair.Run(Location, NothingOpen);
    }

    [Fact]
    public void A_repair_that_was_cut_off_before_its_last_step_is_finished_by_the_next_and_nobody_opens_the_store_before()
    {
        Fill(_store.Open());
        _store.CloseAll();
        File.Copy(_store.DatabasePath, Location.RepairedPath);
        File.WriteAllText(_store.DatabasePath, "broken");
        File.WriteAllText(_store.DatabasePath + "-wal", "the log of the broken one");

        Assert.Contains(
            "Repair-ClaudeTaskStore", Assert.Throws<ClaudeTaskException>(_store.Open).RecommendedAction, StringComparison.Ordinal);
        Assert.False(StoreFixture.Check(_store.Home)[0].Passed);
        StoreRepair.Run(Location, NothingOpen);

        Assert.False(File.Exists(_store.DatabasePath + "-wal"));
        Assert.Equal(Tasks, (long)RequireGood().Read(connection => connection.Scalar("SELECT count(*) FROM tasks"))!);
    }

    [Fact]
    public void Rows_that_contradict_each_other_are_told_and_made_to_fit()
    {
        Fill(_store.Open());
        _store.Open().Write(connection => connection.RunScript(
            """
            INSERT INTO leases SELECT repository_id, id, 0 FROM tasks WHERE id = 1;
            UPDATE tasks SET status = 'completed' WHERE id = 1;
            UPDATE tasks SET status = 'nonsense' WHERE id = 2;
            UPDATE tasks SET settings = '{' WHERE id = 3;
            INSERT INTO stop_requests (task_id, requested_at) VALUES (1, 0);
            INSERT INTO events (key, kind, time, text, raw) VALUES ((99 << 32) + 1, 0, 0, 'nobody''s', NULL);
            """));
        Directory.CreateDirectory(Path.Combine(Location.ObjectsFolder, Guid.NewGuid().ToString()));
        Directory.CreateDirectory(Path.Combine(Location.WorktreesFolder, "5-gone"));
        _store.CloseAll();

        var failed = StoreFixture.Check(_store.Home)
            .Where(check => !check.Passed && check.Name != "Room")
            .ToDictionary(check => check.Name, check => check.Detail);

        Assert.Equal(["Events", "Leases", "Objects", "Tasks", "Worktrees"], failed.Keys.Order());
        Assert.Contains("task 1 has ended and still has its repository", failed["Leases"], StringComparison.Ordinal);
        Assert.Contains("task 2 has a status that does not exist", failed["Tasks"], StringComparison.Ordinal);
        var repair = StoreRepair.Run(Location, NothingOpen);
        Assert.Contains(repair.Mended, text => text.StartsWith("1 lease(s) of tasks that have ended", StringComparison.Ordinal));
        var database = RequireGood();
        Assert.Equal(ClaudeTaskStatus.Failed, database.Read(connection => TaskTable.Find(connection, 3))!.Task.Status);
        Assert.Equal("nobody's", Assert.Single(StoreFixture.Events(database, 99)).Text);
    }

    public void Dispose() => _store.Dispose();

    private static void NothingOpen()
    {
    }

    private static void Fill(Database database)
    {
        var text = new string('e', 150);
        database.Write(connection =>
        {
            var worker = Guid.NewGuid();
            WorkerTable.Add(connection, worker);
            for (var i = 0; i < Tasks; i++)
            {
                var repository = RepositoryTable.GetOrAdd(connection, $"/r{i % 5}/.git");
                var session = SessionTable.GetOrAdd(connection, repository, "work");
                var request =
                    new ClaudeTaskRequest { Prompt = $"Do it {i} {new string('p', 300)}", Repository = $"/r{i % 5}", Session = "work" };
                var task = TaskTable.Insert(
                    connection, request, StoreJson.Write(request), Guid.NewGuid(), $"/r{i % 5}", session, repository, worker);
                var events = Enumerable.Range(2, EventsOfATask - 1)
                    .Select(n => new EventDraft(ClaudeTaskEventKind.Message, $"{text} {n}", n % 10 == 0 ? new byte[9000] : null));
                EventLog.Append(connection, task, [.. events]);
            }
        });
    }

    private static byte[] Damage(byte[] good, Random random, out bool isContent)
    {
        var bytes = good.ToArray();
        var pages = bytes.Length / 4096;
        isContent = false;
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var page = bytes.AsSpan(random.Next(pages) * 4096, 4096);
            switch (random.Next(5))
            {
                case 0:
                    page.Clear();
                    break;
                case 1:
                    random.NextBytes(page);
                    isContent = true;
                    break;
                case 2:
                    random.NextBytes(page[..random.Next(1, 200)]);
                    isContent = true;
                    break;
                case 3:
                    page[random.Next(4096)] ^= (byte)(1 << random.Next(8));
                    isContent = true;
                    break;
                default:
                    bytes = bytes[..random.Next(4096, bytes.Length)];
                    pages = bytes.Length / 4096;
                    isContent |= bytes.Length % 4096 != 0;
                    break;
            }
        }

        return bytes;
    }

    /// <summary>The repaired store opens, and nothing is wrong with it.</summary>
    private Database RequireGood()
    {
        var database = _store.Open();
        Assert.All(
            StoreFixture.Check(_store.Home).Where(check => check.Name is not ("Room" or "Objects" or "Worktrees" or "Workers")),
            check => Assert.True(check.Passed, $"{check.Name}: {check.Detail}"));
        Assert.All(database.Read(connection => connection.Query("SELECT id FROM tasks", reader => reader.GetInt32(0))), id =>
        {
            Assert.NotNull(database.Read(connection => TaskTable.Find(connection, id)));
            Assert.NotNull(StoreFixture.Events(database, id));
        });
        Assert.NotNull(database.Read(WorkerTable.All));
        return database;
    }

    /// <summary>The number of a page that holds rows of a table: one of its root's children.</summary>
    private long Leaf(string table, int child)
    {
        var root = (long)StoreFixture.Scalar(_store.DatabasePath, $"SELECT rootpage FROM sqlite_master WHERE name = '{table}'")!;
        var page = File.ReadAllBytes(_store.DatabasePath).AsSpan((int)(root - 1) * 4096, 4096);
        Assert.Equal(5, page[0]);
        var cell = (page[12 + (2 * child)] << 8) | page[13 + (2 * child)];
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(page[cell..]);
    }

    private List<(string Name, string Content)> Files() =>
        [.. Directory.GetFiles(_store.Home, "*", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith("-shm", StringComparison.Ordinal))
            .Order()
            .Select(file => (file, Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(ReadShared(file)))))];

    private static byte[] ReadShared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Without their raw lines, which may lie on pages of their own.</summary>
    private List<string> Events()
    {
        using var connection = new SqliteConnection($"Data Source={_store.DatabasePath};Pooling=False");
        connection.Open();
        return connection.Query("SELECT concat_ws(' ', key, kind, time, text) FROM events", reader => reader.GetString(0));
    }

    private List<string> Dump()
    {
        using var connection = new SqliteConnection($"Data Source={_store.DatabasePath};Pooling=False");
        connection.Open();
        var tables = connection.Query(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*' ORDER BY name",
            reader => reader.GetString(0));
        return [.. tables.SelectMany(table =>
        {
            var columns = connection.Query(
                "SELECT name FROM pragma_table_info($table)", reader => $"quote({reader.GetString(0)})", ("$table", table));
            return connection.Query(
                $"SELECT '{table}' || concat_ws(',', {string.Join(", ", columns)}) FROM {table} ORDER BY 1", reader => reader.GetString(0));
        })];
    }
}
