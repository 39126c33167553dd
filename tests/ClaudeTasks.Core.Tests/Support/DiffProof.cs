using System.Text;
using ClaudeTasks.Git;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;

namespace ClaudeTasks.Tests.Support;

/// <summary>Takes the diff of a work tree against its commit.</summary>
internal static class DiffProof
{
    /// <summary>Proves on the way that the raw patch, as text in a file, makes the base into the result.</summary>
    public static async Task<List<ClaudeTaskChange>> ChangesAsync(TestRepository repository, TempFolder folder)
    {
        var (result, diff) = await TakeAsync(repository, folder, TreeDiff.LimitOfOne);
        Assert.Equal(result, Applied(repository, folder["clone"], repository.Git("rev-parse", "HEAD"), Raw(diff)));
        return [.. diff.Changes.Select(file => file.Change)];
    }

    public static async Task<(string ResultTree, TreeDiff Diff)> TakeAsync(TestRepository repository, TempFolder folder, long limit)
    {
        var found = await GitRepository.FindAsync(repository.Root);
        using var workspace = Workspace.Open(folder["work"]);
        var store = new SnapshotStore(found, folder["objects"], workspace);
        var (result, _) = await store.TakeAsync();
        return (result, await TreeDiff.TakeAsync(store.Git, workspace, repository.Git("rev-parse", "HEAD^{tree}"), result, limit));
    }

    /// <summary>The raw patch as PowerShell has it: a string.</summary>
    public static string Raw(TreeDiff diff) =>
        Encoding.UTF8.GetString([.. diff.Changes.SelectMany(file => file.BinaryPatch ?? file.Patch.ToArray())]);

    /// <summary>The tree that git makes of a commit, or of nothing, and a patch in a clone.</summary>
    public static string Applied(TestRepository repository, string clone, string? commit, string patch)
    {
        Directory.CreateDirectory(clone);
        TestRepository.RunGit(clone, "init", "--quiet", "--object-format=" + repository.Git("rev-parse", "--show-object-format"));
        if (commit is not null)
        {
            TestRepository.RunGit(clone, "fetch", "--quiet", repository.Root, commit);
            TestRepository.RunGit(clone, "checkout", "--quiet", "FETCH_HEAD");
        }

        if (patch.Length > 0)
        {
            File.WriteAllText(clone + ".patch", patch, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            Assert.Equal((0, "", ""), TestRepository.RunGit(clone, "apply", "--index", "--whitespace=nowarn", clone + ".patch"));
        }

        return TestRepository.RunGit(clone, "write-tree").Output;
    }
}
