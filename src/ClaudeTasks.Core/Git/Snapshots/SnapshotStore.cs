using System.Text;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;

namespace ClaudeTasks.Git;

/// <summary>
/// Takes a snapshot of the whole working tree as a git tree, including untracked files but not ignored ones. It works on a private copy of
/// the index and writes to the operation's own object directory, so readers, the worker and decisions never meet in a file. The user's
/// index, refs, stash and objects stay as they are.
/// </summary>
/// <param name="repository">The working tree.</param>
/// <param name="objectsFolder">The task's own objects: read here, and added to by <see cref="Keep"/> alone.</param>
/// <param name="workspace">The operation's scratch folder.</param>
internal sealed class SnapshotStore(GitRepository repository, string objectsFolder, Workspace workspace)
{
    private const int UsageError = 129;

    /// <summary>Of more changed files than this, each is not made a file of its own, which takes longer than anything else here.</summary>
    private const int Many = 100;

    /// <summary>
    /// Large files go as they are into one pack, read piece by piece: compressing them takes ten times as long as hashing them, and most
    /// are compressed already. Small ones stay as git keeps them.
    /// </summary>
    private static readonly string[] LargeInPack = ["-c", "core.bigFileThreshold=10m", "-c", "pack.compression=0"];

    private static readonly string[] AllInPack = ["-c", "core.bigFileThreshold=1", "-c", "pack.compression=0"];

    /// <summary>Before, <c>update-index</c> made a pack for each file.</summary>
    private static readonly Version FirstOfOnePack = new(2, 37);

    private readonly string _scratch = Path.Combine(workspace.Folder, "objects");

