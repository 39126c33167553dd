using ClaudeTasks.Model;

namespace ClaudeTasks.Cli;

/// <summary>What the exit code of <c>run</c> tells.</summary>
internal static class ExitCodes
{
    public const int Success = 0;
    public const int Usage = 2;
    public const int Failed = 3;
    public const int PreFlightFailed = 4;
    public const int TimedOut = 5;
    public const int Cancelled = 6;
    public const int QaFailed = 7;
    public const int Blocked = 8;

    public static int Of(ClaudeTask task) => task switch
    {
        { Status: ClaudeTaskStatus.Completed or ClaudeTaskStatus.WaitingApproval or ClaudeTaskStatus.Approved } => Success,
        { Status: ClaudeTaskStatus.Pending } => Blocked,
        { Status: ClaudeTaskStatus.Cancelled } => Cancelled,
        { Status: ClaudeTaskStatus.QaFailed } => QaFailed,
        { Reason: ClaudeTaskReason.PreFlightFailed } => PreFlightFailed,
        { Reason: ClaudeTaskReason.TimedOut or ClaudeTaskReason.Stalled } => TimedOut,
        _ => Failed,
    };
}
