using System.Text;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;

namespace ClaudeTasks.Git;

/// <summary>
/// Sets paths of the working tree to recorded content, and only those: by git's own switch from the tree that lies there now to the same
/// tree with these paths replaced. git looks first whether a file changed meanwhile, follows no link out of the tree, and applies the
/// filters. The user's index is read and not changed.
/// </summary>
internal sealed class WorkTreeEditor
{
    private readonly GitRepository _repository;
    private readonly SnapshotStore _snapshots;
    private readonly Workspace _workspace;
    private readonly string _index;

    private WorkTreeEditor(GitRepository repository, SnapshotStore snapshots, Workspace workspace, string index, SnapshotStore.Snapshot now)
    {
        _repository = repository;
        _snapshots = snapshots;
        _workspace = workspace;
        _index = index;
        (Tree, Problem) = now;
    }

    /// <summary>The tree of the working tree when the editor was opened.</summary>
    public string Tree { get; }

    /// <summary>git's words on what it could not read then; null when it read everything.</summary>
    public string? Problem { get; }

    /// <summary>Looks at the working tree as it is now.</summary>
    public static async Task<WorkTreeEditor> OpenAsync(GitRepository repository, SnapshotStore snapshots, Workspace workspace)
    {
        var index = workspace.NewPath("index");
        return new WorkTreeEditor(repository, snapshots, workspace, index, await snapshots.FillIndexAsync(index).ConfigureAwait(false));
    }

    /// <summary>Reads the files that lay in the working tree when the editor was opened.</summary>
    public Task<Dictionary<string, TreeEntry>> ReadAsync() => TreeReader.ReadTreeAsync(_snapshots.Git, Tree);

    /// <exception cref="Model.ClaudeTaskException">
    /// git would have to overwrite what was changed since the editor was opened; nothing was.
    /// </exception>
    public async Task PutAsync(IReadOnlyCollection<(string RawPath, TreeEntry Entry)> entries)
    {
        var target = _workspace.NewPath("index");
        File.Copy(_index, target);
        var index = await new UserIndex(_repository, _snapshots).ReadAsync().ConfigureAwait(false);
        var now = await ReadAsync().ConfigureAwait(false);
        Obstacles.Refuse(_repository.Root, entries, now);
        await RefuseDirtySubmodulesAsync(entries, now).ConfigureAwait(false);
        var wanted = entries.Select(item =>
            IsOutside(index, item.RawPath, item.Entry) ? (item.RawPath, item.Entry with { Mode = TreeEntry.NoMode }) : item);
        var git = _snapshots.Git.With("GIT_INDEX_FILE", target);
        await git.RunAsync(["update-index", "-z", "--index-info"], TreeReader.ToIndexInfo(wanted, _repository.NoId)).ConfigureAwait(false);
        var tree = await SnapshotStore.WriteTreeAsync(git).ConfigureAwait(false);
        var files = entries.Select(item => (
            Path: TreeDiff.Decode(Encoding.Latin1.GetBytes(item.RawPath)), item.Entry, Now: TreeReader.At(now, item.RawPath))).ToList();
        var modes = FileModes.Read(files.Where(item => item.Entry.Exists).Select(item => Path.Combine(_repository.Root, item.Path)));
        var changing = files.Where(item => !item.Entry.IsSameAs(item.Now)).Select(item => (item.Path, item.Now));
        await _snapshots.RawContents.KeepAsync(changing, replaces: false, _workspace.Cancellation).ConfigureAwait(false);

        // From here on the files change, which nobody may cut off in the middle.
        var fetching = await git.FetchingAsync().ConfigureAwait(false);
        var switching = fetching.With("GIT_INDEX_FILE", _index) with
        {
            Cancellation = CancellationToken.None, IsPrivate = TaskWorktree.IsPrivate(_repository.Root)
        };
        await switching.RunAsync(["read-tree", "-m", "-u", "--no-sparse-checkout", "--recurse-submodules", Tree, tree])
            .ConfigureAwait(false);
        await _snapshots.RawContents
            .RestoreAsync(_snapshots.Git with { Cancellation = default }, files.Select(item => (item.Path, item.Entry)))
            .ConfigureAwait(false);
        modes.Restore();
    }

    /// <summary>Git would overwrite what is not committed in a submodule.</summary>
    private async Task RefuseDirtySubmodulesAsync(
        IReadOnlyCollection<(string RawPath, TreeEntry Entry)> entries, Dictionary<string, TreeEntry> now)
    {
        foreach (var (rawPath, entry) in entries.Where(item => item.Entry.Mode == TreeEntry.SubmoduleMode
            || TreeReader.At(now, item.RawPath).Mode == TreeEntry.SubmoduleMode))
        {
            var path = TreeDiff.Decode(Encoding.Latin1.GetBytes(rawPath));
            var folder = Path.Combine(_repository.Root, path);
            if (!entry.IsSameAs(TreeReader.At(now, rawPath))
                && Path.Exists(Path.Combine(folder, ".git"))
                && await SubmoduleWork.IsDirtyAsync(_repository.In(folder)).ConfigureAwait(false))
            {
                throw new ClaudeTaskException(
                    ClaudeTaskErrorId.EditedSince,
                    $"The submodule '{path}' has uncommitted work, which would be overwritten. Nothing was changed.",
                    folder,
                    "Commit or stash it there, or leave the submodule out with -Path.");
            }
        }
    }

    /// <summary>Whether the user's sparse checkout leaves a path out that nothing changed: it has no file.</summary>
    private static bool IsOutside(Dictionary<string, IndexEntry> index, string path, TreeEntry entry) =>
        index.GetValueOrDefault(path, IndexEntry.Nothing) is { IsSkipped: true } kept && kept.Entry.IsSameAs(entry);
}
