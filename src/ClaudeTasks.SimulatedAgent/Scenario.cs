using System.Text.Encodings.Web;
using System.Text.Json;

namespace ClaudeTasks.SimulatedAgent;

/// <summary>What the simulated agent does and says.</summary>
internal sealed class Scenario
{
    private const string FileVariable = "SIMULATED_AGENT_SCENARIO";
    public const string DefaultVersion = "2.1.330 (Claude Code)";

    private const string PromptMark = "SCENARIO";

    public static readonly Scenario Empty = new("{}", "empty");

    private static readonly JsonElement DefaultAccount =
        Json.Parse("""{"tokenSource":"none","apiKeySource":"ANTHROPIC_API_KEY","apiProvider":"firstParty"}""");

    private static readonly JsonElement DefaultUsage = Json.Parse(
        """{"input_tokens":1200,"output_tokens":340,"cache_creation_input_tokens":10,"cache_read_input_tokens":20}""");

    private readonly string text;
    private readonly string source;
    private readonly JsonElement root;

    private Scenario(string text, string source)
    {
        this.text = text;
        this.source = source;
        try
        {
            root = Json.Parse(text);
        }
        catch (JsonException exception)
        {
            throw new ScenarioException($"the scenario ({source}) is not JSON: {exception.Message}");
        }
        if (root.ValueKind != JsonValueKind.Object)
            throw new ScenarioException($"the scenario ({source}) is not a JSON object");
        if (root.Child("steps") is { ValueKind: not JsonValueKind.Array })
            throw new ScenarioException($"the scenario ({source}) has \"steps\" that are not an array");
    }

    public JsonElement? Steps => root.ArrayOf("steps");

    /// <summary>What is played when the conversation is resumed.</summary>
    public Scenario? Resumed => root.ObjectOf("resumed") is { } resumed ? new Scenario(resumed.GetRawText(), source) : null;

    public JsonElement? Result => root.ObjectOf("result");

    public bool NoResult => root.Flag("noResult") ?? false;

    public bool NoIdle => root.Flag("noIdle") ?? false;

    public int? ExitCode => root.Number("exitCode");

    public JsonElement Account => root.ObjectOf("account") ?? DefaultAccount;

    public string? Initialize => root.Text("initialize");

    public string? StderrAtStart => root.Text("stderrAtStart");

    public int? ExitAtStart => root.Number("exitAtStart");

    public string Version => root.Text("version") ?? DefaultVersion;

    public decimal CostUsd => root.Child("costUsd")?.GetDecimal() ?? 0.0123m;

    public JsonElement Usage => root.ObjectOf("usage") ?? DefaultUsage;

    /// <summary>The scenario of the option or the environment; null when neither names one.</summary>
    public static Scenario? Load(string? file)
    {
        file ??= Environment.GetEnvironmentVariable(FileVariable);
        if (string.IsNullOrEmpty(file))
            return null;
        try
        {
            return new Scenario(File.ReadAllText(file), file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ScenarioException($"cannot read the scenario {file}: {exception.Message}");
        }
    }

    /// <summary>The scenario a prompt carries after its SCENARIO line, or the built-in one.</summary>
    public static Scenario ForPrompt(string prompt) => PromptMarkIn(prompt) is var (_, start)
        ? new Scenario(prompt[start..], "of the prompt")
        : new Scenario(DefaultScenario.Text(prompt), "built in");

    public bool Ignores(string what)
    {
        if (root.ArrayOf("ignore") is not { } ignored)
            return false;
        foreach (var item in ignored.EnumerateArray())
        {
            if (item.ValueEquals(what))
                return true;
        }
        return false;
    }

    /// <summary>
    /// Fills in {prompt} and {cwd}. Valid JSON can hold these only inside strings, so replacing them in the text is safe.
    /// </summary>
    public Scenario Expand(string prompt)
    {
        var task = PromptMarkIn(prompt) is var (end, _) ? prompt[..end].TrimEnd('\r', '\n') : prompt;
        var expanded = text.Replace("{prompt}", Encode(task)).Replace("{cwd}", Encode(Environment.CurrentDirectory));
        return expanded == text ? this : new Scenario(expanded, source);
    }

    public static string Encode(string text) => JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).Value;

    private static (int End, int Start)? PromptMarkIn(string prompt)
    {
        for (var start = 0; start < prompt.Length;)
        {
            var newline = prompt.IndexOf('\n', start);
            if (newline < 0)
                return null;
            if (prompt.AsSpan(start, newline - start).TrimEnd('\r').SequenceEqual(PromptMark))
                return (start, newline + 1);
            start = newline + 1;
        }
        return null;
    }
}
