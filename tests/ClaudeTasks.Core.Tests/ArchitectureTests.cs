using System.Text.RegularExpressions;
using ClaudeTasks.Tests.Support;

namespace ClaudeTasks.Tests;

public partial class ArchitectureTests
{
    private static readonly string Core = Path.Combine(SourceTree.Root, "src", "ClaudeTasks.Core");

    /// <summary>From the lowest layer up. A folder imports only folders of lower layers.</summary>
    private static readonly string[][] Floors =
    [
        ["Model"], ["Text"], ["Reporting"], ["Processes"], ["Agent", "Git", "Store"],
        ["Gates", "Streaming"], ["Review"], ["Running"], ["Engine"],
    ];

    private static readonly string[] Rooms = [.. Floors.SelectMany(floor => floor)];

    [Fact]
    public void A_folder_uses_only_folders_on_lower_floors()
    {
        var wrong = new List<string>();
        foreach (var file in Directory.EnumerateFiles(Core, "*.cs", SearchOption.AllDirectories))
        {
            var room = Path.GetRelativePath(Core, file).Split(Path.DirectorySeparatorChar)[0];
            if (room is "bin" or "obj")
            {
                continue;
            }

            Assert.Contains(room, Rooms);
            var used = References().Matches(Comments().Replace(File.ReadAllText(file), ""))
                .Select(match => match.Groups[1].Value)
                .Distinct();
            wrong.AddRange(
                used.Where(other => other != room && FloorOf(other) >= FloorOf(room)).Select(other => $"{room} uses {other} in {file}"));
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void A_file_lies_in_the_folder_of_its_namespace()
    {
        foreach (var room in Rooms.Where(room => Directory.Exists(Path.Combine(Core, room))))
        {
            Assert.All(
                Directory.EnumerateFiles(Path.Combine(Core, room), "*.cs", SearchOption.AllDirectories),
                file => Assert.Contains($"namespace ClaudeTasks.{room};", File.ReadAllText(file), StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_line_is_no_longer_than_the_editor_configuration_says()
    {
        const int Longest = 140;
        var configuration = File.ReadAllText(Path.Combine(SourceTree.Root, ".editorconfig"));
        Assert.Contains($"max_line_length = {Longest}", configuration, StringComparison.Ordinal);
        var files = new[] { "src", "tests" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(SourceTree.Root, folder), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "packages" or "node_modules"));

        Assert.Empty(
            from file in files
            from line in File.ReadLines(file).Select((text, index) => (text, index))
            where line.text.Length > Longest
            select $"{file}:{line.index + 1}");
    }

    private static int FloorOf(string room) => Array.FindIndex(Floors, floor => floor.Contains(room));

    /// <summary>A namespace by its full name, or by the short one that the common parent allows.</summary>
    [GeneratedRegex(
        @"(?:\bClaudeTasks\.|(?<![\w.])(?=(?:Streaming|Gates|Store|Processes|Agent|Git|Reporting)\.[A-Z]))"
        + @"(Engine|Running|Review|Gates|Streaming|Agent|Git|Store|Processes|Reporting|Text|Model)\b(?!_)")]
    private static partial Regex References();

    [GeneratedRegex(@"//.*")]
    private static partial Regex Comments();
}
