using System.Text.Json;
using ClaudeTasks.Text;

namespace ClaudeTasks.Agent;

/// <summary>The settings and MCP servers that a repository defines for Claude Code (observed on 2.1.330).</summary>
internal static class ProjectSettings
{
    private const int LongestFile = 1024 * 1024;
    private const int LongestCommand = 80;

    /// <summary>More would hide each other.</summary>
    private const int MostOfFile = 50;

    private static readonly string[] SettingsFiles = [".claude/settings.json", ".claude/settings.local.json"];

    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>Describes what there is; empty if there is nothing.</summary>
    /// <param name="root">The root of the working tree.</param>
    public static IReadOnlyList<string> Find(string root)
    {
        var found = new List<string>();
        foreach (var file in SettingsFiles)
        {
            found.AddRange(Read(root, file, settings => FromSettings(settings, file)));
        }

        return [.. found, .. Servers(root, "")];
    }

    /// <summary>Describes the MCP servers of a folder above the repository, which Claude Code starts, too.</summary>
    /// <param name="folder">The folder.</param>
    public static IReadOnlyList<string> FindServers(string folder) => Servers(folder, $" of {Short(folder, LongestCommand)}");

    private static List<string> Servers(string folder, string suffix) => Read(folder, ".mcp.json", servers =>
        servers.TryGetProperty("mcpServers", out var all) && all.ValueKind == JsonValueKind.Object
            ? [.. all.EnumerateObject().Select(server => $"MCP server '{Short(server.Name)}' ({Command(server.Value)}){suffix}")]
            : []);

    private static List<string> Read(string root, string name, Func<JsonElement, List<string>> read)
    {
        try
        {
            var file = new FileInfo(Path.Combine(root, name));
            if (!file.Exists)
            {
                return [];
            }

            if (file.Length > LongestFile)
            {
                return [$"{name}, which is too long to look at"];
            }

            using var document = JsonDocument.Parse(File.ReadAllBytes(file.FullName), Lenient);
            var found = document.RootElement.ValueKind == JsonValueKind.Object ? read(document.RootElement) : [];
            return found.Count > MostOfFile ? [.. found.Take(MostOfFile), $"{found.Count - MostOfFile} more in {name}"] : found;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return [$"{name}, which cannot be read here"];
        }
    }

    private static List<string> FromSettings(JsonElement settings, string file)
    {
        var found = new List<string>();
        foreach (var setting in settings.EnumerateObject())
        {
            switch (setting.Name)
            {
                case "hooks" when setting.Value.ValueKind == JsonValueKind.Object:
                    found.AddRange(setting.Value.EnumerateObject().Select(hook => $"hook on {Short(hook.Name)} ({Command(hook.Value)})"));
                    break;
                case "env" when setting.Value.ValueKind == JsonValueKind.Object:
                    found.AddRange(setting.Value.EnumerateObject().Select(variable => $"environment variable {Short(variable.Name)}"));
                    break;
                case "permissions" when setting.Value.ValueKind == JsonValueKind.Object:
                    // Its list of what is allowed counts only in a folder that the user trusts.
                    found.AddRange(setting.Value.EnumerateObject().Where(item => item.Name is not ("allow" or "deny" or "ask"))
                        .Select(item => $"setting permissions.{Short(item.Name)} in {file}"));
                    break;
                case "$schema":
                    break;
                default:
                    found.Add($"setting {Short(setting.Name)} in {file}");
                    break;
            }
        }

        return found;
    }

    /// <summary>The commands or addresses in a hook or server, wherever they stand in it.</summary>
    private static string Command(JsonElement element)
    {
        var commands = Strings(element).Distinct().ToList();
        return commands.Count == 0 ? "no command" : Short(string.Join("; ", commands), LongestCommand);

        static IEnumerable<string> Strings(JsonElement element) => element.ValueKind switch
        {
            JsonValueKind.Array => element.EnumerateArray().SelectMany(Strings),
            JsonValueKind.Object => element.EnumerateObject().SelectMany(item =>
                item is { Name: "command" or "url", Value.ValueKind: JsonValueKind.String }
                    ? [item.Value.GetString()!]
                    : Strings(item.Value)),
            _ => [],
        };
    }

    private static string Short(string text, int length = 40) => TerminalText.OneLine(text, length);
}
