using ClaudeTasks.Model;

namespace ClaudeTasks.Store;

/// <summary>Groups of statuses as lists for SQL.</summary>
internal static class StatusList
{
    /// <summary>A worker is at work on the task.</summary>
    public static string Active { get; } = StatusMoves.StoreList(StatusMoves.IsActive);

    /// <summary>A worker is at work on the task, or will be.</summary>
    public static string Unsettled { get; } = StatusMoves.StoreList(status => !StatusMoves.IsSettled(status));

    public static string Settled { get; } = StatusMoves.StoreList(StatusMoves.IsSettled);

    /// <summary>A worker is at work on the task, and its agent may be too.</summary>
    public static string AgentAtWork { get; } =
        StatusMoves.StoreList(status => status is ClaudeTaskStatus.PreFlight or ClaudeTaskStatus.Running);

    /// <summary>A person must decide.</summary>
    public static string Undecided { get; } =
        StatusMoves.StoreList(status => status is ClaudeTaskStatus.WaitingApproval or ClaudeTaskStatus.QaFailed);

    public static string NotEnded { get; } = StatusMoves.StoreList(status => !StatusMoves.IsTerminal(status));

    public static string Terminal { get; } = StatusMoves.StoreList(StatusMoves.IsTerminal);

    /// <summary>The task ended otherwise than by completing.</summary>
    public static string EndedBadly { get; } =
        StatusMoves.StoreList(status => StatusMoves.IsTerminal(status) && status != ClaudeTaskStatus.Completed);

    public static string All { get; } = StatusMoves.StoreList(_ => true);
}
