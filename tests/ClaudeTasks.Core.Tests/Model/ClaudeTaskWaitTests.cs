using System.Globalization;
using ClaudeTasks.Model;

namespace ClaudeTasks.Tests;

public sealed class ClaudeTaskWaitTests
{
    [Theory]
    [InlineData(ClaudeTaskWaitKind.Task, "task 7")]
    [InlineData(ClaudeTaskWaitKind.Answer, "an answer to question 8")]
    [InlineData(ClaudeTaskWaitKind.Resume, "a resume")]
    [InlineData(ClaudeTaskWaitKind.FreeSlot, "a free slot")]
    [InlineData(ClaudeTaskWaitKind.DailyCostLimit, "the daily cost limit")]
    [InlineData(ClaudeTaskWaitKind.Approval, "approval")]
    public void As_text_it_is_the_words_that_people_read(ClaudeTaskWaitKind kind, string words) =>
        Assert.Equal(words, new ClaudeTaskWait { Kind = kind, Task = 7, Question = 8 }.ToString());

    [Theory]
    [InlineData(ClaudeTaskWaitKind.Moment, "")]
    [InlineData(ClaudeTaskWaitKind.UsageLimit, "the usage limit until ")]
    public void A_moment_of_another_day_has_its_date(ClaudeTaskWaitKind kind, string before)
    {
        var (today, other) = (DateTime.Today.AddHours(12), DateTime.Today.AddDays(3).AddHours(12));

        Assert.Equal(before + "12:00", Words(today));
        Assert.Equal(before + other.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), Words(other));

        string Words(DateTime local) => new ClaudeTaskWait { Kind = kind, Until = local.ToUniversalTime() }.ToString();
    }
}
