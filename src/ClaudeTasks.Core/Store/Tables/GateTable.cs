using System.Globalization;
using ClaudeTasks.Model;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Store;

/// <summary>The gates a user registered, and what they said of results.</summary>
internal static class GateTable
{
    private static readonly ColumnList ResultColumns = new("gate_results");
    private static readonly Column<string> Name = ResultColumns.Text("name");
    private static readonly Column<int> Attempt = ResultColumns.Int32("attempt");
    private static readonly Column<bool> IsRequired = ResultColumns.Flag("is_required");
    private static readonly Column<bool> Passed = ResultColumns.Flag("passed");
    private static readonly Column<ClaudeTaskReason> Reason = ResultColumns.Add("reason", (row, i) => (ClaudeTaskReason)row.GetInt32(i));
    private static readonly Column<int?> ExitCode = ResultColumns.Int32OrNull("exit_code");
    private static readonly Column<DateTime> StartedAt = ResultColumns.Time("started_at");
    private static readonly Column<TimeSpan> Duration =
        ResultColumns.Add("duration", (row, i) => TimeSpan.FromMilliseconds(row.GetInt64(i)));
    private static readonly Column<string> Output = ResultColumns.Text("output");
    private static readonly Column<IReadOnlyList<string>> ChangedFiles =
        ResultColumns.Add("changed_files", (row, i) => StoreJson.ReadList(row.GetString(i)));

    private const string InOrder = "ORDER BY g.position, lower(g.name), g.repository_id IS NULL";

    /// <summary>Adds a gate, or replaces the one of that name in that repository.</summary>
    public static void Save(SqliteConnection connection, ClaudeTaskGate gate, long? repository)
    {
        Remove(connection, gate.Name, repository);
        connection.Insert(
            "gates",
            ("repository_id", repository),
            ("name", gate.Name),
            ("position", gate.Order),
            ("definition", StoreJson.Write(gate)));
    }

    public static bool Remove(SqliteConnection connection, string name, long? repository) => connection.Execute(
        "DELETE FROM gates WHERE lower(name) = lower($name) AND repository_id IS $repository",
        ("$name", name),
        ("$repository", repository)) > 0;

    public static List<ClaudeTaskGate> All(SqliteConnection connection) =>
        connection.Query($"SELECT g.definition FROM gates g {InOrder}", ReadGate);

    /// <summary>
    /// The gates for a repository, in the order in which they run; one of its own comes before one for all of the same name.
    /// </summary>
    public static List<ClaudeTaskGate> ForRepository(SqliteConnection connection, long? repository) =>
        [.. connection.Query(
            $"SELECT g.definition FROM gates g WHERE g.repository_id IS NULL OR g.repository_id = $repository {InOrder}",
            ReadGate,
            ("$repository", repository))
            .GroupBy(gate => gate.Name, StringComparer.OrdinalIgnoreCase)
            .Select(same => same.FirstOrDefault(gate => gate.Repository is not null) ?? same.First())
            .OrderBy(gate => gate.Order)];

    /// <summary>Requests that gates run again on a task that waits for a decision.</summary>
    /// <returns>False if the task does not wait for a decision, or has a request already.</returns>
    public static bool Request(SqliteConnection connection, int task, IReadOnlyList<string> gates, Guid worker) => connection.Execute(
        $"""
        UPDATE tasks SET gate_request = $gates, worker = $worker
        WHERE id = $task AND status IN ({StatusList.Undecided}) AND gate_request IS NULL
        """,
        ("$gates", StoreJson.Write(gates)),
        ("$worker", worker.ToString()),
        ("$task", task)) == 1;

    public static void WithdrawRequest(SqliteConnection connection, int task) =>
        connection.Execute("UPDATE tasks SET gate_request = NULL WHERE id = $task", ("$task", task));

    public static void AddResult(SqliteConnection connection, ClaudeTaskGateResult result) => connection.Insert(
        "gate_results",
        ("task_id", result.Task),
        (Name.Name, result.Name),
        (Attempt.Name, result.Attempt),
        (IsRequired.Name, result.IsRequired),
        (Passed.Name, result.Passed),
        (Reason.Name, (int)result.Reason),
        (ExitCode.Name, result.ExitCode),
        (StartedAt.Name, result.StartedAt.ToStoreTime()),
        (Duration.Name, (long)result.Duration.TotalMilliseconds),
        (Output.Name, result.Output),
        (ChangedFiles.Name, StoreJson.Write(result.ChangedFiles)));

    public static List<ClaudeTaskGateResult> Results(SqliteConnection connection, int task) => connection.Query(
        $"SELECT {ResultColumns.Sql} FROM gate_results WHERE task_id = $task ORDER BY id",
        row => new ClaudeTaskGateResult
        {
            Task = task,
            Name = Name.Of(row),
            Attempt = Attempt.Of(row),
            IsRequired = IsRequired.Of(row),
            Passed = Passed.Of(row),
            Reason = Reason.Of(row),
            ExitCode = ExitCode.Of(row),
            StartedAt = StartedAt.Of(row),
            Duration = Duration.Of(row),
            Output = Output.Of(row),
            ChangedFiles = ChangedFiles.Of(row),
        },
        ("$task", task));

    /// <summary>The number of the next round of gates on a task.</summary>
    public static int NextAttempt(SqliteConnection connection, int task) => Convert.ToInt32(
        connection.Scalar("SELECT coalesce(max(attempt), 0) + 1 FROM gate_results WHERE task_id = $task", ("$task", task)),
        CultureInfo.InvariantCulture);

    private static ClaudeTaskGate ReadGate(Row reader) => StoreJson.ReadGate(reader.GetString(0));
}
