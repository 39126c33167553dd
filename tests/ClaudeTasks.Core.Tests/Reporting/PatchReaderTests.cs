using ClaudeTasks.Reporting;

namespace ClaudeTasks.Tests;

public class PatchReaderTests
{
    [Fact]
    public void Lines_have_the_numbers_they_have_in_the_files()
    {
        var lines = PatchReader.Read("""
            diff --git a/x b/x
            index 1..2 100644
            --- a/x
            +++ b/x
            @@ -3,4 +3,4 @@ class X
             same
            -old
            +new

            @@ -20 +20 @@
            --- removed
            +++ added
            \ No newline at end of file
            """);

        Assert.Equal(
            [
                (PatchLineKind.Heading, "@@ -3,4 +3,4 @@ class X", null, null),
                (PatchLineKind.Context, "same", 3, 3),
                (PatchLineKind.Removed, "old", 4, null),
                (PatchLineKind.Added, "new", null, 4),
                (PatchLineKind.Context, "", 5, 5),
                (PatchLineKind.Heading, "@@ -20 +20 @@", null, null),
                (PatchLineKind.Removed, "-- removed", 20, null),
                (PatchLineKind.Added, "++ added", null, 20),
                (PatchLineKind.Heading, "\\ No newline at end of file", (int?)null, (int?)null),
            ],
            lines.Select(line => (line.Kind, line.Text, line.OldNumber, line.NewNumber)));
    }

    [Theory]
    [InlineData("var a = Get(1);", "var a = Fetch(1);", "Get", "Fetch")]
    [InlineData("call(a)", "call(a, b)", "", ", b")]
    [InlineData("    alpha", "    beta", "", "")]
    [InlineData("a b c", "x b y", "", "")]
    [InlineData("a = 😀;", "a = 😁;", "😀", "😁")]
    public void The_words_that_differ_in_a_changed_line_are_marked(string before, string after, string removed, string added)
    {
        var lines = PatchReader.Read($"@@ -1 +1 @@\n-{before}\n+{after}\n");

        Assert.Equal((removed, added), (lines[1].Text[lines[1].Different], lines[2].Text[lines[2].Different]));
    }

    [Fact]
    public void Lines_of_different_counts_are_not_compared()
    {
        var lines = PatchReader.Read("@@ -1 +1,2 @@\n-a = 1\n+a = 2\n+b = 3\n");

        Assert.All(lines, line => Assert.Equal(0..0, line.Different));
    }

    [Fact]
    public void A_change_of_type_has_two_parts_and_both_are_read()
    {
        var lines = PatchReader.Read(
            "diff --git a/x b/x\ndeleted file mode 100644\n@@ -1 +0,0 @@\n-text\n"
            + "diff --git a/x b/x\nnew file mode 120000\n@@ -0,0 +1 @@\n+target\n");

        Assert.Equal(["@@ -1 +0,0 @@", "text", "@@ -0,0 +1 @@", "target"], lines.Select(line => line.Text));
    }

    [Fact]
    public void What_stands_instead_of_a_patch_is_read()
    {
        Assert.Equal("# big.bin: over the limit", Assert.Single(PatchReader.Read("# big.bin: over the limit\n")).Text);
    }
}
