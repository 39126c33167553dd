using ClaudeTasks.Model;

namespace ClaudeTasks.Store;

/// <summary>
/// A decision on some paths of a task: begun before anything is touched, done when everything is, so that a crash between can be mended.
/// </summary>
/// <param name="Id">The row.</param>
/// <param name="Kind">What was decided.</param>
/// <param name="State">How far it is.</param>
/// <param name="From">The task's status before.</param>
/// <param name="Plan">What an approval changes, as JSON.</param>
/// <param name="Commit">The commit an approval made.</param>
/// <param name="Reason">Why, as the user said.</param>
/// <param name="Paths">The raw paths it is about.</param>
internal sealed record Decision(
    long Id,
    DecisionKind Kind,
    DecisionState State,
    ClaudeTaskStatus From,
    string? Plan,
    string? Commit,
    string? Reason,
    IReadOnlyList<string> Paths);
