using ClaudeTasks.Model;
using ClaudeTasks.Store;
using ClaudeTasks.Tests.Support;

namespace ClaudeTasks.Tests;

public sealed class SessionTests : IDisposable
{
    private readonly EngineFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void A_new_session_has_no_tasks_and_names_the_root_of_its_repository()
    {
        _fixture.Repository.Write("src/a.txt", "a");

        var session = _fixture.Engine.CreateSession("Release 2.0", _fixture.Repository["src"]);

        Assert.Equal(("Release 2.0", _fixture.Repository.Root, 0), (session.Name, session.Repository, session.TaskCount));
        Assert.Equal((0m, TimeSpan.Zero, session.CreatedAt), (session.CostUsd, session.Duration, session.LastActivity));
        Assert.Equal([session], _fixture.Engine.GetSessions());
        Assert.Empty(_fixture.Engine.GetSessionTasks("Release 2.0", session.Repository));
    }

    [Fact]
    public void A_session_sums_up_its_tasks_by_outcome()
    {
        var done = _fixture.Run(Simulated.Steps(Simulated.Says("Hello.")));
        var failed = _fixture.Run(Simulated.Steps("""{"exit":9}"""));
        var waiting = _fixture.Run(Simulated.Steps(Simulated.Write("a.txt", "a")));
        var queued = _fixture.Start("Queued");

        var session = Assert.Single(_fixture.Engine.GetSessions());

        Assert.Equal((4, 1, 1, 2, 0), (session.TaskCount, session.Completed, session.Failed, session.Waiting, session.Running));
        Assert.Equal(done.CostUsd + (failed.CostUsd ?? 0) + waiting.CostUsd, session.CostUsd);
        Assert.Equal(done.Duration + failed.Duration + waiting.Duration, session.Duration);
        Assert.Equal(queued.UpdatedAt, session.LastActivity);
        Assert.Equal([done.Id, failed.Id, waiting.Id, queued.Id], _fixture.Engine.GetSessionTasks("work", session.Repository));
    }

    [Fact]
    public void Two_repositories_can_each_have_a_session_of_one_name()
    {
        var other = new TestRepository(_fixture["other"]);
        _fixture.Engine.CreateSession("work", _fixture.Repository.Root);
        _fixture.Engine.CreateSession("work", other.Root);

        Assert.Equal(2, _fixture.Engine.GetSessions().Count);
        Assert.Equal(other.Root, Assert.Single(_fixture.Engine.GetSessions(other.Root)).Repository);
    }

    [Theory]
    [InlineData("work")]
    [InlineData("WORK")]
    public void A_name_is_taken_whatever_its_case(string name)
    {
        var root = _fixture.Repository.Root;
        _fixture.Engine.CreateSession("work", root);
        _fixture.Engine.CreateSession("other", root);

        Assert.Equal(ClaudeTaskErrorId.SessionExists, Error(() => _fixture.Engine.CreateSession(name, root)).ErrorId);
        Assert.Equal(ClaudeTaskErrorId.SessionExists, Error(() => _fixture.Engine.RenameSession("other", root, name)).ErrorId);
        Assert.Equal(2, _fixture.Engine.GetSessions().Count);
    }

    [Fact]
    public void A_task_joins_the_session_of_its_name_whatever_the_case()
    {
        _fixture.Engine.CreateSession("Work", _fixture.Repository.Root);

        Assert.Equal("Work", _fixture.Run(Simulated.Steps(Simulated.Says("Hello."))).Session);
    }

