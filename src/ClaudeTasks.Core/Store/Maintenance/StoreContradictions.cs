using ClaudeTasks.Model;

namespace ClaudeTasks.Store;

/// <summary>
/// Rows that contradict each other: what no move of the code can lead to, but a damaged file, a foreign hand or a mistake can.
/// </summary>
internal static class StoreContradictions
{
    private const string Repair = "Repair-ClaudeTaskStore makes them fit together again and keeps the old file.";


    /// <summary>The checks: a name, what is said where nothing is found, what to do, and a query of one text for each finding.</summary>
    public static IReadOnlyList<(string Name, string Good, string Fix, string Sql)> All { get; } =
    [
        ("Leases", "Every repository that is taken is taken by a task at work or undecided.", Repair, $"""
            SELECT 'task ' || t.id || ' has ended and still has its repository' FROM leases l JOIN tasks t ON t.id = l.task_id
                WHERE t.status IN ({StatusList.Terminal}) AND t.id NOT IN (SELECT task_id FROM recoveries)
            UNION ALL SELECT 'task ' || t.id || ' is at work without having its repository' FROM tasks t
                WHERE t.worktree IS NULL AND t.status IN ({StatusList.Active})
                    AND NOT EXISTS (SELECT 1 FROM leases l WHERE l.task_id = t.id)
            """),
        ("Tasks", "Every task is in a state that can be.", Repair, $"""
            SELECT 'task ' || id || ' has a status that does not exist' FROM tasks WHERE status NOT IN ({StatusList.All})
            UNION ALL SELECT 'task ' || t.id || ' has ended and is still asked to stop'
                FROM stop_requests r JOIN tasks t ON t.id = r.task_id WHERE t.status IN ({StatusList.Settled})
            UNION ALL SELECT 'task ' || t.id || ' has ended and still asks question ' || q.id
                FROM questions q JOIN tasks t ON t.id = q.task_id
                WHERE q.state = {(int)ClaudeTaskQuestionState.Open} AND t.status IN ({StatusList.Settled})
            UNION ALL SELECT 'task ' || id || ' waits for a process that the store does not know' FROM tasks
                WHERE ({TaskTable.Unsettled}) AND worker NOT IN (SELECT id FROM workers)
            """),
        ("Events", "Every event has its task.", Repair, """
            WITH RECURSIVE with_events (id) AS (
                SELECT (SELECT min(key) FROM events) >> 32
                UNION ALL
                SELECT (SELECT min(key) FROM events WHERE key >= (with_events.id + 1) << 32) >> 32
                FROM with_events WHERE with_events.id IS NOT NULL)
            SELECT 'events of a task ' || id || ' that is not there' FROM with_events
                WHERE id IS NOT NULL AND id NOT IN (SELECT id FROM tasks)
            """),
        ("Decisions", "No decision was cut off.",
            "The next decision on the task finishes it or takes it back: Approve-, Deny- or Undo-ClaudeTask.",
            $"SELECT 'a decision on task ' || task_id || ' was cut off' FROM decisions WHERE state <> {(int)DecisionState.Done}"),
    ];
}
