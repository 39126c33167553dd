using ClaudeTasks.Tasks;
using ClaudeTasks.Timeline;

namespace ClaudeTasks.Tests;

/// <summary>What the timeline shows, and what its keys do, without a terminal.</summary>
public sealed class TimelineTests
{
    private const string Hostile = "\e]52;c;AAAA\a\e[31m red \r over \u202e bidi \t tab \u009b C1 漢字 👩‍👩‍👧";

    private static readonly DateTime Now = new(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData(20, 6)]
    [InlineData(40, 12)]
    [InlineData(80, 24)]
    [InlineData(200, 50)]
    public void Every_row_fits_the_screen_and_is_harmless(int width, int height)
    {
        var model = Model(width, height);
        foreach (var key in new[] { "", "?", "q", "s" })
        {
            Press(model, key);
            var rows = ScreenRows.Of(model);
            Assert.True(rows.Count <= height);
            Assert.All(rows, row =>
            {
                Assert.True(CellText.Width(row.Text) <= width, row.Text);
                Assert.DoesNotContain(row.Text, character => char.IsControl(character) || character is '\u202e' or '\u200d');
            });
        }
    }

    [Fact]
    public void At_first_the_task_is_chosen_that_works_or_needs_somebody_and_it_stays_chosen_when_others_come()
    {
        var model = Model();
        Assert.Equal(2, model.Selected!.Task.Id);
        model.SetTasks([new(Task(0, ClaudeTaskStatus.Completed), null), .. model.Tasks, new(Task(9, ClaudeTaskStatus.Running), null)]);
        Assert.Equal(2, model.Selected!.Task.Id);
        Press(model, "j");
        Assert.Equal(3, model.Selected!.Task.Id);
    }

    [Fact]
    public void What_changes_something_is_asked_for_first_and_any_other_key_is_no()
    {
        var model = Model();
        Press(model, "j");
        Assert.Null(Press(model, "a"));
        Assert.Contains("Commit what task 3 changed", model.Confirmation, StringComparison.Ordinal);
        Assert.Null(Press(model, "a"));
        Assert.Null(model.Confirmation);

        Press(model, "d");
        Assert.Equal(new TimelineRequest.Deny(3), Press(model, "y"));
        Press(model, "s");
        Assert.Equal(new TimelineRequest.Stop(3), Press(model, "y"));
    }

    [Fact]
    public void What_cannot_be_done_is_said()
    {
        var model = Model();
        Assert.Null(Press(model, "a"));
        Assert.Null(model.Confirmation);
        Assert.Equal("Task 2 is Running: there is nothing to approve.", model.Notice!.Value.Text);
    }

    [Fact]
    public void Looking_back_stops_following_and_the_end_brings_it_back()
    {
        var model = Model();
        model.AddOutput(Enumerable.Range(1, 200).Select(number => Event(number, $"line {number}")));
        Assert.Contains(ScreenRows.Of(model), row => row.Text == "line 200");
        model.Press(new ConsoleKeyInfo('\0', ConsoleKey.PageUp, false, false, false));
        model.AddOutput([Event(201, "line 201")]);
        Assert.False(model.Output.Follows);
        Assert.DoesNotContain(ScreenRows.Of(model), row => row.Text == "line 201");
        model.Press(new ConsoleKeyInfo('\0', ConsoleKey.End, false, false, false));
        Assert.Contains(ScreenRows.Of(model), row => row.Text == "line 201");
    }

    [Theory]
    [InlineData("abc", 3)]
    [InlineData("漢字", 4)]
    [InlineData("e\u0301", 1)]
    [InlineData("✅", 2)]
    public void Text_is_measured_in_cells(string text, int cells)
    {
        Assert.Equal(cells, CellText.Width(text));
        Assert.Equal(10, CellText.Width(CellText.Fit(text, 10)));
        Assert.Equal(1, CellText.Width(CellText.Fit(text + text, 1)));
    }

    private static TimelineModel Model(int width = 80, int height = 24)
    {
        var model = new TimelineModel(Hostile, Hostile) { Width = width, Height = height, Now = Now };
        model.SetTasks(
        [
            new(Task(1, ClaudeTaskStatus.Completed), null), new(Task(2, ClaudeTaskStatus.Running), null),
            new(Task(3, ClaudeTaskStatus.WaitingApproval) with { FilesChanged = 2, Additions = 3, Deletions = 1 }, null), new(Task(4, ClaudeTaskStatus.Pending), null),
        ]);
        model.AddOutput([Event(1, Hostile)]);
        return model;
    }

    private static ClaudeTask Task(int id, ClaudeTaskStatus status) => new()
    {
        Id = id, Status = status, Prompt = Hostile, Repository = "/src/" + Hostile, CreatedAt = Now.AddMinutes(-5), StartedAt = Now.AddMinutes(-4),
    };

    private static ClaudeTaskEvent Event(int number, string text) => new(2, Guid.Empty, number, Now, ClaudeTaskEventKind.Message, text, null);

    private static TimelineRequest? Press(TimelineModel model, string key) =>
        key.Length == 0 ? null : model.Press(new ConsoleKeyInfo(key[0], key is "?" ? ConsoleKey.Oem2 : (ConsoleKey)char.ToUpperInvariant(key[0]), false, false, false));
}
