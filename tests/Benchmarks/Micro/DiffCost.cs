using System.Diagnostics;
using ClaudeTasks.Git;
using ClaudeTasks.Processes;
using ClaudeTasks.Running;
using ClaudeTasks.Store;

namespace ClaudeTasks.Benchmarks;

/// <summary>What a task's snapshot and diff take, beside git's own commands on the same tree, in turn.</summary>
internal static class DiffCost
{
    /// <summary>The milliseconds of each round, and by how many bytes <c>.git</c> grew while ours ran, all rounds together.</summary>
    /// <param name="Files">How many files our diff names.</param>
    /// <param name="OursMs">A snapshot of the work tree and its diff from the base.</param>
    /// <param name="CaptureMs">All that is done at the end of a task: that, what others did meanwhile, and the store.</param>
    /// <param name="TheirsMs"><c>git status</c> and <c>git diff</c>.</param>
    /// <param name="GrownBytes">By how much <c>.git</c> grew while ours ran.</param>
    public sealed record Figures(int Files, double[] OursMs, double[] CaptureMs, double[] TheirsMs, long GrownBytes);

    /// <summary>The milliseconds of each round with one large untracked file.</summary>
    /// <param name="SnapshotMs">Our snapshot, which keeps the file's content as it is.</param>
    /// <param name="HashMs"><c>git hash-object</c>, which compresses a file of more than 512 MB even where it keeps nothing.</param>
    /// <param name="HashOnlyMs">The same, told that the file is no large one: then it reads and hashes only.</param>
    /// <param name="KeepMs"><c>git hash-object -w</c>, which keeps it.</param>
    /// <param name="GrownBytes">By how much <c>.git</c> grew while ours ran.</param>
    public sealed record UntrackedFigures(double[] SnapshotMs, double[] HashMs, double[] HashOnlyMs, double[] KeepMs, long GrownBytes);

    /// <summary>Changes files of a repository that is clean, measures, and puts them back.</summary>
    /// <param name="folder">A repository that <see cref="LargeRepository"/> made.</param>
    /// <param name="changes">How many files.</param>
    /// <param name="isMixed">Whether a tenth of them is deleted, and as many are new; else all are modified.</param>
    /// <param name="rounds">How often, after one that does not count.</param>
    public static async Task<Figures> CompareAsync(string folder, int changes, bool isMixed, int rounds)
    {
        var repository = await GitRepository.FindAsync(folder);
        using var store = new TempStore();
        using var workspace = Workspace.Open(Path.Combine(store.Folder, "base"));
        var baseTree = (await new SnapshotStore(repository, Path.Combine(store.Folder, "objects"), workspace).TakeAsync()).Tree;
        Change(folder, changes, isMixed);
        try
        {
            List<double> ours = [], captures = [], theirs = [];
            var files = 0;
            long grown = 0;
            for (var round = 0; round <= rounds; round++)
            {
                var before = SizeOf(repository.CommonFolder);
                var our = await TimeAsync(async () =>
                {
                    using var own = Workspace.Open(Path.Combine(store.Folder, "work"));
                    var snapshots = new SnapshotStore(repository, Path.Combine(store.Folder, $"objects-{round}"), own);
                    var (tree, problem) = await snapshots.TakeAsync();
                    files = (await TreeDiff.TakeAsync(snapshots.Git, own, baseTree, tree)).Changes.Count;
                    snapshots.Keep();
                    return problem is null ? 0 : throw new InvalidOperationException(problem);
                });
                var task = AddTask(store, folder, baseTree, await repository.ReadHeadAsync());
                var capture = await TimeAsync(() => ResultCapture.SaveAsync(store.Database, store.Location, workspace, task, repository));
                grown += SizeOf(repository.CommonFolder) - before;
                var their = await TimeAsync(
                    async () => await LargeRepository.RunAsync(folder, ["status"]) + await LargeRepository.RunAsync(folder, ["diff"]));
                if (round > 0)
                {
                    ours.Add(our);
                    captures.Add(capture);
                    theirs.Add(their);
                }
            }

            return new Figures(files, [.. ours], [.. captures], [.. theirs], grown);
        }
        finally
        {
            await LargeRepository.RunAsync(folder, ["reset", "-q", "--hard"]);
            await LargeRepository.RunAsync(folder, ["clean", "-q", "-f", "-d"]);
            await LargeRepository.RunAsync(folder, ["status", "--porcelain"]);
        }
    }

