using Status = ClaudeTasks.Model.ClaudeTaskStatus;

namespace ClaudeTasks.Model;

/// <summary>The one table of allowed moves between statuses, and the names statuses have in the store.</summary>
internal static class StatusMoves
{
    // A task that pauses, is tried again or gets a further turn goes back to Pending, keeps its repository, and comes from there again.
    private static readonly Dictionary<ClaudeTaskStatus, ClaudeTaskStatus[]> Allowed = new()
    {
        [Status.Pending] = [Status.PreFlight, Status.Failed, Status.Cancelled],
        [Status.PreFlight] = [Status.Running, Status.Pending, Status.Failed, Status.Cancelled],
        [Status.Running] = [Status.Pending, Status.WaitingQa, Status.QaFailed, Status.Completed, Status.Failed, Status.Cancelled],
        [Status.WaitingQa] = [Status.Pending, Status.QaRunning, Status.QaFailed, Status.WaitingApproval, Status.Approved, Status.Failed, Status.Cancelled],
        [Status.QaRunning] = [Status.Pending, Status.Running, Status.WaitingApproval, Status.QaFailed, Status.Approved, Status.Failed, Status.Cancelled],
        [Status.QaFailed] = [Status.Pending, Status.QaRunning, Status.Approved, Status.Rejected, Status.Cancelled],
        [Status.WaitingApproval] = [Status.Pending, Status.QaRunning, Status.Approved, Status.Rejected, Status.Cancelled],
        [Status.Approved] = [Status.Completed, Status.WaitingQa, Status.QaRunning, Status.WaitingApproval, Status.QaFailed],

        // What has ended is moved by a person's decision alone: taken back, or what it left put back.
        [Status.Completed] = [Status.WaitingApproval, Status.QaFailed],
        [Status.Rejected] = [Status.WaitingApproval, Status.QaFailed, Status.Failed, Status.Cancelled],
        [Status.Failed] = [Status.Rejected],
        [Status.Cancelled] = [Status.Rejected],
    };

    private static readonly string[] Names =
    [
        "pending", "pre_flight", "running", "waiting_qa", "qa_running", "qa_failed",
        "waiting_approval", "approved", "completed", "rejected", "failed", "cancelled",
    ];

    public static bool IsAllowed(ClaudeTaskStatus from, ClaudeTaskStatus to) => Allowed[from].Contains(to);

    /// <summary>The machine works on it, or will: it counts as busy and its worker must live.</summary>
    public static bool IsActive(ClaudeTaskStatus status) => status is Status.PreFlight or Status.Running or Status.WaitingQa or Status.QaRunning;

    public static bool IsTerminal(ClaudeTaskStatus status) => status is Status.Completed or Status.Rejected or Status.Failed or Status.Cancelled;

    /// <summary>The machine has nothing more to do for the task: a person decides, or it ended.</summary>
    public static bool IsSettled(ClaudeTaskStatus status) => status != Status.Pending && !IsActive(status);

    public static TaskOutcome OutcomeOf(ClaudeTaskStatus status) => status switch
    {
        Status.Pending or Status.WaitingApproval or Status.QaFailed => TaskOutcome.Waiting,
        Status.Completed => TaskOutcome.Completed,
        Status.Failed => TaskOutcome.Failed,
        Status.Rejected => TaskOutcome.Rejected,
        Status.Cancelled => TaskOutcome.Cancelled,
        _ => TaskOutcome.Running,
    };

    /// <summary>Whether the work is there: false where it is not or was turned down, null where nobody knows yet or it was stopped.</summary>
    public static bool? Succeeded(ClaudeTaskStatus status) => status switch
    {
        Status.Completed or Status.Approved or Status.WaitingApproval => true,
        Status.Failed or Status.QaFailed or Status.Rejected => false,
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
