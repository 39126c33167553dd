using ClaudeTasks.Model;

namespace ClaudeTasks.Running;

/// <summary>What Claude is told of gates that failed.</summary>
internal static class RepairPrompt
{
    /// <summary>How much of a gate's output goes back to Claude, from its end, in characters.</summary>
    private const int LongestOutput = 8 * 1024;

    public static string Of(IEnumerable<ClaudeTaskGateResult> failed)
    {
        var outputs = failed.Select(result =>
        {
            var output = result.Output.Length > LongestOutput ? "…" + result.Output[^LongestOutput..] : result.Output;
            return $"""
                Check "{result.Name}" ({(result.Reason == ClaudeTaskReason.None ? $"exit code {result.ExitCode}" : result.Reason)}) printed:

                {output}
                """;
        });
        return $"""
            Your changes did not pass these checks. Mend the cause in the code, without weakening the checks, and keep to the task.

            {string.Join("\n\n", outputs)}
            """;
    }
}
