using ClaudeTasks.Model;

namespace ClaudeTasks.Views;

/// <summary>What there is to say of a task that is stopped.</summary>
internal static class StopView
{
    /// <summary>
    /// The warning where a task, as it was before, is given up with its changes still in the files; null where it is not so.
    /// </summary>
    public static string? LeftFiles(ClaudeTask task)
    {
        if (task is not
            {
                Status: ClaudeTaskStatus.Pending or ClaudeTaskStatus.WaitingApproval or ClaudeTaskStatus.QaFailed,
                FilesChanged: > 0
            })
        {
            return null;
        }

        var queued = task.Worktree is null ? " Tasks that are queued for the repository fail their check of a clean tree;" : "";
        return $"Task {task.Id} was given up with {task.FilesChanged} changed file(s) still there.{queued} "
            + $"Deny-ClaudeTask {task.Id} puts the files back.";
    }
}
