using ClaudeTasks.Timeline;

namespace ClaudeTasks.Tests.Timeline;

public class CellTextTests
{
    [Theory]
    [InlineData("plain", 5)]
    [InlineData("日本語", 6)]
    [InlineData("한국어", 6)]
    [InlineData("ﾊﾝｶｸ", 4)]
    [InlineData("Ｆｕｌｌ", 8)]
    [InlineData("🎉", 2)]
    [InlineData("𠀀", 2)]
    [InlineData("e\u0301", 1)]
    [InlineData("สวัสดี", 4)]
    [InlineData("\u26a0\ufe0f", 1)]
    [InlineData("⠋✓✗·─", 5)]
    [InlineData("ä", 1)]
    [InlineData("", 0)]
    public void A_text_takes_the_cells_a_terminal_gives_it(string text, int cells) => Assert.Equal(cells, CellText.Width(text));

    [Theory]
    [InlineData("日本語のテキスト", 7, "日本語…")]
    [InlineData("日本語のテキスト", 6, "日本… ")]
    [InlineData("short", 8, "short   ")]
    [InlineData("exact", 5, "exact")]
    [InlineData("🎉🎉", 1, "…")]
    [InlineData("x", 0, "")]
    [InlineData("two\nlines", 20, "two lines           ")]
    public void A_text_is_fitted_into_exactly_its_cells(string text, int cells, string fitted)
    {
        Assert.Equal(fitted, CellText.Fit(text, cells));
        Assert.Equal(cells, CellText.Width(fitted));
    }

    [Fact]
    public void A_long_line_is_broken_before_what_has_no_room_and_nothing_of_it_is_lost()
    {
        Assert.Equal(["ab日", "本cd", "e"], CellText.Wrap("ab日本cde", 4));
        Assert.Equal([""], CellText.Wrap("", 4));
        Assert.Equal(["a    b"], CellText.Wrap("a\tb", 10));
    }

    [Fact]
    public void What_terminals_disagree_on_is_left_out_so_that_each_character_takes_its_own_cells()
    {
        Assert.Equal("👨👩👧", CellText.Cut("👨\u200d👩\u200d👧", 20));
        Assert.Equal("👍", CellText.Cut("👍\U0001f3fd", 20));
        Assert.Equal("⚠", CellText.Cut("⚠\ufe0f", 20));
        Assert.Equal("a�", CellText.Cut("a\U000e0041", 20));
    }

    [Fact]
    public void Nothing_of_hostile_text_is_left_that_a_terminal_would_act_on()
    {
        foreach (var row in CellText.Wrap("\e[31mred\e]0;title\a\u009b2J\r\u202eabc\u0301\ud800", 10))
        {
            Assert.DoesNotContain(
                row, character => char.IsControl(character) || character is '\u202e' or '\u009b' || char.IsSurrogate(character));
            Assert.True(CellText.Width(row) <= 10);
        }
    }
}