    /// <summary>Measures a snapshot of a repository with one untracked file of random bytes, which do not compress.</summary>
    public static async Task<UntrackedFigures> CompareUntrackedAsync(string folder, int megabytes, int rounds)
    {
        var repository = await GitRepository.FindAsync(folder);
        using var store = new TempStore();
        var file = Path.Combine(folder, "large.bin");
        WriteRandom(file, megabytes);
        try
        {
            List<double> snapshots = [], hashes = [], hashesOnly = [], keeps = [];
            long grown = 0;
            for (var round = 0; round < rounds; round++)
            {
                using var own = Workspace.Open(Path.Combine(store.Folder, "work"));
                var before = SizeOf(repository.CommonFolder);
                snapshots.Add(await TimeAsync(() => new SnapshotStore(repository, Path.Combine(store.Folder, "objects"), own).TakeAsync()));
                grown += SizeOf(repository.CommonFolder) - before;
                hashes.Add(await TimeAsync(() => LargeRepository.RunAsync(folder, ["hash-object", file])));
                hashesOnly.Add(
                    await TimeAsync(() => LargeRepository.RunAsync(folder, ["-c", "core.bigFileThreshold=64g", "hash-object", file])));
                var other = Path.Combine(store.Folder, $"other-{round}");
                await LargeRepository.RunAsync(store.Folder, ["init", "-q", other]);
                keeps.Add(await TimeAsync(() => LargeRepository.RunAsync(other, ["hash-object", "-w", file])));
                Directory.Delete(other, recursive: true);
            }

            return new UntrackedFigures([.. snapshots], [.. hashes], [.. hashesOnly], [.. keeps], grown);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<double> TimeAsync<T>(Func<Task<T>> action)
    {
        var clock = Stopwatch.StartNew();
        await action();
        return clock.Elapsed.TotalMilliseconds;
    }

    /// <summary>A task as it is when its agent has ended.</summary>
    private static int AddTask(TempStore store, string folder, string baseTree, string? commit)
    {
        var task = store.AddTask(Guid.NewGuid(), folder);
        store.Database.Write(connection => TaskTable.Set(connection, task, ("base_tree", baseTree), ("starting_commit", commit)));
        return task;
    }

    private static void Change(string folder, int changes, bool isMixed)
    {
        // Spread over all folders. Each in its own size, as changes are, so that git sees them without reading.
        var step = changes == 0
            ? 1
            : Math.Max(1, Directory.GetFiles(Path.Combine(folder, "src"), "*", SearchOption.AllDirectories).Length / changes);
        for (var i = 0; i < changes; i++)
        {
            var path = LargeRepository.PathOf(folder, i * step);
            switch (isMixed ? i % 10 : 1)
            {
                case 0:
                    File.Delete(path);
                    break;
                case 5:
                    File.WriteAllText(path + ".new", LargeRepository.ContentOf(i, "all new"));
                    break;
                default:
                    File.WriteAllText(path, LargeRepository.ContentOf(i * step, "changed by somebody"));
                    break;
            }
        }
    }

    private static void WriteRandom(string file, int megabytes)
    {
        var random = new Random(1);
        var block = new byte[1 << 20];
        using var stream = File.Create(file);
        for (var i = 0; i < megabytes; i++)
        {
            random.NextBytes(block);
            stream.Write(block);
        }
    }

    private static long SizeOf(string folder) =>
        new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
}
