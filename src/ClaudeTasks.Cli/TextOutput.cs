using ClaudeTasks.Model;
using ClaudeTasks.Text;

namespace ClaudeTasks.Cli;

/// <summary>Plain lines for a person or a log: no colour, no control characters that came from an agent.</summary>
internal sealed class TextOutput : IOutput
{
    public void Started(ClaudeTask task) => Console.WriteLine($"Task {task.Id} on {TerminalText.Clean(task.Repository)}");

    public void Blocked(ClaudeTask task, ClaudeTask blocker) =>
        Console.WriteLine(
            $"Task {task.Id} is queued behind task {blocker.Id}, which "
                + $"{(blocker.IsSuspended ? "is suspended" : $"waits for a decision ({blocker.Status})")}.");

    public void Event(ClaudeTaskEvent item)
    {
        if (item.Kind != ClaudeTaskEventKind.Protocol)
        {
            Console.WriteLine(EventLine.Format(item));
        }
    }

    public void Ended(ClaudeTask task)
    {
        var changes = task.FilesChanged is > 0 ? $", {task.FilesChanged} file(s) +{task.Additions} -{task.Deletions}" : "";
        Console.WriteLine($"Task {task.Id}: {task.Status}{changes}");
    }
}
