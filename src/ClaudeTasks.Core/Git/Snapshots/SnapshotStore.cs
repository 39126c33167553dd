using System.Text;
using ClaudeTasks.Model;

namespace ClaudeTasks.Git;

/// <summary>
/// Takes a snapshot of the whole work tree as a git tree, untracked files included, ignored ones not. It works on a private copy of the
/// index and writes to a private object directory: the user's index, refs, stash and objects stay as they are.
/// </summary>
/// <param name="repository">The work tree.</param>
/// <param name="objectsFolder">The task's own object directory; made when something has to be written.</param>
internal sealed class SnapshotStore(GitRepository repository, string objectsFolder)
{
    private const int UsageError = 129;

    /// <summary>Of more changed files than this, each is not made a file of its own, which takes longer than anything else here.</summary>
    private const int Many = 100;

    /// <summary>
    /// Large files go as they are into one pack, read piece by piece: compressing them takes ten times as long as hashing them, and most are
    /// compressed already. Small ones stay as git keeps them.
    /// </summary>
    private static readonly string[] LargeInPack = ["-c", "core.bigFileThreshold=10m", "-c", "pack.compression=0"];

    private static readonly string[] AllInPack = ["-c", "core.bigFileThreshold=1", "-c", "pack.compression=0"];

    /// <summary>Before, <c>update-index</c> made a pack for each file.</summary>
    private static readonly Version FirstOfOnePack = new(2, 37);

    private readonly Dictionary<string, string> _environment = new()
    {
        ["GIT_OBJECT_DIRECTORY"] = objectsFolder,
        ["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = Quote(Path.Combine(repository.CommonFolder, "objects")),

        // git takes memory for each object and gives it back; glibc would ask the kernel each time, for half of git's time.
        ["MALLOC_TRIM_THRESHOLD_"] = "67108864",
        ["MALLOC_TOP_PAD_"] = "16777216",
    };

    /// <summary>The environment in which git reads the repository's objects and this store's, and writes to this store only.</summary>
    public IReadOnlyDictionary<string, string> Environment
    {
        get
        {
            // Without the folder git would say that there is no repository.
            Directory.CreateDirectory(objectsFolder);
            return _environment;
        }
    }

    private string UsersIndex => Path.Combine(repository.GitFolder, "index");

    private bool HasModules => File.Exists(Path.Combine(repository.Root, ".gitmodules"));

    /// <summary>A tree, and what git could not take into it; null when it took everything.</summary>
    public readonly record struct Snapshot(string Tree, string? Problem);

    private readonly record struct IndexStamp(long Length, DateTime Written);

    /// <summary>What lies in the work tree now. A clean tree costs no hashing: its tree is the commit's.</summary>
    public async Task<Snapshot> TakeAsync(CancellationToken cancellation)
    {
        var seen = StampOfIndex();

        // Of a submodule that no .gitmodules knows, a setting could hide another commit. What is not committed in one is in no tree.
        string[] settings = HasModules ? [] : ["-c", "diff.ignoreSubmodules=dirty"];
        var status = await repository.ReadStatusAsync(cancellation, settings).ConfigureAwait(false);
        if (status.IsClean)
        {
            return new Snapshot(await repository.ReadTreeAsync(status.Commit).ConfigureAwait(false), null);
        }

        var index = Path.Combine(objectsFolder, "index");
        try
        {
            var snapshot = await FillIndexAsync(index, (status, seen), cancellation).ConfigureAwait(false);
            if (status.Staged.Count > 0)
            {
                await File.WriteAllBytesAsync(StagedPath(snapshot.Tree), TreeReader.ToIndexInfo(status.Staged), cancellation).ConfigureAwait(false);
            }

            return snapshot;
        }
        finally
        {
            File.Delete(index);
        }
    }

    /// <summary>What was staged in the user's index when a tree was taken, by whoever did.</summary>
    public async Task<Dictionary<string, TreeEntry>> ReadStagedAsync(string tree) =>
        File.Exists(StagedPath(tree)) ? TreeReader.FromIndexInfo(await File.ReadAllBytesAsync(StagedPath(tree)).ConfigureAwait(false)) : [];

    /// <summary>Makes a private index of all that lies in the work tree now, and its tree.</summary>
    public Task<Snapshot> FillIndexAsync(string index, CancellationToken cancellation) => FillIndexAsync(index, null, cancellation);

    /// <param name="index">Where to make it.</param>
    /// <param name="known">What a status said, and the index it was about; null to look at every file.</param>
    /// <param name="cancellation">Ends the command.</param>
    private async Task<Snapshot> FillIndexAsync(string index, (GitStatus Status, IndexStamp Seen)? known, CancellationToken cancellation)
    {
        try
        {
            var environment = new Dictionary<string, string>(Environment) { ["GIT_INDEX_FILE"] = index };
            if (File.Exists(UsersIndex))
            {
                // The copy keeps the time stamp, by which git knows that entries as young as the index itself must be looked at again.
                File.Copy(UsersIndex, index, overwrite: true);
                File.SetLastWriteTimeUtc(index, File.GetLastWriteTimeUtc(UsersIndex));
            }

            var packing = known?.Status.Changed.Count > Many ? AllInPack : LargeInPack;
            var status = known is { } about && about.Seen == StampOfIndex() && !about.Status.HasInner && !HasModules ? about.Status : null;
            var problem = status is not null && await TryAddAsync(status, packing, environment, cancellation).ConfigureAwait(false)
                ? null
                : await AddAllAsync(packing, environment, cancellation).ConfigureAwait(false);

            // What was not changed is not looked for: in a partial clone that would fetch it.
            var tree = (await GitProgram.RunAsync(repository.Root, ["write-tree", "--missing-ok"], environment, cancellation: cancellation).ConfigureAwait(false)).Text;
            return new Snapshot(tree, problem);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.GitFailed, $"No snapshot of '{repository.Root}' could be taken: {e.Message}", repository.Root,
                "Check that the disk has room, and that you may read all files there.", e);
        }
    }

