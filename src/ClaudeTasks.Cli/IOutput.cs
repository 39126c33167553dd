using ClaudeTasks.Model;

namespace ClaudeTasks.Cli;

/// <summary>How <c>run</c> shows a task.</summary>
internal interface IOutput
{
    void Started(ClaudeTask task);

    void Blocked(ClaudeTask task, ClaudeTask blocker);

    void Event(ClaudeTaskEvent item);

    void Ended(ClaudeTask task);
}
