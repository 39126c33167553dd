using System.Text;
using ClaudeTasks.Tasks;

namespace ClaudeTasks.Git;

/// <summary>
/// Takes a snapshot of the whole work tree as a git tree, untracked files included, ignored ones not. It works on a private copy of the
/// index and writes to a private object directory: the user's index, refs, stash and objects stay as they are.
/// </summary>
/// <param name="repository">The work tree.</param>
/// <param name="objectsFolder">The task's own object directory; made when something has to be written.</param>
internal sealed class SnapshotStore(GitRepository repository, string objectsFolder)
{
    /// <summary>The environment in which git reads the repository's objects and this store's, and writes to this store only.</summary>
    public Dictionary<string, string> Environment { get; } = new()
    {
        ["GIT_OBJECT_DIRECTORY"] = objectsFolder,
        ["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = Quote(Path.Combine(repository.CommonFolder, "objects")),
    };

    /// <summary>A tree, and what git could not take into it; null when it took everything.</summary>
    public readonly record struct Snapshot(string Tree, string? Problem);

    /// <summary>What lies in the work tree now. A clean tree costs no hashing: its tree is the commit's.</summary>
    public async Task<Snapshot> TakeAsync(CancellationToken cancellation)
    {
        var status = await repository.ReadStatusAsync(cancellation).ConfigureAwait(false);
        if (status.IsClean)
        {
            return new Snapshot(await repository.ReadTreeAsync(status.Commit).ConfigureAwait(false), null);
        }

        var index = Path.Combine(objectsFolder, "index");
        try
        {
            return await FillIndexAsync(index, cancellation).ConfigureAwait(false);
        }
        finally
        {
            File.Delete(index);
        }
    }

    /// <summary>Makes a private index of all that lies in the work tree now, and its tree.</summary>
    public async Task<Snapshot> FillIndexAsync(string index, CancellationToken cancellation)
    {
        try
        {
            Directory.CreateDirectory(objectsFolder);
            var own = Path.Combine(await repository.FindGitFolderAsync().ConfigureAwait(false), "index");
            if (File.Exists(own))
            {
                // The copy keeps the time stamp, by which git knows that entries as young as the index itself must be looked at again.
                File.Copy(own, index, overwrite: true);
                File.SetLastWriteTimeUtc(index, File.GetLastWriteTimeUtc(own));
            }

            var environment = new Dictionary<string, string>(Environment) { ["GIT_INDEX_FILE"] = index };

            // One file that can't be read, or a repository without a commit inside this one, must not cost the rest.
            var added = await GitProgram.TryRunAsync(repository.Root, ["add", "--all", "--ignore-errors"], environment, cancellation: cancellation).ConfigureAwait(false);
            var tree = (await GitProgram.RunAsync(repository.Root, ["write-tree"], environment, cancellation: cancellation).ConfigureAwait(false)).Text;
            return new Snapshot(tree, added.ExitCode == 0 ? null : added.Error);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.GitFailed, $"No snapshot of '{repository.Root}' could be taken: {e.Message}", repository.Root, null, e);
        }
    }

    /// <summary>git reads a path in double quotes as a C string; without them a <c>:</c> in it would end the path.</summary>
    private static string Quote(string path)
    {
        var quoted = new StringBuilder("\"");
        foreach (var character in path)
        {
            quoted.Append(character switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\t' => "\\t",
                _ => character,
            });
        }

        return quoted.Append('"').ToString();
    }
}
