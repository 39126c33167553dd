using ClaudeTasks.Model;
using ClaudeTasks.Timeline;

namespace ClaudeTasks.Tests.Timeline;

/// <summary>Timelines without a terminal or a store.</summary>
internal static class TimelineFixture
{
    public static readonly DateTime Now = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    public static TimelineTask Task(
        int id, ClaudeTaskStatus status, string prompt = "Do it", ClaudeTaskWait? waitsFor = null, TimeSpan? estimate = null) => new(
        new ClaudeTask
        {
            Id = id,
            Status = status,
            Prompt = prompt,
            WaitingFor = waitsFor,
            Repository = "/src/api",
            StartedAt = status == ClaudeTaskStatus.Pending ? null : Now.AddSeconds(-80),
            CompletedAt = status is ClaudeTaskStatus.Running or ClaudeTaskStatus.Pending ? null : Now.AddSeconds(-20),
            FilesChanged = status == ClaudeTaskStatus.WaitingApproval ? 3 : null,
            Additions = 40,
            Deletions = 2,
        },
        estimate is { } time ? new DurationEstimate(time, time, time) : null);

    public static TimelineModel NewModel(int width = 80, int height = 24, params TimelineTask[] tasks)
    {
        var model = new TimelineModel("Session demo", "There is no task yet.") { Width = width, Height = height, Now = Now };
        model.SetTasks(tasks);
        return model;
    }

    public static IEnumerable<ClaudeTaskEvent> Lines(int first, int count) => Enumerable.Range(first, count)
        .Select(number => new ClaudeTaskEvent(1, Guid.Empty, number, Now, ClaudeTaskEventKind.Message, $"line {number}", null));

    /// <summary>Presses keys: a letter, or the name of a key.</summary>
    public static TimelineRequest? Press(this TimelineModel model, params string[] keys)
    {
        TimelineRequest? request = null;
        foreach (var key in keys)
        {
            request = model.Press(key.Length == 1
                ? new ConsoleKeyInfo(key[0], ConsoleKey.None, shift: false, alt: false, control: false)
                : new ConsoleKeyInfo('\0', Enum.Parse<ConsoleKey>(key), shift: false, alt: false, control: false));
        }

        return request;
    }

    public static string[] Screen(this TimelineModel model) => [.. ScreenRows.Of(model).Select(row => row.Text.TrimEnd())];
}
