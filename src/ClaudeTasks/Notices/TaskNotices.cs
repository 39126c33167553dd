using ClaudeTasks.Model;
using ClaudeTasks.Pipeline;
using ClaudeTasks.Views;

namespace ClaudeTasks.Notices;

/// <summary>
/// Tells the user through the terminal that a task ended or needs them, each time once, and nothing where output is redirected.
/// </summary>
/// <param name="isWanted">Whether the user wants to be told.</param>
/// <param name="write">Writes to the terminal.</param>
internal sealed class TaskNotices(bool isWanted, Action<string> write)
{
    private readonly Dictionary<int, string?> _known = [];

    /// <summary>Looks at a task for the first time: how it is now is no news.</summary>
    public void Remember(ClaudeTask task) => _known[task.Id] = News(task);

    /// <summary>Tells what is new.</summary>
    public void Look(ClaudeTask task)
    {
        var news = News(task);
        var isNew = news is not null && news != _known.GetValueOrDefault(task.Id);
        _known[task.Id] = news;
        if (isNew && isWanted && Terminal.ShowsOutput)
        {
            write(NoticeSequence.Of($"Task {task.Id} {news}", TaskView.Prompt(task, 80), Environment.GetEnvironmentVariable));
        }
    }

    /// <summary>What a user wants to be called for: an end, and what waits for a person.</summary>
    private static string? News(ClaudeTask task) =>
        TaskView.AsksFor(task) is { } question ? $"asks {question}"
        : task.IsSuspended ? "is suspended"
        : task.IsSettled ? TaskView.State(task)
        : null;
}
