using ClaudeTasks.Model;
using ClaudeTasks.Store;

namespace ClaudeTasks.Engine;

/// <content>The store itself: what is wrong with it, and its repair. Neither needs a store that can be opened.</content>
public sealed partial class ClaudeTaskEngine
{
    /// <summary>Looks at the user's store and tells what is wrong with it, one check after the other. Changes nothing and makes nothing.</summary>
    public static IEnumerable<PrerequisiteCheck> CheckStore() => new StoreCheck(StoreLocation.Find()).Run();

    /// <summary>Saves all that can be read of the user's store into a good file and keeps the old one beside it.</summary>
    /// <param name="release">Disposes the engines that this process has open on it; called once nobody is at work with them.</param>
    /// <exception cref="ClaudeTaskException">There is no store, somebody uses it, or nothing of it can be read. It is as it was then.</exception>
    public static ClaudeTaskStoreRepair RepairStore(Action release) => StoreRepair.Run(StoreLocation.Find(), release);
}
