using ClaudeTasks.Model;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests;

/// <summary>A part of a task's changes that is decided alone takes along what cannot be decided without it.</summary>
public sealed class SelectionTests : IDisposable
{
    private readonly EngineFixture _engine = new();

    public SelectionTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "The agent's commands are shell's.");

    private TestRepository Repository => _engine.Repository;

    [Theory]
    [InlineData("rm -r d; echo file > d", "d/x")]
    [InlineData("rm -r d; echo file > d", "d")]
    [InlineData("rm -r d; ln -s readme.md d", "d/y")]
    [InlineData("mv d/x moved; rm -r d; echo file > d", "moved")]
    [InlineData("rm -r d; mkdir e; echo file > d; git mv -f readme.md e/readme.md", "d/x")]
    public void A_folder_that_became_a_file_is_decided_as_a_whole(string work, string path)
    {
        Repository.Write("d/x", "1\n1\n1\n");
        Repository.Write("d/y", "2\n2\n2\n");
        Repository.Commit("Folder");
        var before = RepositoryState.Of(Repository);
        var task = _engine.Run(Steps(Bash(work), Write("other.txt", "other\n")));
        var after = RepositoryState.Of(Repository);

        foreach (var approve in new[] { true, false })
        {
            Assert.Equal(ClaudeTaskStatus.WaitingApproval, Decide(approve, name => name == path));
            Assert.DoesNotContain(
                _engine.Texts(task.Id, ClaudeTaskEventKind.Warning), text => text.Contains("hook", StringComparison.Ordinal));
            Assert.Contains(Decide(!approve, _ => true), new[] { ClaudeTaskStatus.Completed, ClaudeTaskStatus.Rejected });
            _engine.Engine.Undo(task.Id);
            _engine.Engine.Undo(task.Id);
            RepositoryState.AssertSame(after, RepositoryState.Of(Repository));
        }

        _engine.Engine.Reject(task.Id, null, _ => true);
        if (!work.Contains("git mv", StringComparison.Ordinal))
        {
            RepositoryState.AssertSame(before, RepositoryState.Of(Repository));
        }

        ClaudeTaskStatus Decide(bool approve, Func<string, bool> matches) => approve
            ? _engine.Engine.Approve(task.Id, null, matches, force: false).Status
            : _engine.Engine.Reject(task.Id, null, matches).Status;
    }

    [Theory]
    [InlineData("git init -q lib; cd lib; git config user.name T; git config user.email t@t; echo y > l; git add l; git commit -qm inner")]
    [InlineData("git clone -q . lib")]
    public void A_repository_inside_the_repository_is_told_before_it_is_approved_as_a_link(string work)
    {
        var task = _engine.Run(Steps(Bash(work), Write("a.txt", "a\n")));

        Assert.Contains(
            _engine.Texts(task.Id, ClaudeTaskEventKind.Warning),
            text => text.Contains("a repository inside the repository: lib", StringComparison.Ordinal));
        var error = Assert.Throws<ClaudeTaskException>(() => _engine.Engine.Approve(task.Id, null, _ => true, force: false));
        Assert.Contains("a clone gets an empty folder", error.Message, StringComparison.Ordinal);
        Assert.Equal(
            ClaudeTaskStatus.WaitingApproval, _engine.Engine.Approve(task.Id, null, path => path == "a.txt", force: false).Status);
        Assert.Equal(ClaudeTaskStatus.Completed, _engine.Engine.Approve(task.Id, null, _ => true, force: true).Status);
        Assert.StartsWith("160000 commit", Repository.Git("ls-tree", "HEAD", "lib"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_repository_with_long_ids_is_approved_denied_and_undone(bool worktree)
    {
        var root = Directory.CreateDirectory(_engine["long"]).FullName;
        TestRepository.RunGit(root, "init", "--quiet", "--object-format=sha256", "--initial-branch=main");
        var repository = new TestRepository(root);
        repository.Write("a.txt", "a\n");
        repository.Write("b.txt", "b\n");
        repository.Commit("Base");
        var before = RepositoryState.Of(repository);
        var work = Steps(Bash("echo 2 >> a.txt; rm b.txt; echo n > new.txt"));
        var task = _engine.Run(_engine.Request(work, repository: root) with { Worktree = worktree });
        Assert.True(task.Status == ClaudeTaskStatus.WaitingApproval, task.ReasonText);
        var after = RepositoryState.Of(repository);

        _engine.Engine.Approve(task.Id, null, path => path == "new.txt", force: false);
        _engine.Engine.Undo(task.Id);
        RepositoryState.AssertSame(after, RepositoryState.Of(repository));
        _engine.Engine.Approve(task.Id, null, _ => true, force: false);
        _engine.Engine.Undo(task.Id);
        RepositoryState.AssertSame(after, RepositoryState.Of(repository));
        _engine.Engine.Reject(task.Id, null, _ => true);
        RepositoryState.AssertSame(before, RepositoryState.Of(repository));
    }

    public void Dispose() => _engine.Dispose();
}
