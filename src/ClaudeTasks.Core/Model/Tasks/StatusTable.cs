using Status = ClaudeTasks.Model.ClaudeTaskStatus;

namespace ClaudeTasks.Model;

/// <summary>The one table of statuses: how each is shown, what it is in the store, and which moves it allows.</summary>
public static class StatusTable
{
    /// <summary>
    /// The rows, in the order of the statuses. A task that pauses, is retried or gets another turn returns to Pending and keeps its lease.
    /// </summary>
    internal static readonly IReadOnlyList<StatusRow> Rows =
    [
        new(Status.Pending, "⏳", "◷", Tone.Faint, 8, "In the queue")
        {
            StoreName = "pending", Outcome = TaskOutcome.Waiting,
            Next = [Status.PreFlight, Status.Failed, Status.Cancelled],
        },
        new(Status.PreFlight, "🔄", "▶", Tone.Plain, 3, "Running")
        {
            StoreName = "pre_flight", Outcome = TaskOutcome.Running, IsActive = true,
            Next = [Status.Running, Status.Pending, Status.Failed, Status.Cancelled],
        },
        new(Status.Running, "🔄", "▶", Tone.Plain, 3, "Running")
        {
            StoreName = "running", Outcome = TaskOutcome.Running, IsActive = true,
            Next = [Status.Pending, Status.WaitingQa, Status.QaFailed, Status.Completed, Status.Failed, Status.Cancelled],
        },
        new(Status.WaitingQa, "🔄", "▶", Tone.Plain, 3, "Being checked")
        {
            StoreName = "waiting_qa", Outcome = TaskOutcome.Running, IsActive = true,
            Next =
            [
                Status.Pending, Status.QaRunning, Status.QaFailed, Status.WaitingApproval, Status.Approved, Status.Failed, Status.Cancelled
            ],
        },
        new(Status.QaRunning, "🔄", "▶", Tone.Plain, 3, "Being checked")
        {
            StoreName = "qa_running", Outcome = TaskOutcome.Running, IsActive = true,
            Next =
            [
                Status.Pending, Status.Running, Status.WaitingApproval, Status.QaFailed, Status.Approved, Status.Failed, Status.Cancelled
            ],
        },
        new(Status.QaFailed, "🚫", "✗", Tone.Attention, 7, "Gate failed")
        {
            StoreName = "qa_failed", Outcome = TaskOutcome.Waiting, NeedsDecision = true, Succeeded = false,
            Next = [Status.Pending, Status.QaRunning, Status.Approved, Status.Rejected, Status.Cancelled],
        },
        new(Status.WaitingApproval, "⏸️", "◷", Tone.Attention, 0, "Waits for approval")
        {
            StoreName = "waiting_approval", Outcome = TaskOutcome.Waiting, NeedsDecision = true, Succeeded = true,
            Next = [Status.Pending, Status.QaRunning, Status.Approved, Status.Rejected, Status.Cancelled],
        },
        new(Status.Approved, "✅", "✓", Tone.Good, 0, "Being committed")
        {
            StoreName = "approved", Outcome = TaskOutcome.Running, Succeeded = true,
            Next = [Status.Completed, Status.WaitingQa, Status.QaRunning, Status.WaitingApproval, Status.QaFailed],
        },
        new(Status.Completed, "✅", "✓", Tone.Good, 0, "Completed")
        {
            StoreName = "completed", Outcome = TaskOutcome.Completed, IsTerminal = true, Succeeded = true,
            Next = [Status.WaitingApproval, Status.QaFailed],
        },
        new(Status.Rejected, "❌", "⊘", Tone.Faint, 3, "Rejected")
        {
            StoreName = "rejected", Outcome = TaskOutcome.Rejected, IsTerminal = true, Succeeded = false,
            Next = [Status.WaitingApproval, Status.QaFailed, Status.Failed, Status.Cancelled],
        },
        new(Status.Failed, "⚠️", "✗", Tone.Bad, 3, "Failed")
        {
            StoreName = "failed", Outcome = TaskOutcome.Failed, IsTerminal = true, Succeeded = false,
            Next = [Status.Rejected],
        },
        new(Status.Cancelled, "⏹️", "■", Tone.Faint, 6, "Cancelled")
        {
            StoreName = "cancelled", Outcome = TaskOutcome.Cancelled, IsTerminal = true,
            Next = [Status.Rejected],
        },
    ];

    /// <summary>Returns the row of a status.</summary>
    public static StatusRow Of(ClaudeTaskStatus status) => Rows[(int)status];
}
