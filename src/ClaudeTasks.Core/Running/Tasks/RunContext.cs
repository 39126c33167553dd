using ClaudeTasks.Model;
using ClaudeTasks.Store;

namespace ClaudeTasks.Running;

/// <summary>What a worker shares with its runs.</summary>
/// <param name="Database">The store.</param>
/// <param name="Location">Where the store keeps what is not in it.</param>
/// <param name="Events">Takes the tasks' events.</param>
/// <param name="OnAtWork">Told when something of a task's begins to run, and when it has ended.</param>
/// <param name="QuestionScript">Runs the users' code that decides questions; null where nothing can.</param>
internal sealed record RunContext(
    Database Database, StoreLocation Location, EventWriter Events, Action<bool> OnAtWork, IQuestionScript? QuestionScript);
