using ClaudeTasks.Git;
using ClaudeTasks.Model;
using ClaudeTasks.Store;
using ClaudeTasks.Text;

namespace ClaudeTasks.Review;

/// <summary>Finds out what the user's hooks made of a commit.</summary>
/// <param name="context">The task under decision.</param>
internal sealed class HookEffects(ReviewContext context)
{
    /// <summary>
    /// The plan as the commit carried it out: hooks may have changed the files in it, left some out, and added others. Index and files must
    /// follow what was committed, not what was asked for; what a hook added is told, as it is no part of the task.
    /// </summary>
    public async Task<ApprovalPlan> FollowAsync(ApprovalPlan plan, long decision, string commit)
    {
        if (commit == plan.Head)
        {
            return plan;
        }

        var tip = plan.Tip ?? commit;

        var made = await TreeReader.CompareAsync(
            context.Snapshots.Git,
            await context.Repository.ReadTreeAsync(plan.Head).ConfigureAwait(false),
            await context.Repository.ReadTreeAsync(tip).ConfigureAwait(false)).ConfigureAwait(false);
        var (asked, found) = (ByPath(plan.Commit), ByPath(made));
        var changed = plan.Commit.Where(change => !Made(change).IsSameAs(change.Result)).ToList();
        var added = made.Where(change => !asked.ContainsKey(change.RawPath)).ToList();
        if (changed.Count + added.Count == 0 && tip == commit)
        {
            return plan;
        }

        var files = plan.Files.Count == 0
            ? []
            : plan.Files.Select(Follow).Concat(await UntouchedAsync(plan.Checkout!, added).ConfigureAwait(false));
        var followed = plan with { Commit = made, Index = [.. plan.Index.SelectMany(FollowIndex), .. added], Files = [.. files] };
        context.Database.Write(connection =>
        {
            DecisionTable.SetPlan(connection, decision, followed.ToJson());
            EventLog.Append(
                connection,
                context.Task.Id,
                new EventDraft(ClaudeTaskEventKind.Warning, HookText(changed, added, tip == commit ? null : tip)));
        });
        return followed;

        TreeEntry Made(PathChange change) => found.TryGetValue(change.RawPath, out var entry) ? entry.Result : change.Base;
        PathChange Follow(PathChange move) =>
            asked.TryGetValue(move.RawPath, out var change) && move.Result.IsSameAs(change.Result)
                ? move with { Result = Made(change) }
                : move;

        // The index may have what was asked for already, or still what it had before.
        IEnumerable<PathChange> FollowIndex(PathChange move) =>
            Follow(move) is var follow && follow == move ? [move] : [follow, follow with { Base = move.Result }];
        static Dictionary<string, PathChange> ByPath(IEnumerable<PathChange> changes) =>
            changes.ToDictionary(change => change.RawPath, StringComparer.Ordinal);
    }

    /// <summary>Those that a checkout has as they were before the commit, or has already as they are after it.</summary>
    private async Task<IEnumerable<PathChange>> UntouchedAsync(string root, List<PathChange> changes)
    {
        if (changes.Count == 0)
        {
            return [];
        }

        var checkout = await context.FindAsync(root).ConfigureAwait(false);
        var editor = await context.OpenEditorAsync(checkout).ConfigureAwait(false);
        var now = await editor.ReadAsync().ConfigureAwait(false);
        return changes.Where(change => ReviewContext.IsOneOf(TreeReader.At(now, change.RawPath), change));
    }

    private string HookText(List<PathChange> changed, List<PathChange> added, string? tip)
    {
        var what = new List<string>();
        if (tip is not null)
        {
            what.Add($"made a commit of its own on top ({ReviewContext.Short(tip)})");
        }

        if (changed.Count > 0)
        {
            what.Add($"committed its own version of {NameList.Of([.. changed.Select(ReviewContext.Shown)])}");
        }

        if (added.Count > 0)
        {
            what.Add($"committed more than the task's work: {NameList.Of([.. added.Select(ReviewContext.Shown)])}");
        }

        return $"A hook {string.Join(", and ", what)}. Undo-ClaudeTask {context.Task.Id} takes the commit back, with everything in it.";
    }
}
