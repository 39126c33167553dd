using System.Globalization;
using ClaudeTasks.Pipeline;

namespace ClaudeTasks.Tests;

public class MomentReaderTests
{
    private static readonly DateTime Now = new(2026, 12, 1, 12, 0, 0, DateTimeKind.Local);

    [Theory]
    [InlineData("now", true, "2026-12-01 12:00")]
    [InlineData("today", true, "2026-12-01 00:00")]
    [InlineData("Tomorrow  9:00", true, "2026-12-02 09:00")]
    [InlineData("yesterday 23:59", false, "2026-11-30 23:59")]
    [InlineData("22:00", true, "2026-12-01 22:00")]
    [InlineData("9:00", true, "2026-12-02 09:00")]
    [InlineData("9:00", false, "2026-12-01 09:00")]
    [InlineData("2h", true, "2026-12-01 14:00")]
    [InlineData("1d 2h", false, "2026-11-30 10:00")]
    [InlineData("1.00:00:00", false, "2026-11-30 12:00")]
    [InlineData("01/02/2027", true, "2027-01-02 00:00")]
    [InlineData("2027-01-02T03:04", true, "2027-01-02 03:04")]
    [InlineData("2 Jan 2027 15:00", true, "2027-01-02 15:00")]
    public void Text_is_read_as_the_moment_it_names(string text, bool isFuture, string expected) =>
        Assert.Equal(expected, MomentReader.Read(text, isFuture, Now)?.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("soon")]
    [InlineData("31/12/2026")]
    [InlineData("tomorrow soon")]
    [InlineData("-2h")]
    public void Other_text_is_not_a_moment(string text) => Assert.Null(MomentReader.Read(text, isFuture: true, Now));
}
