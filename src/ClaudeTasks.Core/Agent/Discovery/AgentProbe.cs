using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using ClaudeTasks.Processes;

namespace ClaudeTasks.Agent;

/// <summary>Asks the program for its version, without a model call.</summary>
internal static class AgentProbe
{
    /// <summary>The oldest agent that speaks this protocol; the published SDKs ask for the same.</summary>
    public static readonly Version Oldest = new(2, 0, 0);

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    /// <summary>What <c>--version</c> said.</summary>
    /// <param name="Version">The version, or null when the answer holds none.</param>
    /// <param name="Problem">Why there is none; null when all is well.</param>
    public readonly record struct Answer(Version? Version, string? Problem);

    public static async Task<Answer> AskVersionAsync(string program, CancellationToken cancellation)
    {
        try
        {
            var result = await ProgramRun.CollectAsync(new ProcessStartInfo(program, ["--version"]), [], Limit, cancellation)
                .ConfigureAwait(false);
            if (result.ExitCode != 0)
            {
                return new Answer(
                    null,
                    $"'{program} --version' ended with exit code {result.ExitCode}"
                        + $"{(result.Error.Length == 0 ? "" : ": " + Shorten(result.Error))}");
            }

            return Parse(result.Text) is not { } version
                ? new Answer(null, $"'{program} --version' answered no version: '{Shorten(result.Text.Trim())}'")
                : version < Oldest
                    ? new Answer(version, $"Claude Code {version} is too old; {Oldest} or newer is needed")
                    : new Answer(version, null);
        }
        catch (Win32Exception e)
        {
            return new Answer(null, $"'{program}' could not be started: {e.Message}");
        }
        catch (TimeoutException)
        {
            return new Answer(null, $"'{program} --version' did not answer within {Limit.TotalSeconds:0} seconds");
        }
    }

    private static Version? Parse(string output)
    {
        var numbers = output.Split(' ', '\n')[0].Split('.');
        return numbers.Length >= 3
            && int.TryParse(numbers[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            && int.TryParse(numbers[1], NumberStyles.None, CultureInfo.InvariantCulture, out var minor)
            && int.TryParse(
                new string([.. numbers[2].TakeWhile(char.IsAsciiDigit)]), NumberStyles.None, CultureInfo.InvariantCulture, out var patch)
                ? new Version(major, minor, patch)
                : null;
    }

    private static string Shorten(string text) => text.Length <= 200 ? text : text[..200] + "…";
}
