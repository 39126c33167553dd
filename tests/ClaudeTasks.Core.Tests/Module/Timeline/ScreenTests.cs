using ClaudeTasks.Model;
using ClaudeTasks.Timeline;

using static ClaudeTasks.Tests.Timeline.TimelineFixture;

namespace ClaudeTasks.Tests.Timeline;

public class ScreenTests
{
    private static readonly TimelineTask[] Some =
    [
        Task(7, ClaudeTaskStatus.Completed, "Add tests"),
        Task(8, ClaudeTaskStatus.Running, "修正 🎉 the login, and whatever else there is to say about it", estimate: TimeSpan.FromMinutes(2)),
        Task(9, ClaudeTaskStatus.Running, "Ask", new ClaudeTaskWait { Kind = ClaudeTaskWaitKind.Answer, Question = 3 }),
        Task(10, ClaudeTaskStatus.Pending, "Later", new ClaudeTaskWait { Kind = ClaudeTaskWaitKind.Task, Task = 8 }),
        Task(11, ClaudeTaskStatus.WaitingApproval, "Write\nsecond line"),
        Task(12, ClaudeTaskStatus.Failed, "Break \e[2J \u202e"),
    ];

    [Fact]
    public void A_task_is_told_in_a_row()
    {
        var rows = NewModel(tasks: Some).Screen();

        Assert.Equal("Session demo                               6 tasks, 1 at work, 2 waiting for you", rows[0]);
        Assert.Equal("  ✓  7 api          Add tests                   1m 00s        Completed", rows[1]);
        Assert.Equal("> ⠋  8 api          修正 🎉 the login, and wh…  1m 20s ≈2m    Running", rows[2]);
        Assert.Equal("  ?  9 api          Ask                         1m 20s        question 3", rows[3]);
        Assert.Equal("  ◷ 10 api          Later                                     Pending (task 8)", rows[4]);
        Assert.Equal("  ! 11 api          Write                       1m 00s        WaitingApproval", rows[5]);
        Assert.StartsWith("  ✗ 12 api          Break ␛[2J �", rows[6], StringComparison.Ordinal);
        Assert.Equal("── Task 8: Running ──────────────────────────────────────────────── following ──", rows[7]);
        Assert.StartsWith("? help  q quit", rows[23], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(40, 10)]
    [InlineData(80, 24)]
    [InlineData(200, 60)]
    [InlineData(20, 5)]
    [InlineData(3, 2)]
    [InlineData(1, 1)]
    public void Every_screen_is_filled_and_nothing_runs_over_its_edges(int width, int height)
    {
        var model = NewModel(width, height, Some);
        model.AddOutput(Lines(1, 100));
        model.AddOutput(
            [
                new ClaudeTaskEvent(
                    1,
                    Guid.Empty,
                    101,
                    Now,
                    ClaudeTaskEventKind.Error,
                    new string('日', 300) + "\r\e[9999C\t" + string.Concat(Enumerable.Repeat("👨", 300)),
                    null)
            ]);

        foreach (var keys in new[] { [], ["Home"], ["?"], ["q", "a"], new[] { "n", "DownArrow", "DownArrow", "DownArrow", "a" } })
        {
            model.Press(keys);
            var rows = ScreenRows.Of(model);
            Assert.Equal(height, rows.Count);
            Assert.All(rows, row => Assert.True(CellText.Width(row.Text) <= width, row.Text));
            Assert.All(rows, row => Assert.DoesNotContain(row.Text, char.IsControl));
        }
    }

    [Fact]
    public void A_narrow_screen_still_tells_which_task_how_long_and_what_it_waits_for()
    {
        var rows = NewModel(40, 10, Some).Screen();

        Assert.Contains(rows, row => row == "  ?  9 Ask            1m 20s question 3");
        Assert.Equal("? help  q quit  ↑↓ select  o diff", rows[9]);
    }

    [Fact]
    public void The_selected_task_is_in_view_however_long_the_list_is()
    {
        var model = NewModel(80, 12, [.. Enumerable.Range(1, 300).Select(id => Task(id, ClaudeTaskStatus.Completed))]);
        Assert.Contains(model.Screen(), row => row.StartsWith("> ✓ 300 ", StringComparison.Ordinal));

        model.Press([.. Enumerable.Repeat("k", 150)]);
        Assert.Contains(model.Screen(), row => row.StartsWith("> ✓ 150 ", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_task_it_says_so() => Assert.Equal("There is no task yet.", NewModel().Screen()[1]);

    [Fact]
    public void What_is_said_of_a_long_line_is_told_in_full()
    {
        var model = NewModel(40, 20, Some);
        model.Tell("Task 8 cannot be approved: it is Running. Wait for it: Wait-ClaudeTask 8", Tone.Bad);

        Assert.Equal(["Task 8 cannot be approved: it is Running", ". Wait for it: Wait-ClaudeTask 8"], model.Screen()[17..19]);
    }
}
