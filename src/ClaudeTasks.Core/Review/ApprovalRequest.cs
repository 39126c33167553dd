using ClaudeTasks.Git;

namespace ClaudeTasks.Review;

/// <summary>One approval, as it was asked for.</summary>
/// <param name="Message">The commit's message; null makes one of the prompt.</param>
/// <param name="Matches">Selects the paths.</param>
/// <param name="Force">Takes the recorded version of files that were edited since, and a task whose gates failed.</param>
/// <param name="KeepBranch">Commits to the branch of the task's own worktree.</param>
/// <param name="ByMachine">The task's own run approves it, after its gates.</param>
/// <param name="Hooks">The limits of the user's hooks.</param>
internal sealed record ApprovalRequest(
    string? Message, Func<string, bool> Matches, bool Force, bool KeepBranch, bool ByMachine, HookLimits Hooks);
