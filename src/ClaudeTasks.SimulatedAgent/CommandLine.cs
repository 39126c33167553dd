namespace ClaudeTasks.SimulatedAgent;

/// <summary>The options we obey; the many others a supervisor passes to the real CLI are accepted and ignored.</summary>
internal sealed class CommandLine
{
    public required IReadOnlyList<string> Arguments { get; init; }

    public bool IsVersion { get; private set; }

    public bool IsAuthStatus { get; private set; }

    public string SessionId { get; private set; } = Identifier.Next().ToString();

    /// <summary>A conversation goes on: the scenario's <c>resumed</c> part is played.</summary>
    public bool IsResumed { get; private set; }

    public string PermissionMode { get; private set; } = "default";

    public string Model { get; private set; } = "claude-opus-5-5";

    public string? ScenarioFile { get; private set; }

    /// <summary>The text that the first request appends to the system prompt.</summary>
    public string? Instructions { get; set; }

    public static CommandLine Parse(string[] arguments)
    {
        var parsed = new CommandLine
        {
            Arguments = arguments,
            IsAuthStatus = arguments is ["auth", "status", ..],
        };
        foreach (var argument in arguments)
        {
            var equals = argument.IndexOf('=');
            var name = equals < 0 ? argument : argument[..equals];
            var value = argument[(equals + 1)..];
            switch (name)
            {
                case "--version": parsed.IsVersion = true; break;
                case "--session-id" when equals > 0: parsed.SessionId = value; break;
                case "--resume" when equals > 0: (parsed.SessionId, parsed.IsResumed) = (value, true); break;
                case "--permission-mode" when equals > 0: parsed.PermissionMode = value; break;
                case "--model" when equals > 0: parsed.Model = value; break;
                case "--scenario" when equals > 0: parsed.ScenarioFile = value; break;
            }
        }
        return parsed;
    }
}
