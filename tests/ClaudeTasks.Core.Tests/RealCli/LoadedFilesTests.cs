using ClaudeTasks.Model;

namespace ClaudeTasks.Tests.RealCli;

/// <summary>
/// What the real CLI loads from a repository and the folders above it is named before the first task, and ignored by -Isolated.
/// </summary>
[Collection(RealCliGroup.Name)]
public sealed class LoadedFilesTests : IDisposable
{
    private readonly CliWorkspace _workspace = new();
    private readonly Dictionary<string, string> _marks = [];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_reaches_the_model_is_named(bool isolated)
    {
        foreach (var file in new[] { "CLAUDE.md", "CLAUDE.local.md", ".claude/CLAUDE.md", ".claude/rules/deep/rule.md" })
        {
            Plant(file, mark => mark);
            PlantOutside(file, mark => mark);
        }

        Plant(".claude/skills/my-skill/SKILL.md", mark => $"---\nname: my-skill\ndescription: {mark}\n---\nDo it.\n", "my-skill");
        Plant(".claude/commands/team/ship.md", mark => $"---\ndescription: {mark}\n---\nDo it.\n", "team/ship.md");
        Plant(".claude/agents/my-agent.md", mark => $"---\nname: my-agent\ndescription: {mark}\n---\nDo it.\n", "my-agent.md");
        Plant(".claude/workflows/flow.js", mark => $"export const meta = {{ name: 'flow', description: '{mark}' }};\n", "flow.js");

        AssertNamed(isolated);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Instructions_for_other_agents_are_named(bool isolated)
    {
        foreach (var file in new[] { "AGENTS.md", ".claude/AGENTS.md" })
        {
            Plant(file, mark => mark);
            PlantOutside(file, mark => mark);
        }

        AssertNamed(isolated);
    }

    [Fact]
    public void An_MCP_server_of_a_folder_above_the_repository_is_named()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The server is a program of Unix.");
        var ran = _workspace.Outside("server-ran");
        File.WriteAllText(_workspace.Outside(".mcp.json"), $$"""{"mcpServers":{"outer":{"command":"touch","args":["{{ran}}"]} } }""");

        var task = _workspace.RunInEngine("Hello.", new TaskSettings());

        Assert.True(File.Exists(ran));
        Assert.Contains("MCP server 'outer' (touch) of ", Warning(task), StringComparison.Ordinal);
    }

    public void Dispose() => _workspace.Dispose();

    private void AssertNamed(bool isolated)
    {
        _workspace.Git("add", "--all");
        _workspace.Git("commit", "--quiet", "--message=Instructions");

        var task = _workspace.RunInEngine("Hello.", new TaskSettings { Isolated = isolated });

        var sent = string.Concat(_workspace.Api.Requests.Select(request => request.ToJsonString()));
        var warning = Warning(task);
        Assert.All(_marks, planted =>
        {
            Assert.Equal(!isolated, sent.Contains(planted.Key, StringComparison.Ordinal));
            Assert.Equal(!isolated, warning.Contains(planted.Value, StringComparison.Ordinal));
        });
    }

    private string Warning(ClaudeTask task) => string.Concat(_workspace.Events(task)
        .Where(item => item.Kind == ClaudeTaskEventKind.Warning && item.Text!.StartsWith("Without asking", StringComparison.Ordinal))
        .Select(item => item.Text));

    private void Plant(string file, Func<string, string> content, string? shown = null) =>
        Write(_workspace.InRepository(file), content, shown ?? file.Replace(".claude/rules/", "", StringComparison.Ordinal));

    private void PlantOutside(string file, Func<string, string> content) =>
        Write(_workspace.Outside(file), content, _workspace.Outside(file));

    private void Write(string path, Func<string, string> content, string shown)
    {
        var mark = $"MARK{_marks.Count:00}OF-THIS-FILE";
        _marks.Add(mark, shown);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content(mark));
    }
}
