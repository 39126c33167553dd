using ClaudeTasks.Model;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Store;

/// <summary>
/// What agents asked. An answer is one guarded UPDATE, so of two processes that answer at once one does, and the other is told.
/// </summary>
internal static class QuestionTable
{
    private static readonly ColumnList Columns = new("questions");
    private static readonly Column<int> Id = Columns.Int32("id");
    private static readonly Column<int> Task = Columns.Int32("task_id");
    private static readonly Column<ClaudeTaskQuestionKind> Kind = Columns.Add("kind", (row, i) => (ClaudeTaskQuestionKind)row.GetInt32(i));
    private static readonly Column<string> Tool = Columns.Text("tool");
    private static readonly Column<string> Text = Columns.Text("text");
    private static readonly Column<IReadOnlyList<string>> Options =
        Columns.Add("options", (row, i) => StoreJson.ReadList(row.GetString(i)));
    private static readonly Column<string> Input = Columns.Text("input");
    private static readonly Column<string?> Reason = Columns.TextOrNull("reason");
    private static readonly Column<string?> Target = Columns.TextOrNull("target");
    private static readonly Column<bool> CanRemember = Columns.Flag("can_remember");
    private static readonly Column<ClaudeTaskQuestionState> State =
        Columns.Add("state", (row, i) => (ClaudeTaskQuestionState)row.GetInt32(i));
    private static readonly Column<DateTime> AskedAt = Columns.Time("asked_at");
    private static readonly Column<DateTime?> Deadline = Columns.TimeOrNull("deadline");
    private static readonly Column<DateTime?> AnsweredAt = Columns.TimeOrNull("answered_at");
    private static readonly Column<string?> AnsweredBy = Columns.TextOrNull("answered_by");
    private static readonly Column<string?> GivenAnswer = Columns.TextOrNull("answer");

    /// <summary>Notes a question, open or decided already, and returns its number.</summary>
    public static int Add(SqliteConnection connection, ClaudeTaskQuestion question, string toolUseId)
    {
        var isOpen = question.State == ClaudeTaskQuestionState.Open;
        return connection.InsertNumbered(
            "questions",
            (Task.Name, question.Task),
            (Kind.Name, (int)question.Kind),
            (Tool.Name, question.Tool),
            (Text.Name, question.Text),
            (Options.Name, StoreJson.Write(question.Options)),
            (Input.Name, question.Input),
            ("tool_use_id", toolUseId),
            (Reason.Name, question.Reason),
            (Target.Name, question.Target),
            (CanRemember.Name, question.CanRemember),
            (State.Name, (int)question.State),
            (AskedAt.Name, question.AskedAt.ToStoreTime()),
            (Deadline.Name, question.Deadline?.ToStoreTime()),
            (AnsweredAt.Name, isOpen ? null : question.AskedAt.ToStoreTime()),
            (GivenAnswer.Name, question.Answer),
            ("is_delivered", !isOpen));
    }

    /// <summary>Decides an open question.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="id">The question.</param>
    /// <param name="state">The decision.</param>
    /// <param name="answer">The answer, or what Claude is told.</param>
    /// <param name="by">Who answered; null if nobody did.</param>
    /// <returns>False if the question is no longer open.</returns>
    public static bool Answer(
        SqliteConnection connection, int id, ClaudeTaskQuestionState state, string? answer, string? by = null) => connection.Execute(
        "UPDATE questions SET state = $state, answer = $answer, answered_by = $by, answered_at = $now WHERE id = $id AND state = 0",
        ("$id", id),
        ("$state", (int)state),
        ("$answer", answer),
        ("$by", by),
        ("$now", DateTime.UtcNow.ToStoreTime())) == 1;

    /// <summary>Takes back what a task still asks.</summary>
    public static void Withdraw(SqliteConnection connection, int task) => connection.Execute(
        "UPDATE questions SET state = $withdrawn WHERE task_id = $task AND state = 0",
        ("$task", task),
        ("$withdrawn", (int)ClaudeTaskQuestionState.Withdrawn));

    /// <summary>Whoever answers has all the time there is, or a new deadline.</summary>
    public static void SetDeadline(SqliteConnection connection, int task, DateTime? deadline) => connection.Execute(
        "UPDATE questions SET deadline = $deadline WHERE task_id = $task AND state = 0",
        ("$task", task),
        ("$deadline", deadline?.ToStoreTime()));

    public static void SetDelivered(SqliteConnection connection, int id) =>
        connection.Execute("UPDATE questions SET is_delivered = 1 WHERE id = $id", ("$id", id));

    public static ClaudeTaskQuestion? Find(SqliteConnection connection, int id) =>
        connection.Query($"SELECT {Columns.Sql} FROM questions WHERE id = $id", Read, ("$id", id)).SingleOrDefault();

    /// <summary>The question to which a tool call of the agent gave rise before, if it did.</summary>
    public static ClaudeTaskQuestion? FindByCall(SqliteConnection connection, int task, string toolUseId) =>
        connection.Query(
            $"SELECT {Columns.Sql} FROM questions WHERE task_id = $task "
                + "AND tool_use_id = $use AND is_delivered = 0 ORDER BY id DESC LIMIT 1",
            Read,
            ("$task", task),
            ("$use", toolUseId)).SingleOrDefault();

    /// <summary>Those of a task that its agent has not been told of: open ones, and answered ones.</summary>
    public static List<ClaudeTaskQuestion> Undelivered(SqliteConnection connection, int task) => connection.Query(
        $"SELECT {Columns.Sql} FROM questions WHERE task_id = $task AND is_delivered = 0 AND state <> $withdrawn ORDER BY id",
        Read,
        ("$task", task),
        ("$withdrawn", (int)ClaudeTaskQuestionState.Withdrawn));

    /// <param name="connection">An open connection.</param>
    /// <param name="task">Only those of a task.</param>
    /// <param name="all">Those that were decided, too.</param>
    public static List<ClaudeTaskQuestion> List(SqliteConnection connection, int? task, bool all) => connection.Query(
        $"SELECT {Columns.Sql} FROM questions WHERE ($task IS NULL OR task_id = $task) {(all ? "" : "AND state = 0")} ORDER BY id",
        Read,
        ("$task", task));

    private static ClaudeTaskQuestion Read(Row row) => new()
    {
        Id = Id.Of(row),
        Task = Task.Of(row),
        Kind = Kind.Of(row),
        Tool = Tool.Of(row),
        Text = Text.Of(row),
        Options = Options.Of(row),
        Input = Input.Of(row),
        Reason = Reason.Of(row),
        Target = Target.Of(row),
        CanRemember = CanRemember.Of(row),
        State = State.Of(row),
        AskedAt = AskedAt.Of(row),
        Deadline = Deadline.Of(row),
        AnsweredAt = AnsweredAt.Of(row),
        AnsweredBy = AnsweredBy.Of(row),
        Answer = GivenAnswer.Of(row),
    };
}
