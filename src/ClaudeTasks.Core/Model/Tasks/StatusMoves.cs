namespace ClaudeTasks.Model;

/// <summary>Answers questions about statuses and their moves from <see cref="StatusTable"/>.</summary>
internal static class StatusMoves
{
    public static bool IsAllowed(ClaudeTaskStatus from, ClaudeTaskStatus to) => StatusTable.Of(from).Next.Contains(to);

    /// <summary>The machine works on the task, or will: the task counts as busy and its worker must be alive.</summary>
    public static bool IsActive(ClaudeTaskStatus status) => StatusTable.Of(status).IsActive;

    public static bool IsTerminal(ClaudeTaskStatus status) => StatusTable.Of(status).IsTerminal;

    /// <summary>The machine has nothing to do for the task: a person decides, or the task ended.</summary>
    public static bool IsSettled(ClaudeTaskStatus status) => status != ClaudeTaskStatus.Pending && !IsActive(status);

    public static TaskOutcome OutcomeOf(ClaudeTaskStatus status) => StatusTable.Of(status).Outcome;

    /// <summary>Whether the work is there: false where it is not or was rejected, null where it is not known yet or was stopped.</summary>
    public static bool? Succeeded(ClaudeTaskStatus status) => StatusTable.Of(status).Succeeded;

    /// <summary>Those statuses as a list for SQL.</summary>
    public static string StoreList(Func<ClaudeTaskStatus, bool> matches) =>
        string.Join(", ", StatusTable.Rows.Where(row => matches(row.Status)).Select(row => $"'{row.StoreName}'"));

    public static string ToStore(ClaudeTaskStatus status) => StatusTable.Of(status).StoreName;

    public static ClaudeTaskStatus FromStore(string name) => StatusTable.Rows.FirstOrDefault(row => row.StoreName == name)?.Status
        ?? throw new ClaudeTaskException(
            ClaudeTaskErrorId.StoreCorrupt,
            $"The store holds a status '{name}' that does not exist.",
            name,
            "Another program has written to the store. Move its file away and keep it; ClaudeTasks makes a new one.");
}
