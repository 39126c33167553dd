namespace ClaudeTasks.SimulatedAgent;

/// <summary>A stand-in for the Claude Code CLI: plays a scenario over its stream-json protocol.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        try
        {
            var commandLine = CommandLine.Parse(args);
            if (commandLine.IsVersion)
                return Print(Scenario.Load(null)?.Version ?? Scenario.DefaultVersion);
            if (commandLine.IsAuthStatus)
                return Print("""{"loggedIn":true,"authMethod":"api_key","apiKeySource":"ANTHROPIC_API_KEY","loginExpiresAt":null}""");
            return RunSession(commandLine);
        }
        catch (ScenarioException exception)
        {
            ErrorOutput.WriteLine($"claude-simulated: {exception.Message}");
            return 1;
        }
    }

    private static int RunSession(CommandLine commandLine)
    {
        var scenario = Scenario.Load(commandLine.ScenarioFile);
        if (commandLine.IsResumed)
            scenario = scenario?.Resumed ?? scenario;
        if (scenario?.StderrAtStart is { } text)
            ErrorOutput.WriteLine(text);
        if (scenario?.ExitAtStart is { } code)
            return code;

        Signals.Handle();
        return new Session(commandLine, scenario).Run();
    }

    private static int Print(string text)
    {
        using var output = Console.OpenStandardOutput();
        output.Write(System.Text.Encoding.UTF8.GetBytes(text + "\n"));
        return 0;
    }
}
