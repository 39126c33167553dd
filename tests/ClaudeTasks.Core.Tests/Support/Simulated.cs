using System.Text.Json;

namespace ClaudeTasks.Tests.Support;

/// <summary>The simulated agent, and prompts that tell it what to do.</summary>
internal static class Simulated
{
    public static string Program { get; } =
        Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "claude-simulated.exe" : "claude-simulated");

    /// <summary>A prompt whose steps the agent plays, each a JSON object.</summary>
    public static string Steps(params string[] steps) => Scenario($$"""{"steps":[{{string.Join(',', steps)}}] }""");

    public static string Scenario(string json) => "Do it\nSCENARIO\n" + json;

    public static string Says(string text) => Step("text", text);

    public static string Write(string path, string content) =>
        $$"""{"tool":"Write","input":{"file_path":{{Quote(path)}},"content":{{Quote(content)}} } }""";

    public static string Bash(string command, bool ask = false) =>
        $$"""{"tool":"Bash","ask":{{(ask ? "true" : "false")}},"input":{"command":{{Quote(command)}} } }""";

    /// <summary>Says that the agent has come this far, and waits for the test to let it go on.</summary>
    public static string Pause(string reached, string goOn) => $"{Step("signalFile", reached)},{Step("waitFile", goOn)}";

    public static string Step(string name, string value) => $$"""{"{{name}}":{{Quote(value)}}}""";

    public static string Quote(string text) => JsonSerializer.Serialize(text);
}
