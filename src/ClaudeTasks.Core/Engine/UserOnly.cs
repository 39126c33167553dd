using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Store;

namespace ClaudeTasks.Engine;

/// <summary>
/// Refuses what belongs to the user when a process of a task asks for it: an agent, a gate, or a program that one of them started. A task
/// is known by the cookie in the environment of the caller or of one of its ancestors, and by its agent among the ancestors. A program that
/// gets rid of all of them is not known.
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
        if (FindTasks(database).Find(task => task.Settings.AllowDecisions != true) is { } task)
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.UserRequired,
                $"{what} belongs to the user, and is refused inside task {task.Id}.",
                task.Id,
                "Run the command in a session of your own. Or start the task with -AllowDecisions.");
        }
    }

    /// <summary>Whether a task with these settings can do more, without a question, than the defaults allow.</summary>
    public static bool Permits(TaskSettings settings) => settings.AutoApprove == true
        || settings.AllowDecisions == true
        || settings.OnQuestion is QuestionPolicy.Allow or QuestionPolicy.Script
        || settings.PermissionMode == "bypassPermissions"
        || settings.AllowedTool is { Count: > 0 }
        || settings.AgentArgument is { Count: > 0 }
        || settings.InheritVariable is { Count: > 0 };

    /// <summary>Finds all tasks of this store to which this process belongs: a nested task's process belongs to several.</summary>
    private static List<TaskRecord> FindTasks(Database database)
    {
        var ancestors = ProcessAncestors.Read().ToHashSet();
        var cookies = ancestors.SelectMany(process => ProcessAncestors.ReadVariable(process, ProcessTree.CookieVariable))
            .Append(Environment.GetEnvironmentVariable(ProcessTree.CookieVariable))
            .ToHashSet();
        return database.Read(connection =>
        {
            var named = cookies.Select(cookie => Guid.TryParse(cookie, out var guid) ? TaskTable.FindId(connection, guid) : null)
                .Select(id => id is { } number ? TaskTable.Find(connection, number) : null)
                .OfType<TaskRecord>();
            var running = ancestors.Count == 0 ? [] : TaskTable.WithAgents(connection).Where(
                task => ProcessIdentity.Parse(task.AgentProcess) is { } agent && ancestors.Contains(agent));
            return named.Concat(running).ToList();
        });
    }
}
