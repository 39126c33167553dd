using ClaudeTasks.Git;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Review;
using ClaudeTasks.Store;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests.Support;

/// <summary>A task that waits for a decision, and decisions on it with a token and limits of the test's own.</summary>
internal sealed class ReviewFixture : IDisposable
{
    private readonly Database _database;
    private readonly StoreLocation _location;

    public ReviewFixture()
    {
        Fixture = new EngineFixture();
        _location = StoreFixture.InHome(Fixture.Home, StoreLocation.Prepare);
        _database = Database.Open(_location);
        Fixture.Repository.Write("a.txt", "base\n");
        Fixture.Repository.Commit("Base");
        Fixture.Repository.Write("mine.txt", "mine\n");
    }

    public EngineFixture Fixture { get; }

    public TestRepository Repository => Fixture.Repository;

    /// <summary>The scratch folders of operations.</summary>
    public string Workspaces => _location.WorkspacesFolder;

    public ClaudeTask RunTask(bool worktree = false) => Fixture.Run(
        Fixture.Request(Steps(Write("a.txt", "task\n"), Write("new/b.txt", "new\n"))) with { AllowDirty = !worktree, Worktree = worktree });

    public Task ApproveAsync(int id, HookLimits? hooks = null, CancellationToken cancellation = default) => DecideAsync(
        id,
        review => review.ApproveAsync(
            new ApprovalRequest("Message", _ => true, false, false, false, hooks ?? new HookLimits(TimeSpan.FromMinutes(10)))),
        cancellation);

    public Task RejectAsync(int id, CancellationToken cancellation = default) =>
        DecideAsync(id, review => review.RejectAsync(null, _ => true), cancellation);

    /// <summary>Installs a hook for everything that lies in the repository's own hooks folder.</summary>
    public void Hook(string name, string script)
    {
        Repository.Write($".git/hooks/{name}", "#!/bin/sh\n" + script);
        UnixMode.Set(Repository[$".git/hooks/{name}"], "755");
    }

    public ClaudeTaskStatus StatusOf(int id) => _database.Read(connection => TaskTable.Find(connection, id))!.Task.Status;

    /// <summary>Takes the lock under which decisions are made in the task's repository.</summary>
    public LockFile HoldDecisionLock(int id) => LockFile.TryTake(
        _location.DecisionLockPath(_database.Read(connection => TaskTable.Find(connection, id))!.RepositoryId))!;

    public void Dispose()
    {
        _database.Dispose();
        Fixture.Dispose();
    }

    private async Task DecideAsync(int id, Func<TaskReview, Task> decide, CancellationToken cancellation)
    {
        using var workspace = Workspace.Open(_location.WorkspacesFolder, cancellation);
        var task = _database.Read(connection => TaskTable.Find(connection, id))!;
        using var review = await TaskReview.OpenAsync(_database, _location, workspace, task);
        await decide(review);
    }
}