    [Fact]
    public void A_renamed_session_keeps_its_tasks()
    {
        var task = _fixture.Run(Simulated.Steps(Simulated.Says("Hello.")));

        _fixture.Engine.RenameSession("work", task.Repository, "Work");
        var renamed = _fixture.Engine.RenameSession("Work", task.Repository, "Release 2.0");

        Assert.Equal("Release 2.0", renamed.Name);
        Assert.Equal("Release 2.0", _fixture.Engine.Get(task.Id).Session);
        Assert.Equal(ClaudeTaskErrorId.SessionNotFound, Error(() => _fixture.Engine.GetSessionTasks("work", task.Repository)).ErrorId);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void A_blank_name_is_refused(string name)
    {
        _fixture.Engine.CreateSession("work", _fixture.Repository.Root);

        Assert.Equal(ClaudeTaskErrorId.InvalidArgument, Error(() => _fixture.Engine.CreateSession(name, _fixture.Repository.Root)).ErrorId);
        Assert.Equal(
            ClaudeTaskErrorId.InvalidArgument, Error(() => _fixture.Engine.RenameSession("work", _fixture.Repository.Root, name)).ErrorId);
    }

    [Fact]
    public void A_removed_session_takes_its_tasks_along_and_leaves_the_files()
    {
        var task = _fixture.Run(Simulated.Steps(Simulated.Write("kept.txt", "kept")));
        _fixture.Start("Queued");

        _fixture.Engine.RemoveSession("work", task.Repository);

        Assert.Empty(_fixture.Engine.GetSessions());
        Assert.Empty(_fixture.Engine.Query(new TaskQuery()));
        Assert.True(File.Exists(_fixture.Repository["kept.txt"]));
        Assert.False(_fixture.HoldsLease(task.Id));
    }

    [Fact]
    public void A_session_with_a_task_at_work_is_not_removed()
    {
        var done = _fixture.Run(Simulated.Steps(Simulated.Says("Hello.")));
        var running = _fixture.Start(Simulated.Steps("""{"hang":1}"""));
        Until.True(() => _fixture.Engine.Get(running.Id).Status == ClaudeTaskStatus.Running, "the task runs");

        var error = Error(() => _fixture.Engine.RemoveSession("work", done.Repository));

        Assert.Equal(ClaudeTaskErrorId.TaskStateConflict, error.ErrorId);
        Assert.Contains($"Stop-ClaudeTask {running.Id}", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal(2, Assert.Single(_fixture.Engine.GetSessions()).TaskCount);
    }

    [Fact]
    public void A_session_whose_task_was_moved_meanwhile_is_not_removed_in_part()
    {
        using var store = new StoreFixture();
        var database = store.Open();
        int[] ids = [StoreFixture.AddTask(database), StoreFixture.AddTask(database)];
        var session = database.Read(connection => SessionTable.Read(connection)).Single();
        var tasks = database.Read(connection => TaskTable.OfSession(connection, session.Id));
        database.Write(connection => TaskTable.Move(connection, ids[1], ClaudeTaskStatus.Pending, ClaudeTaskStatus.PreFlight));

        Assert.False(database.Write(connection => SessionTable.Remove(connection, session.Id, tasks)));
        Assert.Equal(ids, database.Read(connection => SessionTable.Tasks(connection, session.Id)).Select(task => task.Id));

        StoreFixture.AddTask(database);
        database.Write(connection => TaskTable.Move(connection, ids[1], ClaudeTaskStatus.PreFlight, ClaudeTaskStatus.Pending));
        Assert.False(database.Write(connection => SessionTable.Remove(connection, session.Id, tasks)));
        Assert.Equal(3, database.Read(connection => SessionTable.Tasks(connection, session.Id)).Count);
    }

    [Fact]
    public void The_session_of_a_repository_that_is_gone_is_found_and_removed()
    {
        var gone = new TestRepository(_fixture["gone"]);
        _fixture.Engine.CreateSession("empty", gone.Root);
        Directory.Delete(gone.Root, recursive: true);

        var session = Assert.Single(_fixture.Engine.GetSessions(gone.Root));
        _fixture.Engine.RemoveSession(session.Name, session.Repository);

        Assert.Empty(_fixture.Engine.GetSessions());
    }

    private static ClaudeTaskException Error(Action action) => Assert.Throws<ClaudeTaskException>(action);
}
