using System.Globalization;
using ClaudeTasks.Model;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Store;

/// <summary>
/// What agents asked. An answer is one guarded UPDATE, so of two processes that answer at once one does, and the other is told.
/// </summary>
internal static class QuestionTable
{
    private const string Columns = "id, task_id, kind, tool, text, options, input, state, asked_at, deadline, answered_at, answer";

    /// <summary>Notes a question, open or decided already, and returns its number.</summary>
    public static int Add(SqliteConnection connection, ClaudeTaskQuestion question, string toolUseId)
    {
        var isOpen = question.State == ClaudeTaskQuestionState.Open;
        return Convert.ToInt32(
            connection.Scalar(
                """
                INSERT INTO questions (task_id, kind, tool, text, options, input, tool_use_id, state, asked_at, deadline, answered_at, answer, is_delivered)
                VALUES ($task, $kind, $tool, $text, $options, $input, $use, $state, $asked, $deadline, $answered, $answer, $delivered)
                RETURNING id
                """,
                ("$task", question.Task),
                ("$kind", (int)question.Kind),
                ("$tool", question.Tool),
                ("$text", question.Text),
                ("$options", StoreJson.Write(question.Options)),
                ("$input", question.Input),
                ("$use", toolUseId),
                ("$state", (int)question.State),
                ("$asked", question.AskedAt.ToStoreTime()),
                ("$deadline", question.Deadline?.ToStoreTime()),
                ("$answered", isOpen ? null : question.AskedAt.ToStoreTime()),
                ("$answer", question.Answer),
                ("$delivered", !isOpen)),
            CultureInfo.InvariantCulture);
    }

    /// <summary>Decides an open question. False when it is open no more.</summary>
    public static bool Answer(SqliteConnection connection, int id, ClaudeTaskQuestionState state, string? answer) => connection.Execute(
        "UPDATE questions SET state = $state, answer = $answer, answered_at = $now WHERE id = $id AND state = 0",
        ("$id", id),
        ("$state", (int)state),
        ("$answer", answer),
        ("$now", DateTime.UtcNow.ToStoreTime())) == 1;

    /// <summary>Takes back what a task still asks.</summary>
    public static void Withdraw(SqliteConnection connection, int task) => connection.Execute(
        "UPDATE questions SET state = $withdrawn WHERE task_id = $task AND state = 0",
        ("$task", task),
        ("$withdrawn", (int)ClaudeTaskQuestionState.Withdrawn));

    /// <summary>Whoever answers has all the time there is, or a new deadline.</summary>
    public static void SetDeadline(SqliteConnection connection, int task, DateTime? deadline) => connection.Execute(
        "UPDATE questions SET deadline = $deadline WHERE task_id = $task AND state = 0", ("$task", task), ("$deadline", deadline?.ToStoreTime()));

    public static void SetDelivered(SqliteConnection connection, int id) =>
        connection.Execute("UPDATE questions SET is_delivered = 1 WHERE id = $id", ("$id", id));

    public static ClaudeTaskQuestion? Find(SqliteConnection connection, int id) =>
        connection.Query($"SELECT {Columns} FROM questions WHERE id = $id", Read, ("$id", id)).SingleOrDefault();

    /// <summary>The question to which a tool call of the agent gave rise before, if it did.</summary>
    public static ClaudeTaskQuestion? FindByCall(SqliteConnection connection, int task, string toolUseId) =>
        connection.Query(
            $"SELECT {Columns} FROM questions WHERE task_id = $task AND tool_use_id = $use AND is_delivered = 0 ORDER BY id DESC LIMIT 1",
            Read,
            ("$task", task),
            ("$use", toolUseId)).SingleOrDefault();

    /// <summary>Those of a task that its agent has not been told of: open ones, and answered ones.</summary>
    public static List<ClaudeTaskQuestion> Undelivered(SqliteConnection connection, int task) => connection.Query(
        $"SELECT {Columns} FROM questions WHERE task_id = $task AND is_delivered = 0 AND state <> $withdrawn ORDER BY id",
        Read,
        ("$task", task),
        ("$withdrawn", (int)ClaudeTaskQuestionState.Withdrawn));

    /// <param name="connection">An open connection.</param>
    /// <param name="task">Only those of a task.</param>
    /// <param name="all">Those that were decided, too.</param>
    public static List<ClaudeTaskQuestion> List(SqliteConnection connection, int? task, bool all) => connection.Query(
        $"SELECT {Columns} FROM questions WHERE ($task IS NULL OR task_id = $task) {(all ? "" : "AND state = 0")} ORDER BY id",
        Read,
        ("$task", task));

    private static ClaudeTaskQuestion Read(Row reader) => new()
    {
        Id = reader.GetInt32(0),
        Task = reader.GetInt32(1),
        Kind = (ClaudeTaskQuestionKind)reader.GetInt32(2),
        Tool = reader.GetString(3),
        Text = reader.GetString(4),
        Options = StoreJson.ReadList(reader.GetString(5)),
        Input = reader.GetString(6),
        State = (ClaudeTaskQuestionState)reader.GetInt32(7),
        AskedAt = SqlExtensions.FromStoreTime(reader.GetInt64(8)),
        Deadline = reader.Time(9),
        AnsweredAt = reader.Time(10),
        Answer = reader.Text(11),
    };
}
