using ClaudeTasks.Git;
using ClaudeTasks.Model;
using ClaudeTasks.Tests.Support;

namespace ClaudeTasks.Tests;

public sealed class GitRepositoryTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public static TheoryData<string> OddNames =>
        ["with space", "quo\"te's", "[a]*?", "new\nline", "end\n", "ünï 修正", "-dash", "back\\slash", "semi;colon:x", "$HOME"];

    [Theory]
    [MemberData(nameof(OddNames))]
    public async Task A_repository_of_any_name_is_found_from_a_folder_of_any_name(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such names.");
        var repository = new TestRepository(_folder[name]);
        Directory.CreateDirectory(repository[$"sub/{name}"]);

        var found = await GitRepository.FindAsync(repository[$"sub/{name}"]);

        Assert.Equal(repository.Root, found.Root);
        Assert.Equal(repository[".git"], found.CommonFolder);
        Assert.True((await found.ReadStatusAsync()).IsClean);
        Assert.Null(found.FindOperation());
    }

    [Fact]
    public async Task Links_to_a_repository_and_into_it_are_the_same_repository()
    {
        var repository = new TestRepository(_folder["real"]);
        Directory.CreateDirectory(repository["sub"]);
        Directory.CreateSymbolicLink(_folder["link"], repository.Root);
        Directory.CreateSymbolicLink(_folder["deep"], repository["sub"]);
        Directory.CreateSymbolicLink(_folder["twice"], _folder["link"]);
        var direct = await GitRepository.FindAsync(repository.Root);

        foreach (var way in new[]
        {
            _folder["link"], _folder["deep"], _folder["twice"], Path.Combine(_folder["link"], "sub"), repository.Root + "/sub/../"
        })
        {
            Assert.Equal(direct, await GitRepository.FindAsync(way));
        }
    }

    [Fact]
    public async Task A_submodule_is_a_repository_of_its_own_and_its_git_folder_is_none()
    {
        var inner = new TestRepository(_folder["inner"]);
        inner.Write("a.txt", "one\n");
        inner.Commit("One");
        var outer = new TestRepository(_folder["outer"]);
        outer.Git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner.Root, "sub");

        var found = await GitRepository.FindAsync(outer["sub"]);

        Assert.Equal(outer["sub"], found.Root);
        Assert.Equal(outer[".git/modules/sub"], found.CommonFolder);
        await AssertRefused(outer[".git/modules/sub"], ClaudeTaskErrorId.NotARepository, ".git folder");
    }

    [Fact]
    public async Task A_work_tree_that_is_said_to_be_elsewhere_and_is_not_there_is_told()
    {
        var repository = new TestRepository(_folder["repository"]);
        repository.Git("config", "core.worktree", _folder["elsewhere"]);

        var error = await Assert.ThrowsAsync<ClaudeTaskException>(() => GitRepository.FindAsync(repository.Root));

        Assert.Equal(ClaudeTaskErrorId.NotARepository, error.ErrorId);
        Assert.Contains("core.worktree", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_linked_work_tree_has_its_own_root_and_the_same_identity()
    {
        var repository = new TestRepository(_folder["main"]);
        repository.Git("worktree", "add", "--quiet", _folder["other"], "-b", "side");

        var other = await GitRepository.FindAsync(_folder["other"]);

        Assert.Equal(_folder["other"], other.Root);
        Assert.Equal((await GitRepository.FindAsync(repository.Root)).CommonFolder, other.CommonFolder);
        Assert.Equal("side", (await other.ReadStatusAsync()).Branch);
    }

    [Fact]
    public async Task A_git_folder_that_was_moved_behind_a_link_is_one_identity()
    {
        var repository = new TestRepository(_folder["real"]);
        Directory.Move(repository[".git"], _folder["store.git"]);
        Directory.CreateSymbolicLink(repository[".git"], _folder["store.git"]);

        Assert.Equal(_folder["store.git"], (await GitRepository.FindAsync(repository.Root)).CommonFolder);
    }

    [Fact]
    public async Task What_is_no_work_tree_is_refused_with_what_it_is()
    {
        var repository = new TestRepository(_folder["repository"]);
        repository.Git("clone", "--quiet", "--bare", repository.Root, _folder["bare.git"]);
        Directory.CreateDirectory(_folder["plain"]);
        File.WriteAllText(_folder["file"], "");

        await AssertRefused(_folder["missing"], ClaudeTaskErrorId.RepositoryNotFound, "does not exist");
        await AssertRefused(_folder["file"], ClaudeTaskErrorId.RepositoryNotFound, "is a file");
        await AssertRefused(_folder["bare.git"], ClaudeTaskErrorId.NotARepository, "bare");
        await AssertRefused(repository[".git"], ClaudeTaskErrorId.NotARepository, ".git folder");
        await AssertRefused(_folder["plain"], ClaudeTaskErrorId.NotARepository, "not in a git repository");
    }

    [Fact]
    public async Task Status_names_everything_that_is_not_committed()
    {
        var repository = new TestRepository(_folder["repository"]);
        foreach (var name in new[] { "changed.txt", "staged.txt", "gone.txt", "old name.txt", "clean.txt" })
        {
            repository.Write(name, $"content of {name}\nand more\n");
        }

        repository.Write(".gitignore", "ignored/\n");
        var commit = repository.Commit("Files");
        repository.Write("changed.txt", "x");
        repository.Write("staged.txt", "x");
        repository.Git("add", "staged.txt");
        File.Delete(repository["gone.txt"]);
        repository.Git("mv", "old name.txt", "new name.txt");
        repository.Write("untracked/a b.txt", "");
        repository.Write("ignored/x", "");

        var status = await (await GitRepository.FindAsync(repository.Root)).ReadStatusAsync();

        Assert.Equal(commit, status.Commit);
        Assert.Equal("main", status.Branch);
        Assert.Equal(
            ["changed.txt", "gone.txt", "new name.txt", "old name.txt", "staged.txt", "untracked/a b.txt"],
            status.Dirty.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Status_tells_a_first_commit_that_is_missing_and_a_detached_head()
    {
        var empty = new TestRepository(_folder["empty"], withCommit: false);
        var detached = new TestRepository(_folder["detached"]);
        detached.Git("checkout", "--quiet", "--detach");

        var before = await (await GitRepository.FindAsync(empty.Root)).ReadStatusAsync();
        var without = await (await GitRepository.FindAsync(detached.Root)).ReadStatusAsync();

        Assert.Equal((null, "main", true), (before.Commit, before.Branch, before.IsClean));
        Assert.Equal((detached.Git("rev-parse", "HEAD"), null), (without.Commit, without.Branch));
    }

    [Theory]
    [InlineData("merge", "merge", "side")]
    [InlineData("rebase", "rebase", "side")]
    [InlineData("cherry-pick", "cherry-pick", "side")]
    [InlineData("revert", "revert", "HEAD~1")]
    [InlineData("bisect", "bisect", "start")]
    public async Task An_operation_that_waits_for_its_end_is_found(string name, string command, string argument)
    {
        var repository = new TestRepository(_folder["repository"]);
        repository.Write("a.txt", "one\n");
        repository.Commit("One");
        repository.Git("checkout", "--quiet", "-b", "side");
        repository.Write("a.txt", "side\n");
        repository.Commit("Side");
        repository.Git("checkout", "--quiet", "main");
        repository.Write("a.txt", "two\n");
        repository.Commit("Two");
        repository.Write("a.txt", "three\n");
        repository.Commit("Three");
        var found = await GitRepository.FindAsync(repository.Root);
        Assert.Null(found.FindOperation());

        TestRepository.RunGit(repository.Root, command, argument);

        Assert.Equal(name, found.FindOperation()?.Name);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task AssertRefused(string folder, ClaudeTaskErrorId id, string words)
    {
        var error = await Assert.ThrowsAsync<ClaudeTaskException>(() => GitRepository.FindAsync(folder));
        Assert.Equal(id, error.ErrorId);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Contains(folder, error.Message, StringComparison.Ordinal);
    }
}
