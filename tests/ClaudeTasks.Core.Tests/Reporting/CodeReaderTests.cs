using ClaudeTasks.Reporting;

namespace ClaudeTasks.Tests;

public class CodeReaderTests
{
    [Theory]
    [InlineData("a.cs", "return x == 1.5f; // why", "Keyword:return Number:1.5f Comment:// why")]
    [InlineData("a.ts", "const s = `a ${b}` + 'it\\'s';", "Keyword:const Quoted:`a ${b}` Quoted:'it\\'s'")]
    [InlineData("a.go", "s := \"// no comment\"", "Quoted:\"// no comment\"")]
    [InlineData("src/Build/Makefile", "all: # everything", "Comment:# everything")]
    [InlineData("a.py", "def f(x): return not x#y", "Keyword:def Keyword:return Keyword:not")]
    [InlineData("a.yml", "it: don't", "")]
    [InlineData("a.csproj", "<Using Include=\"Xunit\" />", "Keyword:<Using Quoted:\"Xunit\" Keyword:/>")]
    [InlineData("a.sql", "SELECT 1 -- one", "Keyword:SELECT Number:1 Comment:-- one")]
    [InlineData("a.md", "return 'nothing' // of it", "")]
    [InlineData("noextension", "return", "")]
    [InlineData("a.cs", "", "")]
    public void What_stands_out_in_a_line_is_told_by_the_extension(string path, string line, string expected)
    {
        var parts = CodeReader.Read(path, line).ToList();

        Assert.Equal(line, string.Concat(parts.Select(part => line[part.Start..part.End])));
        Assert.Equal(
            expected,
            string.Join(' ', parts.Where(part => part.Kind != CodeKind.Plain).Select(part => $"{part.Kind}:{line[part.Start..part.End]}")));
    }

    [Fact]
    public void A_very_long_line_is_left_as_it_is()
    {
        Assert.Equal((0, 5000, CodeKind.Plain), Assert.Single(CodeReader.Read("a.js", new string('"', 5000))));
    }
}
