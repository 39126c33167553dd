using System.IO.Enumeration;
using ClaudeTasks.Text;

namespace ClaudeTasks.Agent;

/// <summary>
/// Everything that Claude Code takes from a repository and the folders above it, and runs or obeys without asking: hooks, MCP servers,
/// settings, skills, commands, agents, workflows, rules and instructions. Without a screen, it asks nobody whether a folder is trusted
/// (observed on 2.1.330).
/// </summary>
internal static class ProjectFiles
{
    private const string Folder = ".claude";

    /// <summary>A link in the repository can make a folder of any size out of a small one.</summary>
    private const int MostEntries = 10_000;

    private static readonly string[] Instructions =
        ["CLAUDE.md", "CLAUDE.local.md", "AGENTS.md", Folder + "/CLAUDE.md", Folder + "/AGENTS.md"];

    /// <summary>The folders in <c>.claude</c> whose files Claude Code loads, and what the files are.</summary>
    private static readonly (string Name, string What)[] Kinds =
    [
        ("skills", "skills"), ("commands", "commands"), ("agents", "agents"), ("workflows", "workflows"), ("rules", "rules"),
        ("output-styles", "output styles"),
    ];

    private static readonly string[] ReadElsewhere = ["settings.json", "settings.local.json", "CLAUDE.md", "AGENTS.md"];

    private static string Home => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    /// <summary>Describes what there is, from what runs by itself to what Claude only reads; empty if there is nothing.</summary>
    /// <param name="root">The root of the repository's working tree.</param>
    /// <param name="above">The folder above the one in which Claude Code runs; null at the top.</param>
    /// <param name="tracked">
    /// The files of the repository, as paths from its root, for those that are loaded when Claude works there.
    /// </param>
    public static IReadOnlyList<string> Find(string root, string? above, IEnumerable<string> tracked)
    {
        List<string> parents = [.. FoldersFrom(above)];
        List<string> found = [.. ProjectSettings.Find(root), .. parents.SelectMany(ProjectSettings.FindServers)];
        foreach (var (name, what) in Kinds)
        {
            var own = FilesOf(Path.Combine(root, Folder, name), name);
            Add(found, what, name == "rules" ? own.Concat(parents.Where(IsNotHome).SelectMany(RulesOf)) : own);
        }

        Add(
            found,
            "instructions",
            Existing(root).Concat(parents.SelectMany(parent => Existing(parent).Select(file => Path.Combine(parent, file)))));
        Add(found, $"other entries of {Folder}", OthersOf(Path.Combine(root, Folder)));
        Add(found, "in subfolders", tracked.Where(IsNested));
        return found;
    }

    private static IEnumerable<string> FoldersFrom(string? folder)
    {
        for (; folder is not null && Path.GetDirectoryName(folder) is { } parent; folder = parent)
        {
            yield return folder;
        }
    }

    /// <summary>The user's own configuration is in the home folder.</summary>
    private static bool IsNotHome(string folder) => folder != Home;

    private static IEnumerable<string> Existing(string folder) => Instructions
        .Where(file => (IsNotHome(folder) || !file.StartsWith(Folder, StringComparison.Ordinal))
            && File.Exists(Path.Combine(folder, file)));

    private static IEnumerable<string> RulesOf(string parent)
    {
        var folder = Path.Combine(parent, Folder, "rules");
        return FilesOf(folder, "rules").Select(file => Path.Combine(folder, file));
    }

    /// <summary>The files of a folder, as paths in it. A link is named and not followed.</summary>
    private static IEnumerable<string> FilesOf(string folder, string kind)
    {
        if (!Directory.Exists(folder))
        {
            return [];
        }

        var seen = 0;
        var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = 0 };
        var find = () => new FileSystemEnumerable<string>(
            folder, (ref FileSystemEntry entry) => Path.GetRelativePath(folder, entry.ToFullPath()), options)
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => IsLink(ref entry)
                || (!entry.IsDirectory && (kind != "skills" || entry.FileName.Equals("SKILL.md", StringComparison.OrdinalIgnoreCase))),
            ShouldRecursePredicate = (ref FileSystemEntry entry) => !IsLink(ref entry) && ++seen < MostEntries,
        };
        return Listed(find, kind == "skills" ? file => Path.GetDirectoryName(file) is { Length: > 0 } skill ? skill : file : file => file);
    }

    private static IEnumerable<string> OthersOf(string folder) => !Directory.Exists(folder) ? []
        : Listed(() => Directory.EnumerateFileSystemEntries(folder), path => Path.GetFileName(path))
            .Where(name => !ReadElsewhere.Contains(name) && Kinds.All(kind => kind.Name != name));

    private static IEnumerable<string> Listed(Func<IEnumerable<string>> find, Func<string, string> nameOf)
    {
        try
        {
            return [.. find().Take(MostEntries).Select(nameOf).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ["a folder that cannot be read here"];
        }
    }

    private static bool IsLink(ref FileSystemEntry entry) => (entry.Attributes & FileAttributes.ReparsePoint) != 0;

    private static bool IsNested(string path) => path.Contains('/', StringComparison.Ordinal)
        && !path.StartsWith(Folder + "/", StringComparison.Ordinal)
        && (path.Contains($"/{Folder}/", StringComparison.Ordinal) || Instructions.Contains(path[(path.LastIndexOf('/') + 1)..]));

    private static void Add(List<string> found, string what, IEnumerable<string> names)
    {
        if (names.Select(name => TerminalText.OneLine(name, 80)).ToList() is { Count: > 0 } all)
        {
            found.Add($"{what}: {NameList.Of(all)}");
        }
    }
}
