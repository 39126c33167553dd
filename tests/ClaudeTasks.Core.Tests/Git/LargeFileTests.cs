using System.Text;
using ClaudeTasks.Git;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Model.ClaudeTaskChangeKind;
using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests;

/// <summary>Content over the limit is told by hash and size, and is never silently missing.</summary>
public sealed class LargeFileTests : IDisposable
{
    private const int Limit = 1000;

    private readonly TempFolder _folder = new();
    private readonly TestRepository _repository;

    public LargeFileTests()
    {
        _repository = new TestRepository(_folder["repository"]);
        _repository.Write("grows.txt", new string('a', Limit));
        _repository.Write("shrinks.txt", new string('b', Limit + 1));
        _repository.Write("goes.txt", new string('c', Limit + 2));
        _repository.Write("moves.txt", new string('d', Limit + 3));
        _repository.Write("turns", new string('e', Limit + 4));
        _repository.Write("edited.txt", "one\n");
        _repository.Commit("Files");
    }

    [Fact]
    public async Task A_file_over_the_limit_is_told_by_hash_and_size_and_the_others_patch_is_whole()
    {
        _repository.Write("grows.txt", new string('a', Limit + 1));
        _repository.Write("shrinks.txt", "b");
        File.Delete(_repository["goes.txt"]);
        File.Move(_repository["moves.txt"], _repository["moved.txt"]);
        _repository.Write("new.txt", new string('n', Limit + 5));
        _repository.Write("fits.txt", new string('f', Limit));
        _repository.Write("edited.txt", "two\n");

        var (_, diff) = await DiffProof.TakeAsync(_repository, _folder, Limit);

        Assert.Equal(
            [
                ("edited.txt", Modified, false, 4, 4), ("fits.txt", Added, false, null, Limit),
                ("goes.txt", Deleted, true, Limit + 2, null),
                ("grows.txt", Modified, true, Limit, Limit + 1), ("moved.txt", Renamed, true, Limit + 3, Limit + 3),
                ("new.txt", Added, true, null, Limit + 5), ("shrinks.txt", Modified, true, Limit + 1, 1L),
            ],
            diff.Changes
                .Select(file => (file.Change.Path, file.Change.Kind, file.Change.IsOverLimit, file.Change.OldSize, file.Change.NewSize))
                .OrderBy(change => change.Path, StringComparer.Ordinal));
        var grown = diff.Changes.Single(file => file.Change.Path == "grows.txt");
        var (before, after) = (_repository.Git("rev-parse", "HEAD:grows.txt"), _repository.Git("hash-object", "grows.txt"));
        Assert.Equal((before, after), (grown.Change.OldHash, grown.Change.NewHash));
        Assert.Equal(
            "# grows.txt: over the limit of 1,000 bytes, so its content is not here. "
                + $"Before: 1,000 bytes, {before}. After: 1,001 bytes, {after}.\n",
            Encoding.UTF8.GetString(grown.Patch.Span));
        Assert.Equal((null, null), (grown.Change.Additions, grown.Change.Deletions));

        // All that is not over the limit comes with the patch, whatever stands between.
        _repository.Git("checkout", "--quiet", "HEAD", "--", "grows.txt", "shrinks.txt", "goes.txt", "moves.txt");
        File.Delete(_repository["moved.txt"]);
        File.Delete(_repository["new.txt"]);
        _repository.Git("add", "--all");
        Assert.Equal(
            _repository.Git("write-tree"),
            DiffProof.Applied(_repository, _folder["clone"], _repository.Git("rev-parse", "HEAD"), DiffProof.Raw(diff)));
    }

    [Fact]
    public async Task A_file_over_the_limit_may_become_a_folder()
    {
        File.Delete(_repository["turns"]);
        _repository.Write("turns/inside.txt", "x\n");

        var (_, diff) = await DiffProof.TakeAsync(_repository, _folder, Limit);

        Assert.Equal(
            [("turns/inside.txt", false), ("turns", true)], diff.Changes.Select(file => (file.Change.Path, file.Change.IsOverLimit)));
    }

    [Fact]
    public async Task The_largest_files_are_told_by_hash_and_size_when_all_together_are_too_large()
    {
        // Text that git stores in a few kilobytes.
        var size = (int)(TreeDiff.LimitOfAll / 6);
        for (var i = 0; i < 6; i++)
        {
            using var file = File.Create(_repository[$"{i}.bin"]);
            file.SetLength(size + i);
        }

        var (_, diff) = await DiffProof.TakeAsync(_repository, _folder, TreeDiff.LimitOfOne);

        Assert.Equal(["5.bin"], diff.Changes.Where(file => file.Change.IsOverLimit).Select(file => file.Change.Path));
    }

    [Fact]
    public void A_task_may_leave_a_file_over_the_limit_and_every_decision_on_it_is_exact()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The file is made by a shell.");
        using var engine = new EngineFixture();
        var task = engine.Run(Steps(Write("small.txt", "x\n"), Bash("truncate -s 104857601 large.bin")));
        var change = engine.Engine.GetChanges(task.Id).Single(item => item.IsOverLimit);
        Assert.Equal(("large.bin", 104857601), (change.Path, change.NewSize));
        Assert.Contains(
            "# large.bin: over the limit of 104,857,600 bytes",
            Encoding.UTF8.GetString(engine.Engine.GetPatch(task.Id)),
            StringComparison.Ordinal);
        var before = RepositoryState.Of(engine.Repository);

        engine.Engine.Reject(task.Id, null, _ => true);
        Assert.Equal("", engine.Repository.Git("status", "--short"));
        engine.Engine.Undo(task.Id);
        Assert.Equal(before, RepositoryState.Of(engine.Repository));
        engine.Engine.Approve(task.Id, null, _ => true, force: false);

        Assert.Equal(change.NewHash, engine.Repository.Git("rev-parse", "HEAD:large.bin"));
        Assert.Equal("", engine.Repository.Git("status", "--short"));
    }

    public void Dispose() => _folder.Dispose();
}
