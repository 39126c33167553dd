using ClaudeTasks.Model;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests;

/// <summary>Somebody's files that are in the way of a decision are named and left alone; so is a merge that is going on.</summary>
public sealed class ObstacleTests : IDisposable
{
    private readonly EngineFixture _engine = new();

    public ObstacleTests()
    {
        Repository.Write("src/one.txt", "one\n");
        Repository.Commit("Base");
    }

    private TestRepository Repository => _engine.Repository;

    [Fact]
    public void A_file_where_a_folder_must_be_is_not_taken_away()
    {
        var task = _engine.Run(_engine.Request(Steps(Write("docs/a.md", "task\n"))) with { Worktree = true });
        Repository.Write("docs", "mine\n");

        Refused(() => _engine.Engine.Approve(task.Id, null, _ => true, force: false));
        Assert.Equal("mine\n", File.ReadAllText(Repository["docs"]));
        Assert.Equal(ClaudeTaskStatus.WaitingApproval, _engine.Engine.Get(task.Id).Status);
    }

    [Fact]
    public void A_folder_with_something_in_it_is_not_taken_away()
    {
        var task = _engine.Run(_engine.Request(Steps(Write("docs", "task\n"))) with { Worktree = true });
        Repository.Write("docs/mine.md", "mine\n");

        Refused(() => _engine.Engine.Approve(task.Id, null, _ => true, force: false));
        Assert.Equal("mine\n", File.ReadAllText(Repository["docs/mine.md"]));
    }

    [Fact]
    public void What_took_the_place_of_a_folder_since_is_not_taken_away_by_putting_it_back()
    {
        var task = _engine.Run(Steps(Bash("rm -r src")), new TaskSettings { PermissionMode = "bypassPermissions" });
        Repository.Write("src", "mine\n");

        Refused(() => _engine.Engine.Reject(task.Id, null, _ => true));
        Assert.Equal("mine\n", File.ReadAllText(Repository["src"]));
    }

    [Fact]
    public void An_ignored_file_of_the_same_name_is_not_overwritten()
    {
        var task = _engine.Run(Steps(Write("new.txt", "task\n")));
        _engine.Engine.Reject(task.Id, null, _ => true);
        File.AppendAllText(Repository[".git/info/exclude"], "new.txt\n");
        Repository.Write("new.txt", "mine\n");

        Refused(() => _engine.Engine.Undo(task.Id));
        Assert.Equal("mine\n", File.ReadAllText(Repository["new.txt"]));
    }

    [Fact]
    public void A_merge_that_is_going_on_is_not_ended_by_an_approval()
    {
        Repository.Git("switch", "-q", "-c", "side");
        Repository.Write("side.txt", "side\n");
        Repository.Commit("Side");
        Repository.Git("switch", "-q", "main");
        var task = _engine.Run(Steps(Write("new.txt", "task\n")));
        Repository.Git("merge", "-q", "--no-commit", "--no-ff", "side");

        var refused = Assert.Throws<ClaudeTaskException>(() => _engine.Engine.Approve(task.Id, null, _ => true, force: false));
        Assert.Equal(ClaudeTaskErrorId.TaskStateConflict, refused.ErrorId);
        Assert.True(File.Exists(Repository[".git/MERGE_HEAD"]));
    }

    public void Dispose() => _engine.Dispose();

    private static void Refused(Action decide) =>
        Assert.Equal(ClaudeTaskErrorId.EditedSince, Assert.Throws<ClaudeTaskException>(decide).ErrorId);
}
