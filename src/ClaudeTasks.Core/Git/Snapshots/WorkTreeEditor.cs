using System.Text;

namespace ClaudeTasks.Git;

/// <summary>
/// Sets paths of the work tree to recorded content, and only those: by git's own switch from the tree that lies there now to the same tree
/// with these paths replaced. git looks first whether a file changed meanwhile, follows no link out of the tree, and applies the filters.
/// The user's index is read and not changed.
/// </summary>
internal sealed class WorkTreeEditor : IDisposable
{
    private readonly GitRepository _repository;
    private readonly SnapshotStore _snapshots;
    private readonly string _index;

    private WorkTreeEditor(GitRepository repository, SnapshotStore snapshots, string index, string tree)
    {
        _repository = repository;
        _snapshots = snapshots;
        _index = index;
        Tree = tree;
    }

    /// <summary>What lay in the work tree when the editor was opened.</summary>
    public string Tree { get; }

    public static async Task<WorkTreeEditor> OpenAsync(GitRepository repository, SnapshotStore snapshots, string folder)
    {
        Directory.CreateDirectory(folder);
        var index = Path.Combine(folder, "index.now");
        var (tree, _) = await snapshots.FillIndexAsync(index, default).ConfigureAwait(false);
        return new WorkTreeEditor(repository, snapshots, index, tree);
    }

    /// <exception cref="Model.ClaudeTaskException">git would have to overwrite what was changed since the editor was opened; nothing was.</exception>
    public async Task PutAsync(IReadOnlyCollection<(string RawPath, TreeEntry Entry)> entries)
    {
        var target = _index + ".target";
        try
        {
            File.Copy(_index, target, overwrite: true);
            var index = await new UserIndex(_repository, Path.GetDirectoryName(_index)!).ReadAsync().ConfigureAwait(false);
            Obstacles.Refuse(_repository.Root, entries, await TreeReader.ReadTreeAsync(_repository.Root, Tree, _snapshots.Environment).ConfigureAwait(false));
            var wanted = entries.Select(item => IsOutside(index, item.RawPath, item.Entry) ? (item.RawPath, item.Entry with { Mode = TreeEntry.NoMode }) : item);
            await RunAsync(target, ["update-index", "-z", "--index-info"], TreeReader.ToIndexInfo(wanted)).ConfigureAwait(false);
            var tree = (await RunAsync(target, ["write-tree"]).ConfigureAwait(false)).Text;
            var modes = FileModes.Read(entries.Where(item => item.Entry.Exists).Select(item => Path.Combine(_repository.Root, TreeDiff.Decode(Encoding.Latin1.GetBytes(item.RawPath)))));
            await RunAsync(_index, ["read-tree", "-m", "-u", "--no-sparse-checkout", "--recurse-submodules", Tree, tree]).ConfigureAwait(false);
            modes.Restore();
        }
        finally
        {
            File.Delete(target);
        }
    }

    /// <summary>What the user's sparse checkout leaves out and nothing changed is no file.</summary>
    private static bool IsOutside(Dictionary<string, IndexEntry> index, string path, TreeEntry entry) =>
        index.GetValueOrDefault(path, IndexEntry.Nothing) is { IsSkipped: true } kept && kept.Entry.IsSameAs(entry);

    public void Dispose() => File.Delete(_index);

    private Task<GitProgram.Result> RunAsync(string index, IReadOnlyList<string> arguments, byte[]? input = null) => GitProgram.RunAsync(
        _repository.Root, arguments, new Dictionary<string, string>(_snapshots.Environment) { ["GIT_INDEX_FILE"] = index }, input);
}
