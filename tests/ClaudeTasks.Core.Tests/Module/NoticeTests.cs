using ClaudeTasks.Notices;

namespace ClaudeTasks.Tests;

public class NoticeTests
{
    private const string Osc9 = "\e]9;Task 3 Completed: Fix it\e\\";
    private const string Osc777 = "\e]777;notify;Task 3 Completed;Fix it\e\\";

    [Theory]
    [InlineData("TERM_PROGRAM=iTerm.app", Osc9)]
    [InlineData("TERM_PROGRAM=WezTerm", Osc9)]
    [InlineData("TERM_PROGRAM=ghostty", Osc9)]
    [InlineData("KITTY_WINDOW_ID=1 TERM=xterm-kitty", Osc9)]
    [InlineData("TERM=foot-extra", Osc777)]
    [InlineData("TERM=rxvt-unicode-256color", Osc777)]
    [InlineData("WT_SESSION=8e1f", "\a")]
    [InlineData("TERM_PROGRAM=Apple_Terminal TERM=xterm-256color", "\a")]
    [InlineData("TERM_PROGRAM=vscode", "\a")]
    [InlineData("", "\a")]
    [InlineData("TERM_PROGRAM=tmux TMUX=/tmp/t KITTY_WINDOW_ID=1", "\a")]
    [InlineData("TERM_PROGRAM=iTerm.app STY=1.x", "\a")]
    public void A_terminal_gets_what_it_understands(string environment, string sequence) =>
        Assert.Equal(sequence, NoticeSequence.Of("Task 3 Completed", "Fix it", Reader(environment)));

    [Fact]
    public void Nothing_of_a_prompt_gets_out_of_the_notice()
    {
        const string Hostile = "a;b\e\\\a\u009c\e]52;c;AAAA\a\r\n\u202e";

        var nine = NoticeSequence.Of("Task 3", Hostile, Reader("TERM_PROGRAM=WezTerm"));
        var seven = NoticeSequence.Of("Task 3", Hostile, Reader("TERM=foot"));

        Assert.Equal(2, nine.Count(char.IsControl));
        Assert.Equal(2, seven.Count(char.IsControl));
        Assert.Equal(3, seven.Count(character => character == ';'));
    }

    private static Func<string, string?> Reader(string environment)
    {
        var values = environment.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('='))
            .ToDictionary(pair => pair[0], pair => pair[1]);
        return values.GetValueOrDefault;
    }
}
