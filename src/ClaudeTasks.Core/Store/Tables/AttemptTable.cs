using System.Globalization;
using ClaudeTasks.Model;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Store;

/// <summary>The agent processes of tasks, and what each of them cost. A task's own sums are those of its attempts.</summary>
internal static class AttemptTable
{
    private static readonly ColumnList Columns = new("attempts");
    private static readonly Column<int> Number = Columns.Int32("number");
    private static readonly Column<string> Purpose = Columns.Text("purpose");
    private static readonly Column<DateTime> StartedAt = Columns.Time("started_at");
    private static readonly Column<DateTime?> EndedAt = Columns.TimeOrNull("ended_at");
    private static readonly Column<ClaudeTaskReason> Reason = Columns.Add("reason", (row, i) => (ClaudeTaskReason)row.GetInt32(i));
    private static readonly Column<string?> ReasonText = Columns.TextOrNull("reason_text");
    private static readonly Column<int?> ExitCode = Columns.Int32OrNull("exit_code");
    private static readonly Column<decimal?> CostUsd = Columns.CostOrNull("cost_usd");
    private static readonly Column<long?> InputTokens = Columns.Int64OrNull("input_tokens");
    private static readonly Column<long?> OutputTokens = Columns.Int64OrNull("output_tokens");

    /// <summary>Begins one and returns its number.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="task">The task.</param>
    /// <param name="purpose">What it is for.</param>
    /// <param name="reserved">What it may cost at most, which is taken from the day's limit until it ends; null for no limit.</param>
    public static int Begin(SqliteConnection connection, int task, string purpose, decimal? reserved) => Convert.ToInt32(
        connection.Scalar(
            """
            INSERT INTO attempts (task_id, number, purpose, started_at, reserved_usd)
            SELECT $task, coalesce(max(number), 0) + 1, $purpose, $now, $reserved FROM attempts WHERE task_id = $task RETURNING number
            """,
            ("$task", task),
            ("$purpose", purpose),
            ("$reserved", reserved?.ToString(CultureInfo.InvariantCulture)),
            ("$now", DateTime.UtcNow.ToStoreTime())),
        CultureInfo.InvariantCulture);

    /// <summary>Notes what it has used so far, and adds the task's sums up anew.</summary>
    public static void SetUsage(SqliteConnection connection, int task, int number, AgentUsage usage, int? turns)
    {
        connection.Execute(
            """
            UPDATE attempts SET turns = $turns, cost_usd = $cost, input_tokens = $input, output_tokens = $output,
                cache_read_tokens = $read, cache_creation_tokens = $creation
            WHERE task_id = $task AND number = $number
            """,
            ("$task", task),
            ("$number", number),
            ("$turns", turns),
            ("$cost", usage.CostUsd?.ToString(CultureInfo.InvariantCulture)),
            ("$input", usage.InputTokens),
            ("$output", usage.OutputTokens),
            ("$read", usage.CacheReadTokens),
            ("$creation", usage.CacheCreationTokens));
        var costs = connection.Query(
            "SELECT cost_usd FROM attempts WHERE task_id = $task AND cost_usd IS NOT NULL",
            reader => decimal.Parse(reader.GetString(0), CultureInfo.InvariantCulture),
            ("$task", task));
        connection.Execute(
            """
            UPDATE tasks SET cost_usd = $cost, (turns, input_tokens, output_tokens, cache_read_tokens, cache_creation_tokens) =
                (SELECT sum(turns), sum(input_tokens), sum(output_tokens), sum(cache_read_tokens), sum(cache_creation_tokens)
                    FROM attempts WHERE task_id = $task)
            WHERE id = $task
            """,
            ("$task", task),
            ("$cost", costs.Count == 0 ? null : costs.Sum().ToString(CultureInfo.InvariantCulture)));
    }

    public static void End(SqliteConnection connection, int task, int number, ClaudeTaskReason reason, string? text, int? exitCode) =>
        connection.Execute(
            """
            UPDATE attempts SET ended_at = $now, reason = $reason, reason_text = $text, exit_code = $exit
            WHERE task_id = $task AND number = $number
            """,
            ("$task", task),
            ("$number", number),
            ("$now", DateTime.UtcNow.ToStoreTime()),
            ("$reason", (int)reason),
            ("$text", text),
            ("$exit", exitCode));

    public static List<ClaudeTaskAttempt> Read(SqliteConnection connection, int task) => connection.Query(
        $"SELECT {Columns.Sql} FROM attempts WHERE task_id = $task ORDER BY number",
        row => new ClaudeTaskAttempt
        {
            Task = task,
            Number = Number.Of(row),
            Purpose = Purpose.Of(row),
            StartedAt = StartedAt.Of(row),
            EndedAt = EndedAt.Of(row),
            Reason = Reason.Of(row),
            ReasonText = ReasonText.Of(row),
            ExitCode = ExitCode.Of(row),
            CostUsd = CostUsd.Of(row),
            InputTokens = InputTokens.Of(row),
            OutputTokens = OutputTokens.Of(row),
        },
        ("$task", task));
}
