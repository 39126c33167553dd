using System.Text.Json;
using ClaudeTasks.Text;

namespace ClaudeTasks.Agent;

/// <summary>
/// What Claude Code takes from a repository's own files and runs or obeys without asking, as there is no trust question without a screen:
/// hooks, MCP servers, environment variables, settings (observed on 2.1.330).
/// </summary>
internal static class ProjectSettings
{
    private const int LongestFile = 1024 * 1024;
    private const int LongestCommand = 80;

    private static readonly string[] SettingsFiles = [".claude/settings.json", ".claude/settings.local.json"];

    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>What there is, in words; empty where there is nothing.</summary>
    /// <param name="root">The root of the work tree.</param>
    public static IReadOnlyList<string> Find(string root)
    {
        var found = new List<string>();
        foreach (var file in SettingsFiles)
        {
            Read(root, file, found, settings => FromSettings(settings, file, found));
        }

        Read(root, ".mcp.json", found, servers =>
        {
            if (servers.TryGetProperty("mcpServers", out var all) && all.ValueKind == JsonValueKind.Object)
            {
                found.AddRange(all.EnumerateObject().Select(server => $"MCP server '{Short(server.Name)}' ({Command(server.Value)})"));
            }
        });
        return found;
    }

    private static void Read(string root, string name, List<string> found, Action<JsonElement> read)
    {
        try
        {
            var file = new FileInfo(Path.Combine(root, name));
            if (!file.Exists)
            {
                return;
            }

            if (file.Length > LongestFile)
            {
                found.Add($"{name}, which is too long to look at");
                return;
            }

            using var document = JsonDocument.Parse(File.ReadAllBytes(file.FullName), Lenient);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                read(document.RootElement);
            }
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            found.Add($"{name}, which cannot be read here");
        }
    }

    private static void FromSettings(JsonElement settings, string file, List<string> found)
    {
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
