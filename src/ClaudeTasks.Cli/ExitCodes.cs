using ClaudeTasks.Model;

namespace ClaudeTasks.Cli;

/// <summary>The exit codes of <c>run</c>; <see cref="StatusTable"/> holds those of the statuses.</summary>
internal static class ExitCodes
{
    public const int Success = 0;
    public const int Usage = 2;
    public const int Failed = 3;
    public const int PreFlightFailed = 4;
    public const int TimedOut = 5;
    public const int Blocked = 8;

    public static int Of(ClaudeTask task) => (StatusTable.Of(task.Status).ExitCode, task.Reason) switch
    {
        (Failed, ClaudeTaskReason.PreFlightFailed) => PreFlightFailed,
        (Failed, ClaudeTaskReason.TimedOut or ClaudeTaskReason.Stalled) => TimedOut,
        var (code, _) => code,
    };
}
