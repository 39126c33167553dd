using ClaudeTasks.Model;
using ClaudeTasks.Store;

namespace ClaudeTasks.Engine;

/// <summary>The store's file: its place, its checks and its repair. The static methods do not need a store that can be opened.</summary>
public sealed class TaskStore
{
    private readonly EngineContext _context;

    internal TaskStore(EngineContext context) => _context = context;

    /// <summary>The store's file.</summary>
    public string Path => _context.Location.DatabasePath;

    /// <summary>Whether the store's file was deleted or replaced since it was opened, so that another engine must be opened.</summary>
    public bool IsGone => _context.Database.HasMoved;

    /// <summary>Returns the file of the user's store as the environment names it now.</summary>
    public static string FindPath() => StoreLocation.Find().DatabasePath;

    /// <summary>Checks the user's store. Changes and creates nothing.</summary>
    public static Task<IReadOnlyList<PrerequisiteCheck>> CheckAsync(CancellationToken cancellation) =>
        Task.Run<IReadOnlyList<PrerequisiteCheck>>(
            () =>
            {
                var checks = new List<PrerequisiteCheck>();
                foreach (var check in new StoreCheck(StoreLocation.Find()).Run())
                {
                    cancellation.ThrowIfCancellationRequested();
                    checks.Add(check);
                }

                return checks;
            },
            cancellation);

    /// <summary>Saves everything that can be read from the user's store into a good file and keeps the old file beside it.</summary>
    /// <param name="release">Disposes the engines that this process has open on the store. Called once no other process uses it.</param>
    /// <param name="cancellation">Ends the call before the repair begins.</param>
    /// <exception cref="ClaudeTaskException">There is no store, it is in use, or nothing can be read from it. It is unchanged.</exception>
    public static Task<ClaudeTaskStoreRepair> RepairAsync(Action release, CancellationToken cancellation) =>
        Task.Run(() => StoreRepair.Run(StoreLocation.Find(), release), cancellation);

    /// <summary>Returns the space that removed tasks have left in the store's file to the disk.</summary>
    public Task CompactAsync(CancellationToken cancellation) =>
        Task.Run(() => Compaction.Run(_context.Database, () => cancellation.IsCancellationRequested), cancellation);
}
