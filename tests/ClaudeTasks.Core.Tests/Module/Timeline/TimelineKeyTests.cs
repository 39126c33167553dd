using ClaudeTasks.Model;
using ClaudeTasks.Timeline;

using static ClaudeTasks.Tests.Timeline.TimelineFixture;

namespace ClaudeTasks.Tests.Timeline;

public class TimelineKeyTests
{
    [Fact]
    public void At_first_the_task_is_selected_that_is_at_work_or_needs_somebody_and_then_it_stays()
    {
        var model = NewModel(
            tasks: [Task(1, ClaudeTaskStatus.Completed), Task(2, ClaudeTaskStatus.Running), Task(3, ClaudeTaskStatus.Running)]);
        Assert.Equal(2, model.Selected!.Task.Id);

        model.SetTasks([Task(2, ClaudeTaskStatus.Completed), Task(3, ClaudeTaskStatus.Running), Task(4, ClaudeTaskStatus.Running)]);
        Assert.Equal(2, model.Selected!.Task.Id);

        model.SetTasks([Task(3, ClaudeTaskStatus.Running)]);
        Assert.Equal(3, model.Selected!.Task.Id);
        model.SetTasks([]);
        Assert.Null(model.Selected);
    }

    [Fact]
    public void Keys_select_and_stop_at_both_ends()
    {
        var model = NewModel(
            tasks: [Task(1, ClaudeTaskStatus.Running), Task(2, ClaudeTaskStatus.Running), Task(3, ClaudeTaskStatus.Running)]);

        model.Press("j", "DownArrow", "j");
        Assert.Equal(3, model.Selected!.Task.Id);
        model.Press("UpArrow", "k", "k");
        Assert.Equal(1, model.Selected!.Task.Id);
    }

    [Fact]
    public void Output_is_followed_until_somebody_scrolls_and_again_at_its_end()
    {
        var model = NewModel(tasks: Task(1, ClaudeTaskStatus.Running));
        model.AddOutput(Lines(1, 100));
        Assert.Contains("line 100", model.Screen());

        model.Press("PageUp");
        var before = model.Screen()[4..22];
        model.AddOutput(Lines(101, 20));
        Assert.Equal(before, model.Screen()[4..22]);
        Assert.EndsWith("not following ──", model.Screen()[2], StringComparison.Ordinal);

        model.Press("End");
        model.AddOutput(Lines(121, 1));
        Assert.Contains("line 121", model.Screen());
        model.Press("Home");
        Assert.Contains("line 1", model.Screen());
        model.Press("f");
        Assert.Contains("line 121", model.Screen());
        model.Press("f");
        model.AddOutput(Lines(122, 1));
        Assert.DoesNotContain("line 122", model.Screen());
    }

    [Fact]
    public void Of_very_long_output_the_end_is_kept_and_what_is_in_view_stays()
    {
        var model = NewModel(tasks: Task(1, ClaudeTaskStatus.Running));
        model.AddOutput(Lines(1, ScrollText.MostLines));
        model.Screen();
        model.Press("PageUp");
        var before = model.Screen();

        model.AddOutput(Lines(ScrollText.MostLines + 1, 1));

        Assert.Equal(before, model.Screen());
        model.Press("Home");
        Assert.DoesNotContain("line 1", model.Screen());
    }

    [Theory]
    [InlineData("s", ClaudeTaskStatus.Running, "Stop task 1? y/n", typeof(TimelineRequest.Stop))]
    [InlineData("a", ClaudeTaskStatus.WaitingApproval, "Commit what task 1 changed (3 files +40 -2)? y/n", typeof(TimelineRequest.Approve))]
    [InlineData("d", ClaudeTaskStatus.WaitingApproval, "Put the files of task 1 back (3 files +40 -2)? y/n", typeof(TimelineRequest.Deny))]
    public void What_cannot_be_taken_back_lightly_wants_a_yes(string key, ClaudeTaskStatus status, string question, Type request)
    {
        foreach (var other in new[] { "n", "Escape", "Enter", key })
        {
            var model = NewModel(tasks: Task(1, status));
            Assert.Null(model.Press(key));
            Assert.Equal(question, model.Screen()[^1]);
            Assert.Null(model.Press(other));
            Assert.Null(model.Confirmation);
            Assert.Null(model.Press("y"));
        }

        Assert.IsType(request, NewModel(tasks: Task(1, status)).Press(key, "y"));
    }

