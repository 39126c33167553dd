using ClaudeTasks.Git;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Review;
using ClaudeTasks.Running;

namespace ClaudeTasks.Engine;

/// <content>What a person decides on a task's changes.</content>
public sealed partial class ClaudeTaskEngine
{
    /// <summary>
    /// Commits what a task changed, as it was recorded, on top of HEAD: with the user's identity, hooks and signing, and nothing else. What
    /// it did in a work tree of its own becomes one commit on the branch it started from.
    /// </summary>
    /// <param name="id">The task.</param>
    /// <param name="message">The commit's message; null makes one of the prompt.</param>
    /// <param name="matches">Which files; the rest stays for another decision.</param>
    /// <param name="force">Takes the recorded version of files that were changed since, and a task whose gates failed.</param>
    /// <param name="keepBranch">Commits to the branch of the task's own work tree and keeps it, instead of bringing the work home.</param>
    /// <exception cref="ClaudeTaskException">It cannot be approved; nothing was changed.</exception>
    public ClaudeTask Approve(int id, string? message, Func<string, bool> matches, bool force, bool keepBranch = false) =>
        Decide(id, review => review.ApproveAsync(new ApprovalRequest(message, matches, force, keepBranch, ByMachine: false, HookLimits.Default)));

    /// <summary>Puts the files a task changed back as they were before it, and keeps its result under a ref, so that this can be undone.</summary>
    /// <param name="id">The task.</param>
    /// <param name="reason">Why, for the record.</param>
    /// <param name="matches">Which files; the rest stays for another decision.</param>
    /// <exception cref="ClaudeTaskException">It cannot be rejected, or files were changed since; nothing was changed.</exception>
    public ClaudeTask Reject(int id, string? reason, Func<string, bool> matches) => Decide(id, review => review.RejectAsync(reason, matches));

    /// <summary>Takes the last decision on a task back, exactly.</summary>
    /// <exception cref="ClaudeTaskException">There is none, or the repository has moved on; nothing was changed.</exception>
    public ClaudeTask Undo(int id) => Decide(id, review => review.UndoAsync());

    private ClaudeTask Decide(int id, Func<TaskReview, Task> decide)
    {
        // Its own decision that was cut off is finished by opening the task, and then is no reason to refuse this one.
        Recovery.RunAsync(_database, _location, Adopt).GetAwaiter().GetResult();
        DecideAsync().GetAwaiter().GetResult();
        return Get(id);

        async Task DecideAsync()
        {
            using var workspace = Workspace.Open(_location.WorkspacesFolder);
            using var review = await TaskReview.OpenAsync(_database, _location, workspace, Find(id)).ConfigureAwait(false);
            await decide(review).ConfigureAwait(false);
        }
    }
}
