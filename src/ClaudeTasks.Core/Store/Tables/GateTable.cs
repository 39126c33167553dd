using System.Globalization;
using ClaudeTasks.Model;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Store;

/// <summary>The gates a user registered, and what they said of results.</summary>
internal static class GateTable
{
    private const string Columns = "g.definition";

    private const string From = "FROM gates g";

    private const string InOrder = "ORDER BY g.position, lower(g.name), g.repository_id IS NULL";

    /// <summary>Adds a gate, or replaces the one of that name in that repository.</summary>
    public static void Save(SqliteConnection connection, ClaudeTaskGate gate, long? repository)
    {
        Remove(connection, gate.Name, repository);
        connection.Execute(
            "INSERT INTO gates (repository_id, name, position, definition) VALUES ($repository, $name, $position, $definition)",
            ("$repository", repository),
            ("$name", gate.Name),
            ("$position", gate.Order),
            ("$definition", StoreJson.Write(gate)));
    }

    public static bool Remove(SqliteConnection connection, string name, long? repository) => connection.Execute(
        "DELETE FROM gates WHERE lower(name) = lower($name) AND repository_id IS $repository", ("$name", name), ("$repository", repository)) > 0;

    public static List<ClaudeTaskGate> All(SqliteConnection connection) => connection.Query($"SELECT {Columns} {From} {InOrder}", ReadGate);

    /// <summary>The gates for a repository, in the order in which they run; one of its own comes before one for all of the same name.</summary>
    public static List<ClaudeTaskGate> ForRepository(SqliteConnection connection, long? repository) =>
        [.. connection.Query(
            $"SELECT {Columns} {From} WHERE g.repository_id IS NULL OR g.repository_id = $repository {InOrder}", ReadGate, ("$repository", repository))
            .GroupBy(gate => gate.Name, StringComparer.OrdinalIgnoreCase)
            .Select(same => same.FirstOrDefault(gate => gate.Repository is not null) ?? same.First())
            .OrderBy(gate => gate.Order)];

    public static void AddResult(SqliteConnection connection, ClaudeTaskGateResult result) => connection.Execute(
        """
        INSERT INTO gate_results (task_id, name, attempt, is_required, passed, reason, exit_code, started_at, duration, output, changed_files)
        VALUES ($task, $name, $attempt, $required, $passed, $reason, $exitCode, $started, $duration, $output, $changed)
        """,
        ("$task", result.Task),
        ("$name", result.Name),
        ("$attempt", result.Attempt),
        ("$required", result.IsRequired),
        ("$passed", result.Passed),
        ("$reason", (int)result.Reason),
        ("$exitCode", result.ExitCode),
        ("$started", result.StartedAt.ToStoreTime()),
        ("$duration", (long)result.Duration.TotalMilliseconds),
        ("$output", result.Output),
        ("$changed", StoreJson.Write(result.ChangedFiles)));

    public static List<ClaudeTaskGateResult> Results(SqliteConnection connection, int task) => connection.Query(
        """
        SELECT name, attempt, is_required, passed, reason, exit_code, started_at, duration, output, changed_files
        FROM gate_results WHERE task_id = $task ORDER BY id
        """,
        reader => new ClaudeTaskGateResult
        {
            Task = task,
            Name = reader.GetString(0),
            Attempt = reader.GetInt32(1),
            IsRequired = reader.GetBoolean(2),
            Passed = reader.GetBoolean(3),
            Reason = (ClaudeTaskReason)reader.GetInt32(4),
            ExitCode = reader.Int(5),
            StartedAt = SqlExtensions.FromStoreTime(reader.GetInt64(6)),
            Duration = TimeSpan.FromMilliseconds(reader.GetInt64(7)),
            Output = reader.GetString(8),
            ChangedFiles = StoreJson.ReadList(reader.GetString(9)),
        },
        ("$task", task));

    /// <summary>The number of the next round of gates on a task.</summary>
    public static int NextAttempt(SqliteConnection connection, int task) => Convert.ToInt32(
        connection.Scalar("SELECT coalesce(max(attempt), 0) + 1 FROM gate_results WHERE task_id = $task", ("$task", task)), CultureInfo.InvariantCulture);

    private static ClaudeTaskGate ReadGate(Row reader) => StoreJson.ReadGate(reader.GetString(0));
}