    /// <summary>
    /// Runs git where it reads the repository's objects, the task's and the operation's, and writes to the operation's only.
    /// </summary>
    public GitCall Git
    {
        get
        {
            // Without the folder git would say that there is no repository. A task without objects of its own has no folder for them.
            PrivateFiles.CreateFolder(_scratch);
            string[] others = [.. new[] { objectsFolder }.Where(Directory.Exists), Path.Combine(repository.CommonFolder, "objects")];
            return new GitCall(
                repository.Root,
                new Dictionary<string, string>
                {
                    [GitRepository.WorkTreeVariable] = repository.Root,
                    ["GIT_OBJECT_DIRECTORY"] = _scratch,
                    ["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = string.Join(Path.PathSeparator, others.Select(Quote)),

                    // git takes memory for each object and gives it back; glibc would ask the kernel each time, for half of git's time.
                    ["MALLOC_TRIM_THRESHOLD_"] = "67108864",
                    ["MALLOC_TOP_PAD_"] = "16777216",
                },
                workspace.Cancellation);
        }
    }

    /// <summary>Runs git where it sees the objects of the task and of the operation only.</summary>
    public GitCall OwnGit => Git.With(
        "GIT_ALTERNATE_OBJECT_DIRECTORIES", Directory.Exists(objectsFolder) ? Quote(objectsFolder) : "");

    /// <summary>The task's own objects.</summary>
    public string ObjectsFolder => objectsFolder;

    private string UsersIndex => Path.Combine(repository.GitFolder, "index");

    private bool HasModules => File.Exists(Path.Combine(repository.Root, ".gitmodules"));

    /// <summary>A tree, and git's words on what it could not take into it; null when it took everything.</summary>
    public readonly record struct Snapshot(string Tree, string? Problem);

    private readonly record struct IndexStamp(long Length, DateTime Written);

    /// <summary>Takes what lies in the working tree now. A clean tree costs no hashing: its tree is the commit's.</summary>
    public async Task<Snapshot> TakeAsync()
    {
        var seen = StampOfIndex();

        // Of a submodule that no .gitmodules knows, a setting could hide another commit. What is not committed in one is in no tree.
        string[] settings = HasModules ? [] : ["-c", "diff.ignoreSubmodules=dirty"];
        var status = await repository.ReadStatusAsync(settings).ConfigureAwait(false);
        if (status.IsClean)
        {
            return new Snapshot(await repository.ReadTreeAsync(status.Commit).ConfigureAwait(false), null);
        }

        var snapshot = await FillIndexAsync(workspace.NewPath("index"), (status, seen)).ConfigureAwait(false);
        if (status.Staged.Count > 0)
        {
            await File.WriteAllBytesAsync(
                Path.Combine(_scratch, Staged(snapshot.Tree)),
                TreeReader.ToIndexInfo(status.Staged, repository.NoId),
                workspace.Cancellation).ConfigureAwait(false);
        }

        return snapshot;
    }

    /// <summary>The copies of files whose bytes git does not keep.</summary>
    public RawContents RawContents => new(repository.Root, objectsFolder);

    /// <summary>Keeps the bytes of the files that were just taken into a tree.</summary>
    /// <param name="from">The tree before. A file that is the same in it is not looked at.</param>
    /// <param name="tree">The tree of now.</param>
    public async Task KeepRawAsync(string from, string tree)
    {
        var changes = await TreeReader.CompareAsync(Git, from, tree).ConfigureAwait(false);
        await RawContents.KeepAsync(
            changes.Select(change => (TreeDiff.Decode(Encoding.Latin1.GetBytes(change.RawPath)), change.Result)),
            replaces: true,
            workspace.Cancellation).ConfigureAwait(false);
    }

    /// <summary>Adds what this operation wrote to the task's own objects, so that it outlives the operation.</summary>
    public void Keep()
    {
        if (!Directory.Exists(_scratch))
        {
            return;
        }

        // An index without its pack would be a damaged pack to every reader, so indexes go last.
        foreach (var path in Directory.EnumerateFiles(_scratch, "*", SearchOption.AllDirectories)
            .Where(path => !Path.GetFileName(path).StartsWith("tmp_", StringComparison.Ordinal))
            .OrderBy(path => path.EndsWith(".idx", StringComparison.Ordinal)))
        {
            var target = Path.Combine(objectsFolder, Path.GetRelativePath(_scratch, path));
            PrivateFiles.CreateFolder(Path.GetDirectoryName(target)!);
            if (!File.Exists(target))
            {
                PrivateFiles.Restrict(path);
                File.Move(path, target);
            }
        }
    }

    /// <summary>Reads what was staged in the user's index when a tree was taken, by the user or by the task.</summary>
    public async Task<Dictionary<string, TreeEntry>> ReadStagedAsync(string tree)
    {
        var path = new[] { _scratch, objectsFolder }.Select(folder => Path.Combine(folder, Staged(tree))).FirstOrDefault(File.Exists);
        return path is null
            ? []
            : TreeReader.FromIndexInfo(await File.ReadAllBytesAsync(path, workspace.Cancellation).ConfigureAwait(false));
    }

    /// <summary>Makes a private index of all that lies in the working tree now, and its tree.</summary>
    public Task<Snapshot> FillIndexAsync(string index) => FillIndexAsync(index, null);

    /// <param name="index">Where to make it.</param>
    /// <param name="known">The answer of <c>git status</c>, and the index it was about; null to look at every file.</param>
    private async Task<Snapshot> FillIndexAsync(string index, (GitStatus Status, IndexStamp Seen)? known)
    {
        try
        {
            var git = Git.With("GIT_INDEX_FILE", index);
            if (File.Exists(UsersIndex))
            {
                // The copy keeps the time stamp, by which git knows that entries as young as the index itself must be looked at again.
                File.Copy(UsersIndex, index, overwrite: true);
                File.SetLastWriteTimeUtc(index, File.GetLastWriteTimeUtc(UsersIndex));
            }
            else
            {
                await git.RunAsync(["read-tree", "--empty"]).ConfigureAwait(false);
            }

            var packing = known?.Status.Changed.Count > Many ? AllInPack : LargeInPack;
            var status = known is { } about && about.Seen == StampOfIndex() && !about.Status.HasInner && !HasModules ? about.Status : null;
            var problem = status is not null && await TryAddAsync(git, status, packing).ConfigureAwait(false)
                ? null
                : await AddAllAsync(git, packing).ConfigureAwait(false);

            // What was not changed is not looked for: in a partial clone that would fetch it.
            return new Snapshot(await WriteTreeAsync(git, "--missing-ok").ConfigureAwait(false), problem);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.GitFailed, $"No snapshot of '{repository.Root}' could be taken: {e.Message}", repository.Root,
                "Check that the disk has room, and that you may read all files there.", e);
        }
    }

