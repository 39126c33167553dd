using ClaudeTasks.Model;

namespace ClaudeTasks.Git;

/// <summary>
/// Who moved HEAD while a task ran: in a worktree of its own the task did; elsewhere, the entries of the reflog that bear its mark are its
/// own, and all others somebody else's.
/// </summary>
internal static class HeadHistory
{
    private const string Limit = "1000";

    /// <summary>
    /// The moves since <paramref name="start"/>, oldest first. Without a reflog a move is nobody's, and so not the task's.
    /// </summary>
    /// <param name="repository">The working tree.</param>
    /// <param name="start">Where HEAD was; null before the first commit.</param>
    /// <param name="task">The task.</param>
    /// <param name="isOwn">Whether the working tree is the task's own.</param>
    public static async Task<List<HeadMove>> ReadAsync(GitRepository repository, string? start, Guid task, bool isOwn)
    {
        var head = await repository.ReadHeadAsync().ConfigureAwait(false);
        if (head is null || head == start)
        {
            return [];
        }

        if (isOwn)
        {
            return [new HeadMove(start, head, IsTasks: true)];
        }

        var log = await repository.Git.TryRunAsync(["log", "-g", "-n", Limit, "--format=%H %gs", "HEAD"]).ConfigureAwait(false);
        var entries = log.ExitCode == 0 ? log.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries) : [];
        var since = entries.Select(line => line.Split(' ', 2)).TakeWhile(entry => entry[0] != start).Reverse().ToList();
        if (since.Count == 0 || since.Count == entries.Length && start is not null)
        {
            return [new HeadMove(start, head, IsTasks: false)];
        }

        var moves = new List<HeadMove>();
        foreach (var entry in since)
        {
            moves.Add(new HeadMove(
                moves.Count == 0 ? start : moves[^1].To,
                entry[0],
                entry.Length > 1 && entry[1].StartsWith(ReflogMark.Of(task), StringComparison.Ordinal)));
        }

        return moves;
    }
}
