using System.Text;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;

namespace ClaudeTasks.Git;

/// <summary>
/// The user's own index. Entries are changed one by one and only where they are what they are expected to be; what was there before is
/// kept in the task's folder under the name of the decision, so that taking the decision back brings it again.
/// </summary>
/// <param name="repository">The working tree.</param>
/// <param name="snapshots">The task's objects, beside which the replaced entries are kept.</param>
internal sealed class UserIndex(GitRepository repository, SnapshotStore snapshots)
{
    /// <summary>
    /// With it git would take entries outside a sparse checkout for ordinary ones as soon as a file lies there, and write that down.
    /// </summary>
    private static readonly string[] KeepSparse = ["-c", "core.sparseCheckout=false"];

    private static readonly TimeSpan LockLimit = TimeSpan.FromSeconds(3);

    /// <summary>Waits a moment for another git command to let go of the index.</summary>
    /// <exception cref="ClaudeTaskException">It stays locked; nothing was changed.</exception>
    public async Task RequireUnlockedAsync()
    {
        if (!await Poll.UntilAsync(() => !File.Exists(LockPath), LockLimit, repository.Cancellation).ConfigureAwait(false))
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.GitFailed,
                $"Another git command has the index of '{repository.Root}' locked. Nothing was changed.",
                repository.Root,
                "Wait for it to end, then decide again. When no git command is at work there, one that crashed has left the lock: "
                    + $"delete '{LockPath}'.");
        }
    }

    /// <summary>What is staged; an entry that is only intended to be added is nothing.</summary>
    public async Task<Dictionary<string, IndexEntry>> ReadAsync()
    {
        var listing = await RunAsync(["ls-files", "-v", "--stage", "-z"]).ConfigureAwait(false);
        var intended = TreeReader
            .Split((await RunAsync(["diff-files", "--name-only", "--diff-filter=A", "-z"]).ConfigureAwait(false)).Output)
            .ToHashSet(StringComparer.Ordinal);
        var entries = new Dictionary<string, IndexEntry>(StringComparer.Ordinal);
        foreach (var line in TreeReader.Split(listing.Output))
        {
            // "letter mode id stage TAB path"; a path with a conflict appears as what it conflicts with last.
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            var fields = line[..tab].Split(' ');
            var isIntended = intended.Contains(line[(tab + 1)..]);
            entries[line[(tab + 1)..]] = new IndexEntry(
                new TreeEntry(isIntended ? TreeEntry.NoMode : fields[1], fields[2]), isIntended, IsSkipped: fields[0] is "S" or "s")
            {
                IsUnmerged = fields[3] != "0",
            };
        }

        return entries;
    }

    /// <summary>Sets entries that are one of those expected. To be done again after a crash, it finds what is left to do.</summary>
    /// <param name="name">Names the decision.</param>
    /// <param name="moves">The paths, with what is there and what shall be.</param>
    public async Task MoveAsync(string name, IEnumerable<PathChange> moves)
    {
        var index = await ReadAsync().ConfigureAwait(false);
        var wanted = moves.Select(move => (Move: move, Now: index.GetValueOrDefault(move.RawPath, IndexEntry.Nothing)))
            .Where(item => item.Now.IsIntended || (!item.Now.Entry.IsSameAs(item.Move.Result) && item.Now.Entry.IsSameAs(item.Move.Base)))
            .ToList();
        if (wanted.Count == 0)
        {
            return;
        }

        PrivateFiles.CreateFolder(snapshots.ObjectsFolder);
        await using (var file = PrivateFiles.Append(PathOf(name)))
        {
            await file.WriteAsync(Encoding.Latin1.GetBytes(string.Concat(wanted.Select(item =>
                $"{item.Now.Entry.Mode} {item.Now.Entry.Id} {(item.Now.IsIntended ? 1 : 0)} "
                + $"{item.Move.Result.Mode} {item.Move.Result.Id} {(item.Now.IsSkipped ? 1 : 0)}\t{item.Move.RawPath}\0"))))
                .ConfigureAwait(false);
        }

        await SetAsync(wanted.Select(item => (item.Move.RawPath, item.Move.Result, item.Now.IsSkipped))).ConfigureAwait(false);
    }

    /// <summary>Brings back what <see cref="MoveAsync"/> replaced, where nobody staged anything else since.</summary>
    public async Task RestoreAsync(string name)
    {
        if (!File.Exists(PathOf(name)))
        {
            return;
        }

        var index = await ReadAsync().ConfigureAwait(false);

        // A path that was moved twice, because a hook committed another version, goes back to where it was first.
        var kept = TreeReader.Split(await File.ReadAllBytesAsync(PathOf(name)).ConfigureAwait(false))
            .Select(line => (
                Fields: line[..line.IndexOf('\t', StringComparison.Ordinal)].Split(' '),
                RawPath: line[(line.IndexOf('\t', StringComparison.Ordinal) + 1)..]))
            .GroupBy(item => item.RawPath, item => item.Fields, StringComparer.Ordinal)
            .Select(moves => (
                RawPath: moves.Key,
                From: new TreeEntry(moves.First()[0], moves.First()[1]),
                IsIntended: moves.First()[2] == "1",
                To: new TreeEntry(moves.Last()[3], moves.Last()[4]),
                IsSkipped: moves.First()[5] == "1"))
            .Where(item => index.GetValueOrDefault(item.RawPath, IndexEntry.Nothing).Entry.IsSameAs(item.To))
            .ToList();
        await SetAsync(kept.Select(item => (item.RawPath, item.From, item.IsSkipped))).ConfigureAwait(false);
        var intended = kept.Where(item => item.IsIntended).Select(item => item.RawPath).ToList();
        if (intended.Count > 0)
        {
            await RunAsync(["add", "--intent-to-add", "--force", "--pathspec-from-file=-", "--pathspec-file-nul"], Paths(intended))
                .ConfigureAwait(false);
        }

        File.Delete(PathOf(name));
    }

    /// <summary>
    /// Looks at the files again: an entry that was set by its content alone looks changed to git's plumbing until then. A file that was
    /// written with other line ends looks changed to git by its size, so its entry is set again, after which git looks at its content.
    /// </summary>
    /// <param name="rawPaths">The files that were written.</param>
    public async Task RefreshAsync(IEnumerable<string> rawPaths)
    {
        await LookAsync().ConfigureAwait(false);
        var written = rawPaths.ToHashSet(StringComparer.Ordinal);
        written.IntersectWith(TreeReader.Split((await RunAsync(["diff-files", "--name-only", "-z"]).ConfigureAwait(false)).Output));
        if (written.Count == 0)
        {
            return;
        }

        var index = await ReadAsync().ConfigureAwait(false);
        await SetAsync(index
            .Where(item => written.Contains(item.Key) && item.Value is { IsIntended: false, IsUnmerged: false, Entry.IsFile: true })
            .Select(item => (item.Key, item.Value.Entry, item.Value.IsSkipped))).ConfigureAwait(false);
        await LookAsync().ConfigureAwait(false);
    }

    private Task<ProgramResult> LookAsync() => repository.Git.TryRunAsync([.. KeepSparse, "update-index", "-q", "--refresh"]);

    private async Task SetAsync(IEnumerable<(string RawPath, TreeEntry Entry, bool IsSkipped)> entries)
    {
        var all = entries.ToList();
        if (all.Count == 0)
        {
            return;
        }

        // A merge of the task's work with the user's is in no commit.
        var content = all.Where(item => item.Entry.HasContent).Select(item => item.Entry.Id);
        await ObjectCopy.CopyAsync(snapshots, repository.Git, content).ConfigureAwait(false);
        await RunAsync(
            ["update-index", "-z", "--index-info"],
            TreeReader.ToIndexInfo(all.Select(item => (item.RawPath, item.Entry)), repository.NoId)).ConfigureAwait(false);
        var skipped = all.Where(item => item.Entry.Exists && item.IsSkipped).Select(item => item.RawPath).ToList();
        if (skipped.Count > 0)
        {
            await RunAsync(["update-index", "--skip-worktree", "-z", "--stdin"], Paths(skipped)).ConfigureAwait(false);
        }
    }

    private string PathOf(string name) => Path.Combine(snapshots.ObjectsFolder, "index." + name);

    private static byte[] Paths(IEnumerable<string> rawPaths) =>
        Encoding.Latin1.GetBytes(string.Concat(rawPaths.Select(path => path + "\0")));

    private string LockPath => Path.Combine(repository.GitFolder, "index.lock");

    /// <summary>git itself does not wait for a lock.</summary>
    private async Task<ProgramResult> RunAsync(string[] arguments, byte[]? input = null)
    {
        string[] command = [.. KeepSparse, .. arguments];
        ProgramResult? result = null;
        await Poll.UntilAsync(
            async () =>
                (result = await repository.Git.TryRunAsync(command, input).ConfigureAwait(false)).ExitCode == 0 || !File.Exists(LockPath),
            LockLimit,
            repository.Cancellation).ConfigureAwait(false);
        if (result is { ExitCode: 0 })
        {
            return result;
        }

        return await repository.Git.RunAsync(command, input).ConfigureAwait(false);
    }
}
