using ClaudeTasks.Text;

namespace ClaudeTasks.Pipeline;

/// <summary>Whether there is a terminal with somebody at it.</summary>
internal static class Terminal
{
    /// <summary>Somebody who could answer a question: a person types into this process, and it is no CI service's.</summary>
    public static bool HasSomebody { get; } =
        Environment.UserInteractive
        && !Console.IsInputRedirected
        && !IsCi
        && !Environment.GetCommandLineArgs().Any(IsNonInteractive);

    /// <summary>A terminal shows what this process writes, and what is written for terminals alone is at its place there.</summary>
    public static bool ShowsOutput { get; } =
        Environment.UserInteractive && !Console.IsOutputRedirected && !IsCi && Environment.GetEnvironmentVariable("TERM") != "dumb";

    private static bool IsCi => CiCommands.Service != CiService.None || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI"));

    /// <summary>pwsh takes any prefix of its switches that means only one of them.</summary>
    private static bool IsNonInteractive(string argument) =>
        argument.TrimStart('-', '/') is { Length: >= 4 } name
        && argument[0] is '-' or '/'
        && "noninteractive".StartsWith(name, StringComparison.OrdinalIgnoreCase);
}
