using ClaudeTasks.Git;
using ClaudeTasks.Model;
using ClaudeTasks.Store;
using ClaudeTasks.Text;

namespace ClaudeTasks.Review;

/// <content>What the user's hooks make of a commit.</content>
internal sealed partial class TaskReview
{
    /// <summary>
    /// The plan as the commit carried it out: hooks may have changed the files in it, left some out, and added others. Index and files must
    /// follow what was committed, not what was asked for; what a hook added is told, as it is no part of the task.
    /// </summary>
    private async Task<ApprovalPlan> FollowCommitAsync(ApprovalPlan plan, long decision, string commit)
    {
        if (commit == plan.Head)
        {
            return plan;
        }

        var made = await TreeReader.CompareAsync(
            Repository.Root,
            await Repository.ReadTreeAsync(plan.Head).ConfigureAwait(false),
            await Repository.ReadTreeAsync(commit).ConfigureAwait(false),
            Snapshots.Environment).ConfigureAwait(false);
        var (asked, found) = (ByPath(plan.Commit), ByPath(made));
        var changed = plan.Commit.Where(change => !Made(change).IsSameAs(change.Result)).ToList();
        var added = made.Where(change => !asked.ContainsKey(change.RawPath)).ToList();
        if (changed.Count + added.Count == 0)
        {
            return plan;
        }

        var files = plan.Files.Count == 0 ? [] : plan.Files.Select(Follow).Concat(await UntouchedAsync(plan.Checkout!, added).ConfigureAwait(false));
        var followed = plan with { Commit = made, Index = [.. plan.Index.Select(Follow), .. added], Files = [.. files] };
        _database.Write(connection =>
        {
            DecisionTable.SetPlan(connection, decision, followed.ToJson());
            EventLog.Append(connection, Task.Id, new EventDraft(ClaudeTaskEventKind.Warning, HookText(changed, added)));
        });
        return followed;

        TreeEntry Made(PathChange change) => found.TryGetValue(change.RawPath, out var entry) ? entry.Result : change.Base;
        PathChange Follow(PathChange move) =>
            asked.TryGetValue(move.RawPath, out var change) && move.Result.IsSameAs(change.Result) ? move with { Result = Made(change) } : move;
        static Dictionary<string, PathChange> ByPath(IEnumerable<PathChange> changes) => changes.ToDictionary(change => change.RawPath, StringComparer.Ordinal);
    }

    /// <summary>Those that a checkout has as they were before the commit, or has already as they are after it.</summary>
    private async Task<IEnumerable<PathChange>> UntouchedAsync(string root, List<PathChange> changes)
    {
        if (changes.Count == 0)
        {
            return [];
        }

        var checkout = await GitRepository.FindAsync(root).ConfigureAwait(false);
        var snapshots = new SnapshotStore(checkout, _folder);
        using var editor = await WorkTreeEditor.OpenAsync(checkout, snapshots, _folder).ConfigureAwait(false);
        var now = await TreeReader.ReadTreeAsync(checkout.Root, editor.Tree, snapshots.Environment).ConfigureAwait(false);
        return changes.Where(change => IsOneOf(TreeReader.At(now, change.RawPath), change));
    }

    private string HookText(List<PathChange> changed, List<PathChange> added)
    {
        var what = new List<string>();
        if (changed.Count > 0)
        {
            what.Add($"committed its own version of {NameList.Of([.. changed.Select(Shown)])}");
        }

        if (added.Count > 0)
        {
            what.Add($"committed more than the task's work: {NameList.Of([.. added.Select(Shown)])}");
        }

        return $"A hook {string.Join(", and ", what)}. Undo-ClaudeTask {Task.Id} takes the commit back.";
    }
}
