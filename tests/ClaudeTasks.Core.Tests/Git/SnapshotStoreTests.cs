using System.Text;
using ClaudeTasks.Git;
using ClaudeTasks.Processes;
using ClaudeTasks.Tests.Support;

namespace ClaudeTasks.Tests;

public sealed class SnapshotStoreTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Workspace _workspace;

    public SnapshotStoreTests() => _workspace = Workspace.Open(_folder["work"]);

    [Fact]
    public async Task A_clean_tree_is_the_commits_and_costs_nothing()
    {
        var repository = new TestRepository(_folder["repository"]);

        Assert.Equal(repository.Git("rev-parse", "HEAD^{tree}"), await Take(repository));
        Assert.False(Directory.Exists(_folder["objects"]));
    }

    [Fact]
    public async Task A_snapshot_leaves_git_byte_for_byte_as_it_is()
    {
        var repository = new TestRepository(_folder["repository"]);
        repository.Write("stashed.txt", "x");
        repository.Git("stash", "--include-untracked", "--quiet");
        repository.Write("staged.txt", "staged\n");
        repository.Git("add", "staged.txt");
        repository.Write("staged.txt", "staged and changed\n");
        repository.Write("readme.md", "# Changed\n");
        repository.Write("new/file.bin", [0, 1, 2, 255]);
        var before = repository.GitFolderContent();

        var tree = await Take(repository);

        Assert.Equal(before, repository.GitFolderContent());
        Assert.NotEqual(repository.Git("rev-parse", "HEAD^{tree}"), tree);
        Assert.Equal(128, TestRepository.RunGit(repository.Root, "cat-file", "-t", tree).ExitCode);
    }

    [Fact]
    public async Task A_snapshot_holds_what_lies_there_and_not_what_is_ignored()
    {
        var repository = new TestRepository(_folder["repository"]);
        repository.Write(".gitignore", "*.log\n");
        repository.Write("gone.txt", "x");
        repository.Commit("Ignore");
        File.Delete(repository["gone.txt"]);
        repository.Write("staged.txt", "index\n");
        repository.Git("add", "staged.txt");
        repository.Write("staged.txt", "work tree\n");
        repository.Write("untracked.txt", "x\n");
        repository.Write("build.log", "noise");

        var tree = await Take(repository);

        Assert.Equal(".gitignore\nreadme.md\nstaged.txt\nuntracked.txt", InSnapshot(repository, "ls-tree", "-r", "--name-only", tree));
        Assert.Equal("work tree", InSnapshot(repository, "show", tree + ":staged.txt"));
    }

    [Fact]
    public async Task A_large_file_is_kept_whole_and_as_it_is()
    {
        var repository = new TestRepository(_folder["repository"]);
        const int Size = 11 << 20;
        repository.Write("large.txt", new string('x', Size));
        var before = repository.GitFolderContent();

        var tree = await Take(repository);

        Assert.Equal(before, repository.GitFolderContent());
        Assert.Equal(repository.Git("hash-object", "large.txt"), InSnapshot(repository, "rev-parse", tree + ":large.txt"));
        Assert.Equal(new string('x', Size), InSnapshot(repository, "show", tree + ":large.txt"));
        Assert.InRange(
            new FileInfo(Directory.GetFiles(_folder["objects"], "*.pack", SearchOption.AllDirectories).Single()).Length, Size, 2 * Size);
    }

    [Fact]
    public async Task The_repositorys_hooks_and_monitors_are_not_run()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Scripts.");
        var repository = new TestRepository(_folder["repository"]);
        var script = repository[".git/hooks/trap"];
        foreach (var hook in new[] { "trap", "post-index-change", "pre-commit" })
        {
            File.WriteAllText(repository[$".git/hooks/{hook}"], $"#!/bin/sh\ntouch {_folder["run"]}\n");
            UnixMode.Set(repository[$".git/hooks/{hook}"], "755");
        }

        repository.Git("config", "core.fsmonitor", script);
        repository.Git("config", "diff.external", script);
        repository.Write(".gitattributes", "* diff=trap\n");
        repository.Git("config", "diff.trap.textconv", script);
        var found = await GitRepository.FindAsync(repository.Root);
        var store = StoreOf(found);
        var (tree, _) = await store.TakeAsync();

        var diff = await TreeDiff.TakeAsync(store.Git, _workspace, repository.Git("rev-parse", "HEAD^{tree}"), tree);

        Assert.Single(diff.Changes);
        Assert.False(File.Exists(_folder["run"]));
    }

    [Fact]
    public async Task A_linked_work_tree_gives_its_own_content()
    {
        var repository = new TestRepository(_folder["repository"]);
        repository.Git("worktree", "add", "--quiet", _folder["other"], "-b", "side");
        File.WriteAllText(Path.Combine(_folder["other"], "there.txt"), "x");
        var found = await GitRepository.FindAsync(_folder["other"]);
        var before = repository.GitFolderContent();

        var tree = await Take(found);

        Assert.Equal("readme.md\nthere.txt", InSnapshot(repository, "ls-tree", "-r", "--name-only", tree));
        Assert.Equal(before, repository.GitFolderContent());
    }

    [Fact]
    public async Task A_repository_without_a_commit_has_the_empty_tree_and_then_what_lies_there()
    {
        var repository = new TestRepository(_folder["repository"], withCommit: false);
        Assert.Equal("4b825dc642cb6eb9a060e54bf8d69288fbee4904", await Take(repository));
        repository.Write("first.txt", "x");

        Assert.Equal("first.txt", InSnapshot(repository, "ls-tree", "-r", "--name-only", await Take(repository)));
    }

    [Fact]
    public async Task Conflicts_are_taken_as_they_lie_there()
    {
        var repository = new TestRepository(_folder["repository"]);
        repository.Git("checkout", "--quiet", "-b", "side");
        repository.Write("readme.md", "side\n");
        repository.Commit("Side");
        repository.Git("checkout", "--quiet", "main");
        repository.Write("readme.md", "main\n");
        repository.Commit("Main");
        TestRepository.RunGit(repository.Root, "merge", "side");

        Assert.Equal(
            File.ReadAllText(repository["readme.md"]).TrimEnd('\n'), InSnapshot(repository, "show", await Take(repository) + ":readme.md"));
    }

    [Fact]
    public async Task Line_ends_that_git_would_rather_refuse_are_taken()
    {
        var repository = new TestRepository(_folder["repository"]);
        repository.Git("config", "core.autocrlf", "true");
        repository.Git("config", "core.safecrlf", "true");
        repository.Write("new.txt", "a\nb\n");

        Assert.Equal("a\nb", InSnapshot(repository, "show", await Take(repository) + ":new.txt"));
    }

    [Fact]
    public async Task A_repository_without_a_commit_inside_costs_nothing_but_itself_and_is_named()
    {
        var repository = new TestRepository(_folder["repository"]);
        var inner = new TestRepository(repository["inner"], withCommit: false);
        inner.Write("x", "x\n");
        repository.Write("y", "y\n");

        var store = StoreOf(await GitRepository.FindAsync(repository.Root));
        var (tree, problem) = await store.TakeAsync();
        store.Keep();

        Assert.Equal("y", InSnapshot(repository, "show", tree + ":y"));
        Assert.Contains("inner", problem);
    }

    [Fact]
    public async Task A_file_of_another_case_is_another_file_whatever_a_setting_says()
    {
        var repository = new TestRepository(_folder["repository"]);
        Assert.SkipWhen(File.Exists(repository["README.md"]), "The file system takes two cases for one.");
        repository.Git("config", "core.ignoreCase", "true");
        repository.Write("README.md", "x\n");

        Assert.Equal("README.md\nreadme.md", InSnapshot(repository, "ls-tree", "-r", "--name-only", await Take(repository)));
    }

    /// <summary>A snapshot adds only what a status names, many in another way than few; <c>git add --all</c> looks at every file.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(150)]
    public async Task A_snapshot_is_what_adding_everything_would_make(int others)
    {
        var repository = new TestRepository(_folder["repository"]);
        foreach (var name in new[]
        {
            "same", "changed", "gone", "becomes-a-folder", "folder/becomes-a-file", "staged-only", "unstaged", "skipped", "assumed",
            "renamed"
        })
        {
            repository.Write(name, $"{name}\n");
        }

        repository.Commit("Files");
        repository.Write("changed", "other\n");
        repository.Write("staged-only", "other\n");
        repository.Write("unstaged", "never committed\n");
        repository.Write("skipped", "staged\n");
        repository.Git("add", "staged-only", "unstaged", "skipped");
        repository.Git("rm", "--cached", "--quiet", "unstaged");
        repository.Git("update-index", "--skip-worktree", "skipped");
        repository.Git("update-index", "--assume-unchanged", "assumed");
        repository.Write("skipped", "on disk\n");
        repository.Write("assumed", "on disk\n");
        File.Delete(repository["gone"]);
        File.Delete(repository["becomes-a-folder"]);
        repository.Write("becomes-a-folder/inside", "x\n");
        Directory.Delete(repository["folder"], recursive: true);
        repository.Write("folder", "x\n");
        repository.Git("mv", "renamed", "renamed here");
        repository.Write("named", "x\n");
        repository.Git("add", "--intent-to-add", "named");
        repository.Write("ünïcode \"quoted\"", "x\n");
        if (!OperatingSystem.IsWindows())
        {
            repository.Write("two\nlines", "x\n");
            UnixMode.Set(repository["same"], "755");
            File.CreateSymbolicLink(repository["link"], "nowhere");
        }

        for (var i = 0; i < others; i++)
        {
            repository.Write($"others/{i}", $"{i}\n");
        }

        var tree = await Take(repository);

        Assert.Equal(others > 0, Directory.EnumerateFiles(_folder["objects"], "*.pack", SearchOption.AllDirectories).Any());
        repository.Git("add", "--all");
        Assert.Equal(repository.Git("write-tree"), tree);
    }

    /// <summary>Told of the file that is gone, <c>update-index</c> refuses to look behind the link.</summary>
    [Fact]
    public async Task A_folder_that_became_a_link_is_a_link()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a right there.");
        var repository = new TestRepository(_folder["repository"]);
        repository.Write("folder/file", "x\n");
        repository.Write("other/file", "x\n");
        repository.Commit("Folders");
        Directory.Delete(repository["folder"], recursive: true);
        Directory.CreateSymbolicLink(repository["folder"], "other");
        repository.Write("zebra", "x\n");

        var tree = await Take(repository);

        repository.Git("add", "--all");
        Assert.Equal(repository.Git("write-tree"), tree);
    }

    /// <summary>To <c>update-index</c> a folder in a file's place is no file any more, and nothing else.</summary>
    [Fact]
    public async Task A_file_that_became_a_repository_is_one()
    {
        var repository = new TestRepository(_folder["repository"]);
        repository.Write("inner", "x\n");
        repository.Commit("A file");
        File.Delete(repository["inner"]);
        var inner = new TestRepository(repository["inner"]);

        Assert.Equal(
            $"160000 commit {inner.Git("rev-parse", "HEAD")}\tinner", InSnapshot(repository, "ls-tree", await Take(repository), "inner"));
    }

    [Fact]
    public async Task A_commit_in_a_submodule_that_a_setting_hides_is_in_the_snapshot()
    {
        var repository = new TestRepository(_folder["repository"]);
        var inner = new TestRepository(repository["inner"]);
        repository.Commit("A submodule without .gitmodules");
        repository.Git("config", "diff.ignoreSubmodules", "all");
        inner.Write("readme.md", "other\n");
        var commit = inner.Commit("Another");

        Assert.Equal($"160000 commit {commit}\tinner", InSnapshot(repository, "ls-tree", await Take(repository), "inner"));
    }

    /// <summary>What the status said is of the index that was there then. A filter is what runs in the middle of it.</summary>
    [Fact]
    public async Task An_index_that_changes_beside_the_status_costs_no_file()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A script.");
        var repository = new TestRepository(_folder["repository"]);
        repository.Write(".gitattributes", "filtered filter=meddling\n");
        repository.Write("filtered", "x\n");
        repository.Commit("Filtered");
        repository.Git("config", "filter.meddling.clean", "env -u GIT_INDEX_FILE git rm --quiet --cached readme.md >/dev/null 2>&1; cat");
        repository.Write("filtered", "y\n");

        var tree = await Take(repository);

        Assert.Equal(".gitattributes\nfiltered", repository.Git("ls-files"));
        Assert.Equal(".gitattributes\nfiltered\nreadme.md", InSnapshot(repository, "ls-tree", "-r", "--name-only", tree));
    }

    [Fact]
    public async Task A_diff_is_of_what_was_there_and_not_of_what_replaces_it()
    {
        var repository = new TestRepository(_folder["repository"]);
        repository.Write("other", "replacement\n");
        repository.Commit("Other");
        repository.Git("replace", repository.Git("rev-parse", "HEAD:readme.md"), repository.Git("rev-parse", "HEAD:other"));
        repository.Write("readme.md", "new\n");
        var store = StoreOf(await GitRepository.FindAsync(repository.Root));

        var (tree, _) = await store.TakeAsync();

        var diff = await TreeDiff.TakeAsync(store.Git, _workspace, repository.Git("rev-parse", "HEAD^{tree}"), tree);

        Assert.Contains("-# Test\n", Encoding.UTF8.GetString(Assert.Single(diff.Changes).Patch.Span));
    }

    [Fact]
    public async Task A_pack_that_could_not_be_finished_is_not_kept()
    {
        var repository = new TestRepository(_folder["repository"]);
        repository.Git("config", "filter.broken.clean", "false");
        repository.Git("config", "filter.broken.required", "true");
        repository.Write(".gitattributes", "zebra filter=broken\n");
        for (var i = 0; i < 150; i++)
        {
            repository.Write($"files/{i}", $"{i}\n");
        }

        repository.Write("zebra", "x\n");

        var store = StoreOf(await GitRepository.FindAsync(repository.Root));
        var (_, problem) = await store.TakeAsync();
        store.Keep();

        Assert.Contains("zebra", problem);
        Assert.NotEmpty(Directory.EnumerateFiles(_workspace.Folder, "tmp_*", SearchOption.AllDirectories));
        Assert.False(Directory.Exists(_folder["objects"]));
    }

    public void Dispose()
    {
        _workspace.Dispose();
        _folder.Dispose();
    }

    private SnapshotStore StoreOf(GitRepository repository) => new(repository, _folder["objects"], _workspace);

    private async Task<string> Take(TestRepository repository) => await Take(await GitRepository.FindAsync(repository.Root));

    private async Task<string> Take(GitRepository repository)
    {
        var store = StoreOf(repository);
        var (tree, _) = await store.TakeAsync();
        store.Keep();
        return tree;
    }

    /// <summary>Asks git with the snapshot's objects at hand.</summary>
    private string InSnapshot(TestRepository repository, params string[] arguments)
    {
        var info = repository[".git/objects/info/alternates"];
        File.WriteAllText(info, _folder["objects"] + "\n");
        try
        {
            return repository.Git(arguments);
        }
        finally
        {
            File.Delete(info);
        }
    }
}
