using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Store;

namespace ClaudeTasks.Engine;

/// <summary>
/// Refuses what belongs to the user when a process of a task asks for it: an agent, a gate, or a program that one of them started. A task
/// is known by the cookie in its environment and by its agent among the caller's ancestors. A program that gets rid of both is not known.
/// </summary>
internal static class UserOnly
{
    /// <summary>Makes sure that the caller may decide for the user.</summary>
    /// <param name="database">The store.</param>
    /// <param name="what">What the caller wants to do, as the beginning of a sentence.</param>
    /// <exception cref="ClaudeTaskException">
    /// This process belongs to a task that was started without <see cref="ClaudeTaskSettings.AllowDecisions"/>.
    /// </exception>
    public static void Require(Database database, string what)
    {
        if (FindTask(database) is { } task && task.Settings.AllowDecisions != true)
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.UserRequired,
                $"{what} belongs to the user, and is refused inside task {task.Id}.",
                task.Id,
                "Run the command in a session of your own. Or start the task with -AllowDecisions.");
        }
    }

    /// <summary>Finds the task of this store to which this process belongs; null if there is none.</summary>
    private static TaskRecord? FindTask(Database database)
    {
        var cookie = Environment.GetEnvironmentVariable(ProcessTree.CookieVariable);
        if (Guid.TryParse(cookie, out var guid)
            && database.Read(connection =>
                TaskTable.FindId(connection, guid) is { } id ? TaskTable.Find(connection, id) : null) is { } task)
        {
            return task;
        }

        var ancestors = ProcessAncestors.Read().ToHashSet();
        return ancestors.Count == 0
            ? null
            : database.Read(TaskTable.WithAgents).Find(
                task => ProcessIdentity.Parse(task.AgentProcess) is { } agent && ancestors.Contains(agent));
    }
}