    /// <summary>Writes a tree. Without an index git would write the empty tree and call that a success.</summary>
    /// <param name="git">A call whose environment names a private index.</param>
    /// <param name="options">Options of <c>git write-tree</c>.</param>
    public static async Task<string> WriteTreeAsync(GitCall git, params string[] options)
    {
        var index = git.Environment!["GIT_INDEX_FILE"];
        return File.Exists(index)
            ? (await git.RunAsync(["write-tree", .. options]).ConfigureAwait(false)).Text
            : throw new ClaudeTaskException(
                ClaudeTaskErrorId.GitFailed,
                $"The private index '{index}' of '{git.Folder}' was deleted by another program. Nothing was changed.",
                git.Folder,
                "Run the command again.");
    }

    /// <summary>A tree with other content at some paths.</summary>
    public async Task<string> ReplaceAsync(string tree, IReadOnlyCollection<(string RawPath, TreeEntry Entry)> entries)
    {
        if (entries.Count == 0)
        {
            return tree;
        }

        var git = Git.With("GIT_INDEX_FILE", workspace.NewPath("index"));
        await git.RunAsync(["read-tree", tree]).ConfigureAwait(false);
        await git.RunAsync(["update-index", "-z", "--index-info"], TreeReader.ToIndexInfo(entries, repository.NoId)).ConfigureAwait(false);
        return await WriteTreeAsync(git).ConfigureAwait(false);
    }

    /// <summary>
    /// A tree with what others changed meanwhile, where it had what they began from: the base against which only a task's own work differs.
    /// </summary>
    public async Task<string> FollowAsync(string tree, IEnumerable<(string From, string To)> changed)
    {
        foreach (var (from, to) in changed.Where(pair => pair.From != pair.To))
        {
            var before = await TreeReader.ReadTreeAsync(Git, tree).ConfigureAwait(false);
            var changes = await TreeReader.CompareAsync(Git, from, to).ConfigureAwait(false);
            tree = await ReplaceAsync(
                tree,
                [.. changes.Where(change => TreeReader.At(before, change.RawPath).IsSameAs(change.Base))
                    .Select(change => (change.RawPath, change.Result))])
                .ConfigureAwait(false);
        }

        return tree;
    }

    /// <summary>Keeps content as it is, no filter applied, and returns its id.</summary>
    public async Task<string> WriteBlobAsync(byte[] content) =>
        (await Git.RunAsync(["hash-object", "-w", "--stdin"], content).ConfigureAwait(false)).Text;

    private static string Staged(string tree) => "staged." + tree;

    /// <summary>
    /// Adds what the status named, which spares a second look at all other files. False where git has something to say about one of them:
    /// then <see cref="AddAllAsync"/> loses nothing by what was added here.
    /// </summary>
    private async Task<bool> TryAddAsync(GitCall git, GitStatus status, string[] packing)
    {
        if (packing == AllInPack && !(await GitProgram.RecallVersionAsync(git.Cancellation).ConfigureAwait(false) >= FirstOfOnePack))
        {
            return false;
        }

        var paths = Encoding.Latin1.GetBytes(string.Concat(status.Changed.Select(path => path + '\0')));
        string[] add =
        [
            .. repository.CaseSetting, .. packing,
            "update-index", "-z", "--add", "--remove", "--replace", "--ignore-skip-worktree-entries", "--stdin"
        ];
        var added = await git.TryRunAsync(add, paths).ConfigureAwait(false);
        return added is { ExitCode: 0, Error: "" };
    }

    /// <summary>Adds all that lies in the work tree, and returns what git could not take; null when it took everything.</summary>
    private async Task<string?> AddAllAsync(GitCall git, string[] packing)
    {
        // One file that can't be read, or a repository without a commit inside this one, must not cost the rest.
        string[] add = [.. repository.CaseSetting, .. packing, "add", "--all", "--ignore-errors"];

        // git before 2.34 adds what lies outside a sparse checkout without being asked, and does not know the option.
        var added = await git.TryRunAsync([.. add, "--sparse"]).ConfigureAwait(false);
        if (added.ExitCode == UsageError)
        {
            added = await git.TryRunAsync(add).ConfigureAwait(false);
        }

        return added.ExitCode == 0 ? null : added.Error;
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
