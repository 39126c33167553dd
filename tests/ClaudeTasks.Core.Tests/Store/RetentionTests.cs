using ClaudeTasks.Model;
using ClaudeTasks.Store;
using ClaudeTasks.Tests.Support;

namespace ClaudeTasks.Tests;

public sealed class RetentionTests : IDisposable
{
    private readonly EngineFixture _engine = new();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void A_worker_that_ends_removes_the_tasks_that_ended_long_ago_and_no_others()
    {
        var old = _engine.Run(Simulated.Steps(Simulated.Write("a.txt", "a")));
        _engine.Engine.Approve(old.Id, null, _ => true, force: false);
        var young = _engine.Run(Simulated.Steps());
        var waiting = _engine.Run(Simulated.Steps(Simulated.Write("b.txt", "b")));
        Age(30, old.Id, waiting.Id);
        Age(29, young.Id);
        Set(ClaudeTaskOptionName.RetainDays, 30);

        RunWorker();

        Assert.Equal([young.Id, waiting.Id], Ids());
        Assert.False(Directory.Exists(Path.Combine(_engine.Home, "objects", old.TaskId.ToString())));
        Assert.Equal("a", File.ReadAllText(_engine.Repository["a.txt"]));
        _engine.Engine.Reject(waiting.Id, null, _ => true);
    }

    [Fact]
    public void Nothing_is_removed_that_nobody_asked_for()
    {
        var task = _engine.Run(Simulated.Steps());
        Age(10_000, task.Id);

        RunWorker();

        Assert.Contains(task.Id, Ids());
    }

    [Fact]
    public void Events_go_and_the_record_the_diff_and_the_cost_stay()
    {
        var old = _engine.Run(Simulated.Steps(Simulated.Says("Hello."), Simulated.Write("a.txt", "a")));
        old = _engine.Engine.Approve(old.Id, null, _ => true, force: false);
        var young = _engine.Run(Simulated.Steps(Simulated.Says("Hello.")));
        Age(7, old.Id);
        var kept = _engine.Engine.Get(old.Id);
        Set(ClaudeTaskOptionName.RetainEventDays, 7);

        RunWorker();

        Assert.Contains("RetainEventDays", Assert.Single(_engine.Texts(old.Id)), StringComparison.Ordinal);
        Assert.Contains("Hello.", _engine.Texts(young.Id));
        Assert.Equal(kept with { DeniedTools = [] }, _engine.Engine.Get(old.Id) with { DeniedTools = [] });
        Assert.NotNull(kept.CostUsd);
        Assert.Equal("a.txt", Assert.Single(_engine.Engine.GetChanges(old.Id)).Path);
    }

    [Fact]
    public void What_was_removed_once_is_not_looked_at_again()
    {
        var old = _engine.Run(Simulated.Steps());
        Age(7, old.Id);
        Set(ClaudeTaskOptionName.RetainEventDays, 7);
        RunWorker();
        var first = Assert.Single(_engine.Events(old.Id));
        MakeDue();

        RunWorker();

        Assert.Equal((first.Seq, first.Time), (_engine.Events(old.Id)[0].Seq, _engine.Events(old.Id)[0].Time));
    }

    [Fact]
    public void Sequence_numbers_go_on_after_the_events_were_removed()
    {
        var task = _engine.Run(Simulated.Steps(Simulated.Says("Hello."), Simulated.Write("a.txt", "a")));
        _engine.Engine.Approve(task.Id, null, _ => true, force: false);
        var last = _engine.Events(task.Id)[^1].Seq;
        Age(7, task.Id);
        Set(ClaudeTaskOptionName.RetainEventDays, 7);

        RunWorker();
        _engine.Engine.Undo(task.Id);

        var after = _engine.Engine.ReadEvents(task.Id, [], default).Where(item => item.Seq > last).ToList();
        Assert.Equal(Enumerable.Range(last + 1, after.Count), after.Select(item => item.Seq));
        Assert.Contains("RetainEventDays", after[0].Text, StringComparison.Ordinal);
        Assert.Equal(after.Select(item => item.Seq), _engine.Events(task.Id).Select(item => item.Seq));
    }

