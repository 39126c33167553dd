using ClaudeTasks.Notices;

namespace ClaudeTasks.Tests;

/// <summary>What each terminal is told.</summary>
public sealed class NoticeTests
{
    [Theory]
    [InlineData("TERM_PROGRAM=iTerm.app", "\e]9;Task 1 is done: Fix; it\e\\")]
    [InlineData("TERM=xterm-kitty", "\e]9;Task 1 is done: Fix; it\e\\")]
    [InlineData("TERM=foot", "\e]777;notify;Task 1 is done;Fix, it\e\\")]
    [InlineData("TERM=xterm-256color", "\a")]
    [InlineData("WT_SESSION=1", "\a")]
    [InlineData("TMUX=/tmp/x,TERM_PROGRAM=iTerm.app", "\a")]
    [InlineData("", "\a")]
    public void Each_terminal_gets_what_it_knows(string variables, string expected)
    {
        var known = variables.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        Assert.Equal(expected, NoticeSequence.Of("Task 1 is done", "Fix; it", known.GetValueOrDefault));
    }

    [Fact]
    public void A_prompt_cannot_end_it_and_begin_another()
    {
        var text = NoticeSequence.Of("Task 1", "x\e\\\e]52;c;AAAA\a\u009d", name => name == "TERM" ? "xterm-kitty" : null);
        Assert.Equal(2, text.Count(character => character == '\e'));
        Assert.DoesNotContain('\a', text);
        Assert.DoesNotContain('\u009d', text);
    }
}
