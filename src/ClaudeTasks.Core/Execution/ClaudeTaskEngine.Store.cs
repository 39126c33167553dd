using ClaudeTasks.Storage;
using ClaudeTasks.Tasks;

namespace ClaudeTasks.Execution;

/// <content>The store itself: what is wrong with it, and its repair. Neither needs a store that can be opened.</content>
public sealed partial class ClaudeTaskEngine
{
    /// <summary>Looks at the user's store and tells what is wrong with it, one check after the other. Changes nothing and makes nothing.</summary>
    public static IEnumerable<PrerequisiteCheck> CheckStore() => new StoreCheck(StoreLocation.Find()).Run();

    /// <summary>
    /// Saves all that can be read of the user's store into a good file and keeps the old one beside it. No engine of this process may be open
    /// on it.
    /// </summary>
    /// <exception cref="ClaudeTaskException">There is no store, somebody uses it, or nothing of it can be read. It is as it was then.</exception>
    public static ClaudeTaskStoreRepair RepairStore() => StoreRepair.Run(StoreLocation.Find());
}