    [Fact]
    public void A_worker_that_ends_deletes_the_files_of_a_task_whose_removal_was_cut_off()
    {
        var task = _engine.Run(_engine.Request(Simulated.Steps(Simulated.Write("a.txt", "a"))) with { Worktree = true });
        using (var database = Database.Open(StoreFixture.InHome(_engine.Home, StoreLocation.Prepare)))
        {
            // As a process does that dies behind its transaction.
            Assert.True(database.Write(connection => TaskTable.Remove(connection, TaskTable.Find(connection, task.Id)!)));
        }

        Assert.True(Directory.Exists(task.Worktree));
        Assert.True(Directory.Exists(ObjectsOf(task)));

        RunWorker();

        Assert.False(Directory.Exists(task.Worktree));
        Assert.False(Directory.Exists(ObjectsOf(task)));
        Assert.DoesNotContain(
            task.Branch!, _engine.Repository.Git("branch", "--list", "--format=%(refname:short)"), StringComparison.Ordinal);
        Assert.Equal(0L, StoreFixture.Scalar(_engine.Engine.Store.Path, "SELECT count(*) FROM leftovers"));
    }

    [Fact]
    public void Old_folders_of_objects_without_a_task_are_deleted_and_all_others_kept()
    {
        using var store = new StoreFixture();
        var database = store.Open();
        var location = store.Prepare();
        var id = StoreFixture.AddTask(database);
        var task = database.Read(connection => TaskTable.Find(connection, id))!.Task.TaskId;
        var (old, young) = (Guid.NewGuid(), Guid.NewGuid());
        string[] folders =
        [
            location.ObjectsPath(task), location.ObjectsPath(old), location.ObjectsPath(young), Path.Combine(location.ObjectsFolder, "mine")
        ];
        foreach (var folder in folders)
        {
            File.WriteAllText(Path.Combine(Directory.CreateDirectory(folder).FullName, "object"), "");
            Directory.SetLastWriteTimeUtc(
                folder, DateTime.UtcNow.AddDays(folder.EndsWith(young.ToString(), StringComparison.Ordinal) ? -6 : -8));
        }

        Leftovers.Sweep(database, location);

        Assert.Equal(
            folders.Where(folder => folder != location.ObjectsPath(old)).Order(), Directory.GetDirectories(location.ObjectsFolder).Order());
    }

    [Fact]
    public void It_is_done_once_a_day_by_one_of_many()
    {
        using var store = new StoreFixture();
        var databases = Enumerable.Range(0, 4).Select(_ => store.Open()).ToList();
        var now = DateTime.UtcNow;

        Assert.Single(
            databases.AsParallel().Select(database => database.Write(connection => RetentionTable.Claim(connection, now))).ToList(),
            won => won);

        bool Claim(DateTime at) => databases[0].Write(connection => RetentionTable.Claim(connection, at));
        Assert.False(Claim(now.AddHours(23)));
        Assert.True(Claim(now.AddHours(24)));
        Assert.True(Claim(now), "a turn that was taken under a wrong clock holds nobody up");
    }

    [Fact]
    public void A_work_tree_in_which_somebody_works_keeps_its_task()
    {
        var task = _engine.Run(_engine.Request(Simulated.Steps(Simulated.Write("a.txt", "a"))) with { Worktree = true });
        _engine.Engine.RequestStop(task.Id);
        File.WriteAllText(Path.Combine(task.Worktree!, "mine.txt"), "mine");
        var plain = _engine.Run(Simulated.Steps());
        Age(30, task.Id, plain.Id);
        Set(ClaudeTaskOptionName.RetainDays, 30);

        RunWorker();

        Assert.Equal([task.Id], Ids());
        Assert.True(File.Exists(Path.Combine(task.Worktree!, "mine.txt")));
        _engine.Engine.Remove(task.Id, force: true);
    }

