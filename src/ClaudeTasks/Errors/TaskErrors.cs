using ClaudeTasks.Model;

namespace ClaudeTasks.Errors;

/// <summary>The errors that tell of a task's end, or that it cannot come to one.</summary>
internal static class TaskErrors
{
    /// <summary>The error of a task that did not do what it was asked to; null for one that did.</summary>
    private static ClaudeTaskException? OfBadEnding(ClaudeTask task)
    {
        return task switch
        {
            { Status: ClaudeTaskStatus.QaFailed } => Failed(
                $"ended as {task.Status} ({task.Reason}): {task.ReasonText}",
                $"Ask Claude to fix it (Repair-ClaudeTask {task.Id}), or put its files back: Deny-ClaudeTask {task.Id}"),
            { Status: ClaudeTaskStatus.Failed or ClaudeTaskStatus.Cancelled } => Failed(
                $"ended as {task.Status} ({task.Reason}): {task.ReasonText}", $"Receive-ClaudeTask {task.Id} shows what happened."),
            // Where nobody is there to decide, what follows would go on without the commit.
            { Status: ClaudeTaskStatus.WaitingApproval, AutoApprove: true } => Failed(
                $"was not approved by itself and waits for a decision. {task.ReasonText}".TrimEnd(), Decide(task)),
            _ => null,
        };

        ClaudeTaskException Failed(string how, string fix) => new(ClaudeTaskErrorId.TaskFailed, $"Task {task.Id} {how}", task, fix);
    }

    /// <summary>
    /// Why a task did not come to its end: it failed, was stopped or suspended, or waits behind another; null when it came to it.
    /// </summary>
    public static ClaudeTaskException? OfMissingEnd(ClaudeTask task, ClaudeTask? blocker) =>
        blocker is not null ? Blocked(task, blocker)
        : task.IsSuspended ? new ClaudeTaskException(
            ClaudeTaskErrorId.TaskSuspended,
            $"Task {task.Id} is suspended: {task.ReasonText}",
            task,
            $"Go on with it: Resume-ClaudeTask {task.Id}")
        : OfBadEnding(task);

    /// <summary>An error that was recorded while a task ran.</summary>
    public static ClaudeTaskException Reported(ClaudeTaskEvent item) => new(
        ClaudeTaskErrorId.TaskReportedError, item.Text, item, $"Receive-ClaudeTask {item.Task} shows what happened.");

    public static ClaudeTaskException Blocked(ClaudeTask task, ClaudeTask blocker) => new(
        ClaudeTaskErrorId.TaskBlocked,
        $"Task {task.Id} stays in the queue behind task {blocker.Id}, which "
            + $"{(blocker.IsSuspended ? "is suspended" : $"waits for your decision ({blocker.Status})")}.",
        task,
        blocker.IsSuspended
            ? $"Go on with it: Resume-ClaudeTask {blocker.Id}"
            : Decide(blocker));

    private static string Decide(ClaudeTask task) =>
        $"Look at it (Get-ClaudeTaskDiff {task.Id}) and decide: Approve-ClaudeTask {task.Id} or Deny-ClaudeTask {task.Id}";

    public static ClaudeTaskException Removed(int id) => new(
        ClaudeTaskErrorId.TaskNotFound,
        $"Task {id} was removed while it was waited for.",
        id,
        "Somebody used Remove-ClaudeTask on it. Get-ClaudeTask lists the tasks there are.");

    public static ClaudeTaskException WaitTimedOut(ClaudeTask task, TimeSpan limit) => new(
        ClaudeTaskErrorId.WaitTimedOut,
        $"Task {task.Id} is still {task.Status} after {limit.TotalSeconds:0.#} seconds. It continues.",
        task,
        $"Wait longer, or stop it: Stop-ClaudeTask {task.Id}");
}
