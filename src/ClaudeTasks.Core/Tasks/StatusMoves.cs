using static ClaudeTasks.Tasks.ClaudeTaskStatus;

namespace ClaudeTasks.Tasks;

/// <summary>The one table of allowed moves between statuses, and the names statuses have in the store.</summary>
internal static class StatusMoves
{
    // A task that pauses, is tried again or gets a further turn goes back to Pending, keeps its repository, and comes from there again.
    private static readonly Dictionary<ClaudeTaskStatus, ClaudeTaskStatus[]> Allowed = new()
    {
        [Pending] = [PreFlight, Failed, Cancelled],
        [PreFlight] = [Running, Pending, Failed, Cancelled],
        [Running] = [Pending, WaitingQa, QaFailed, Completed, Failed, Cancelled],
        [WaitingQa] = [Pending, QaRunning, QaFailed, WaitingApproval, Approved, Failed, Cancelled],
        [QaRunning] = [Pending, Running, WaitingApproval, QaFailed, Approved, Failed, Cancelled],
        [QaFailed] = [Pending, QaRunning, Approved, Rejected, Cancelled],
        [WaitingApproval] = [Pending, QaRunning, Approved, Rejected, Cancelled],
        [Approved] = [Completed, WaitingQa, QaRunning, WaitingApproval, QaFailed],

        // What has ended is moved by a person's decision alone: taken back, or what it left put back.
        [Completed] = [WaitingApproval, QaFailed],
        [Rejected] = [WaitingApproval, QaFailed, Failed, Cancelled],
        [Failed] = [Rejected],
        [Cancelled] = [Rejected],
    };

    private static readonly string[] Names =
    [
        "pending", "pre_flight", "running", "waiting_qa", "qa_running", "qa_failed",
        "waiting_approval", "approved", "completed", "rejected", "failed", "cancelled",
    ];

    public static bool IsAllowed(ClaudeTaskStatus from, ClaudeTaskStatus to) => Allowed[from].Contains(to);

    /// <summary>The machine works on it, or will: it counts as busy and its worker must live.</summary>
    public static bool IsActive(ClaudeTaskStatus status) => status is PreFlight or Running or WaitingQa or QaRunning;

    public static bool IsTerminal(ClaudeTaskStatus status) => status is Completed or Rejected or Failed or Cancelled;

    /// <summary>The machine has nothing more to do for the task: a person decides, or it ended.</summary>
    public static bool IsSettled(ClaudeTaskStatus status) => status != Pending && !IsActive(status);

    public static TaskOutcome OutcomeOf(ClaudeTaskStatus status) => status switch
    {
        Pending or WaitingApproval or QaFailed => TaskOutcome.Waiting,
        Completed => TaskOutcome.Completed,
        Failed => TaskOutcome.Failed,
        Rejected => TaskOutcome.Rejected,
        Cancelled => TaskOutcome.Cancelled,
        _ => TaskOutcome.Running,
    };

    /// <summary>Whether the work is there: false where it is not or was turned down, null where nobody knows yet or it was stopped.</summary>
    public static bool? Succeeded(ClaudeTaskStatus status) => status switch
    {
        Completed or Approved or WaitingApproval => true,
        Failed or QaFailed or Rejected => false,
        _ => null,
    };

    /// <summary>Those statuses as a list for SQL.</summary>
    public static string StoreList(Func<ClaudeTaskStatus, bool> matches) =>
        string.Join(", ", Enum.GetValues<ClaudeTaskStatus>().Where(matches).Select(status => $"'{ToStore(status)}'"));

    public static string ToStore(ClaudeTaskStatus status) => Names[(int)status];

    public static ClaudeTaskStatus FromStore(string name) => (ClaudeTaskStatus)Array.IndexOf(Names, name) is var status && status >= 0
        ? status
        : throw new ClaudeTaskException(
            ClaudeTaskErrorId.StoreCorrupt, $"The store holds a status '{name}' that does not exist.", name, "Something else than ClaudeTasks has written to it: move its file away (keep it), and a new one is made.");
}