    [Fact]
    public void The_store_gets_smaller()
    {
        using var store = new StoreFixture();
        var database = store.Open();
        var task = StoreFixture.AddTask(database);
        var line = new byte[100_000];
        Random.Shared.NextBytes(line);
        database.Write(connection => EventLog.Append(
            connection, task, [.. Enumerable.Range(0, 200).Select(_ => new EventDraft(ClaudeTaskEventKind.Message, "x", line))]));
        var kept = StoreFixture.AddTask(database);
        Compaction.Run(database, () => false);
        var before = new FileInfo(store.DatabasePath).Length;

        database.Write(connection => connection.Execute("DELETE FROM tasks WHERE id = $id", ("$id", task)));
        Compaction.Run(database, () => false);

        Assert.InRange(before, 20_000_000, 30_000_000);
        Assert.InRange(new FileInfo(store.DatabasePath).Length, 1, 1_000_000);
        Assert.Single(StoreFixture.Events(database, kept));
        Assert.Equal("ok", database.Read(connection => connection.Scalar("PRAGMA integrity_check")));
    }

    [Fact]
    public void Old_tasks_that_ended_are_found_oldest_first()
    {
        var first = _engine.Run(Simulated.Steps());
        var failed = _engine.Run(Simulated.Steps("""{"exit":9}"""));
        _engine.Run(Simulated.Steps());
        Age(3, first.Id, failed.Id);

        Assert.Equal([first.Id, failed.Id], _engine.Engine.Tasks.FindEnded(DateTime.UtcNow.AddDays(-2)));
        Assert.Empty(_engine.Engine.Tasks.FindEnded(DateTime.UtcNow.AddDays(-4)));
    }

    [Fact]
    public void What_a_waiting_task_needs_is_kept_until_that_has_ended()
    {
        var (before, conversation) = (_engine.Run(Simulated.Steps()), _engine.Run(Simulated.Steps()));
        Age(3, before.Id, conversation.Id);
        var tomorrow = new StartCondition { NotBefore = DateTime.UtcNow.AddDays(1) };
        var waiting = _engine.Start(_engine.Request(Simulated.Steps()) with { Start = tomorrow with { DependsOn = [before.Id] } });
        var goesOn = _engine.Start(_engine.Request(Simulated.Steps()) with { Start = tomorrow, Continues = conversation.Id });

        Assert.Empty(_engine.Engine.Tasks.FindEnded(DateTime.UtcNow.AddDays(-2)));

        _engine.Engine.RequestStop(waiting.Id);
        _engine.Engine.RequestStop(goesOn.Id);
        Assert.Equal([before.Id, conversation.Id], _engine.Engine.Tasks.FindEnded(DateTime.UtcNow.AddDays(-2)));
    }

    /// <summary>A task of another repository, whose worker has ended when this returns; it takes itself out of the store last.</summary>
    private void RunWorker()
    {
        var other = new TestRepository(_engine[Guid.NewGuid().ToString()]);
        var task = _engine.Run(Simulated.Steps(), repository: other.Root);
        Until.True(() => Directory.GetFiles(Path.Combine(_engine.Home, "workers")).Length == 0, "the worker has ended");
        _engine.Engine.Remove(task.Id);
    }

    private string ObjectsOf(ClaudeTask task) => Path.Combine(_engine.Home, "objects", task.TaskId.ToString());

    private List<int> Ids() => [.. _engine.Engine.Query(new TaskQuery()).Select(task => task.Id)];

    private void Set(ClaudeTaskOptionName name, object value) =>
        _engine.Engine.Settings.SetOptions(new Dictionary<ClaudeTaskOptionName, object?> { [name] = value });

    private void Age(int days, params int[] tasks)
    {
        var time = DateTime.UtcNow.AddDays(-days).AddMinutes(-1).ToStoreTime();
        Change($"UPDATE tasks SET updated_at = {time} WHERE id IN ({string.Join(',', tasks)})");
    }

    private void MakeDue() => Change("UPDATE retention SET last_run = 0");

    private void Change(string sql)
    {
        using var database = Database.Open(StoreFixture.InHome(_engine.Home, StoreLocation.Prepare));
        database.Write(connection => connection.Execute(sql));
    }
}