    /// <summary>A tree with other content at some paths.</summary>
    public async Task<string> ReplaceAsync(string tree, IReadOnlyCollection<(string RawPath, TreeEntry Entry)> entries)
    {
        if (entries.Count == 0)
        {
            return tree;
        }

        var index = Path.Combine(objectsFolder, "index.replace");
        var environment = new Dictionary<string, string>(Environment) { ["GIT_INDEX_FILE"] = index };
        try
        {
            await GitProgram.RunAsync(repository.Root, ["read-tree", tree], environment).ConfigureAwait(false);
            await GitProgram.RunAsync(repository.Root, ["update-index", "-z", "--index-info"], environment, TreeReader.ToIndexInfo(entries)).ConfigureAwait(false);
            return (await GitProgram.RunAsync(repository.Root, ["write-tree"], environment).ConfigureAwait(false)).Text;
        }
        finally
        {
            File.Delete(index);
        }
    }

    /// <summary>
    /// A tree with what others changed meanwhile, where it had what they began from: the base against which only a task's own work differs.
    /// </summary>
    public async Task<string> FollowAsync(string tree, IEnumerable<(string From, string To)> changed)
    {
        foreach (var (from, to) in changed.Where(pair => pair.From != pair.To))
        {
            var before = await TreeReader.ReadTreeAsync(repository.Root, tree, Environment).ConfigureAwait(false);
            var changes = await TreeReader.CompareAsync(repository.Root, from, to, Environment).ConfigureAwait(false);
            tree = await ReplaceAsync(
                tree,
                [.. changes.Where(change => TreeReader.At(before, change.RawPath).IsSameAs(change.Base)).Select(change => (change.RawPath, change.Result))])
                .ConfigureAwait(false);
        }

        return tree;
    }

    /// <summary>Keeps content as it is, no filter applied, and returns its id.</summary>
    public async Task<string> WriteBlobAsync(byte[] content)
    {
        return (await GitProgram.RunAsync(repository.Root, ["hash-object", "-w", "--stdin"], Environment, content).ConfigureAwait(false)).Text;
    }

    private string StagedPath(string tree) => Path.Combine(objectsFolder, "staged." + tree);

    /// <summary>
    /// Adds what the status named, which spares a second look at all other files. False where git has something to say about one of them:
    /// then <see cref="AddAllAsync"/> loses nothing by what was added here.
    /// </summary>
    private async Task<bool> TryAddAsync(GitStatus status, string[] packing, Dictionary<string, string> environment, CancellationToken cancellation)
    {
        if (packing == AllInPack && !(await GitProgram.RecallVersionAsync().ConfigureAwait(false) >= FirstOfOnePack))
        {
            return false;
        }

        var paths = Encoding.Latin1.GetBytes(string.Concat(status.Changed.Select(path => path + '\0')));
        string[] add = [.. repository.CaseSetting, .. packing, "update-index", "-z", "--add", "--remove", "--replace", "--ignore-skip-worktree-entries", "--stdin"];
        var added = await GitProgram.TryRunAsync(repository.Root, add, environment, paths, cancellation).ConfigureAwait(false);
        DeleteUnfinished(added);
        return added is { ExitCode: 0, Error: "" };
    }

    /// <summary>Adds all that lies in the work tree, and returns what git could not take; null when it took everything.</summary>
    private async Task<string?> AddAllAsync(string[] packing, Dictionary<string, string> environment, CancellationToken cancellation)
    {
        // One file that can't be read, or a repository without a commit inside this one, must not cost the rest.
        string[] add = [.. repository.CaseSetting, .. packing, "add", "--all", "--ignore-errors"];

        // git before 2.34 adds what lies outside a sparse checkout without being asked, and does not know the option.
        var added = await GitProgram.TryRunAsync(repository.Root, [.. add, "--sparse"], environment, cancellation: cancellation).ConfigureAwait(false);
        if (added.ExitCode == UsageError)
        {
            added = await GitProgram.TryRunAsync(repository.Root, add, environment, cancellation: cancellation).ConfigureAwait(false);
        }

        DeleteUnfinished(added);
        return added.ExitCode == 0 ? null : added.Error;
    }

    /// <summary>git leaves the pack that it could not finish.</summary>
    private void DeleteUnfinished(GitProgram.Result result)
    {
        var packs = Path.Combine(objectsFolder, "pack");
        if (result.ExitCode != 0 && Directory.Exists(packs))
        {
            foreach (var unfinished in Directory.EnumerateFiles(packs, "tmp_*"))
            {
                File.Delete(unfinished);
            }
        }
    }

    /// <summary>By which an index is known again: git never changes one, but puts another in its place.</summary>
    private IndexStamp StampOfIndex() =>
        new FileInfo(UsersIndex) is { Exists: true } file ? new IndexStamp(file.Length, file.LastWriteTimeUtc) : default;

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