    [Theory]
    [InlineData("a", ClaudeTaskStatus.Running)]
    [InlineData("d", ClaudeTaskStatus.Completed)]
    [InlineData("s", ClaudeTaskStatus.Failed)]
    public void What_cannot_be_done_is_said_and_not_asked_for(string key, ClaudeTaskStatus status)
    {
        var model = NewModel(tasks: Task(1, status));

        Assert.Null(model.Press(key, "y"));
        Assert.Null(model.Press(key));
        Assert.Contains("nothing to", model.Screen()[^2], StringComparison.Ordinal);
    }

    [Fact]
    public void The_confirmed_task_is_the_one_that_was_asked_about_also_when_another_is_selected_meanwhile()
    {
        var model = NewModel(tasks: Task(1, ClaudeTaskStatus.WaitingApproval));
        model.Press("a");
        model.SetTasks([Task(2, ClaudeTaskStatus.WaitingApproval)]);

        Assert.Equal(new TimelineRequest.Approve(1), model.Press("y"));
    }

    [Fact]
    public void A_page_is_scrolled_and_left_again()
    {
        var model = NewModel(tasks: Task(1, ClaudeTaskStatus.WaitingApproval));
        Assert.Equal(new TimelineRequest.ShowDiff(1), model.Press("Enter"));
        Assert.Equal(new TimelineRequest.ShowDiff(1), model.Press("o"));

        foreach (var back in new[] { "Escape", "q" })
        {
            model.Show("What task 1 changed", Enumerable.Range(1, 100).Select(number => new ToneLine($"+{number}")));
            Assert.Equal("+1", model.Screen()[2]);
            model.Press("j", "DownArrow", "PageDown");
            Assert.Equal("+23", model.Screen()[2]);
            model.Press("End");
            Assert.Equal("+100", model.Screen()[^2]);
            Assert.Null(model.Press(back));
            Assert.Null(model.Page);
        }

        model.Press("?");
        Assert.Contains(model.Screen(), row => row.Contains("quit; the tasks go on", StringComparison.Ordinal));
        model.Press("?");
        Assert.IsType<TimelineRequest.Quit>(model.Press("q"));
    }

    [Theory]
    [InlineData("y", true)]
    [InlineData("n", false)]
    public void A_permission_is_given_or_denied_with_a_key(string key, bool isAllowed)
    {
        var model = Asked(ClaudeTaskQuestionKind.Permission);
        Assert.Contains("rm -rf \u241b[2Jbuild", model.Screen());

        Assert.Equal(new TimelineRequest.Answer(5, new QuestionAnswer { IsAllowed = isAllowed }), model.Press(key));
        Assert.Null(model.Dialog);
    }

    [Fact]
    public void A_denial_can_say_why_and_letters_are_letters_then()
    {
        var model = Asked(ClaudeTaskQuestionKind.Permission);

        model.Press("t", "j", "q", "y", "x", "Backspace");
        Assert.Equal("What Claude is told: jqy_", model.Screen()[^1]);
        Assert.Equal(new TimelineRequest.Answer(5, new QuestionAnswer { Text = "jqy" }), model.Press("Enter"));
    }

    [Fact]
    public void A_question_of_Claudes_own_takes_a_number_or_words_for_each_part()
    {
        var model = Asked(
            ClaudeTaskQuestionKind.Question,
            """
            {"questions":[{"question":"Which?","options":[{"label":"Red"},{"label":"Blue"}]},
                          {"question":"Why?","options":[{"label":"So"}]}]}
            """);
        Assert.Contains("  2. Blue", model.Screen());

        Assert.Null(model.Press("2", "Enter"));
        Assert.Contains("Why?", model.Screen());
        Assert.Equal(
            new TimelineRequest.Answer(5, new QuestionAnswer { IsAllowed = true, Text = "Blue\nno" }), model.Press("n", "o", "Enter"));
    }

    [Fact]
    public void A_question_can_be_left_open()
    {
        var model = Asked(ClaudeTaskQuestionKind.Permission);

        Assert.Null(model.Press("Escape"));
        Assert.Null(model.Dialog);
        Assert.Equal(new TimelineRequest.ShowQuestion(1), model.Press("r"));
    }

    private static TimelineModel Asked(ClaudeTaskQuestionKind kind, string input = """{"command":"make"}""")
    {
        var model = NewModel(
            tasks: Task(1, ClaudeTaskStatus.Running, waitsFor: new ClaudeTaskWait { Kind = ClaudeTaskWaitKind.Answer, Question = 5 }));
        model.Ask(new ClaudeTaskQuestion { Id = 5, Task = 1, Kind = kind, Tool = "Bash", Text = "rm -rf \e[2Jbuild", Input = input });
        return model;
    }
}
