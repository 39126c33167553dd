namespace ClaudeTasks.Model;

/// <summary>
/// Something Claude asked: whether it may use a tool, whether a plan is right, or a question of its own. All times are UTC.
/// </summary>
public sealed record ClaudeTaskQuestion
{
    /// <summary>The number people type.</summary>
    public int Id { get; init; }

    /// <summary>The task's number.</summary>
    public int Task { get; init; }

    /// <summary>What is asked for.</summary>
    public ClaudeTaskQuestionKind Kind { get; init; }

    /// <summary>The tool Claude wants to use.</summary>
    public string Tool { get; init; } = "";

    /// <summary>What is asked, whole: a command with all of its lines, the text of a plan.</summary>
    public string Text { get; init; } = "";

    /// <summary>The answers Claude offers, of all its questions; others can be given too.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>The tool's whole input, as JSON.</summary>
    public string Input { get; init; } = "{}";

    /// <summary>Why a person must decide, mostly in Claude Code's words; null if it does not say.</summary>
    public string? Reason { get; init; }

    /// <summary>
    /// Where the links in a file's path lead: relative to the task's folder if that is in it, otherwise a full path. Null without a link.
    /// </summary>
    public string? Target { get; init; }

    /// <summary>
    /// Whether a permission can become a rule. False for Claude Code's safety checks, for what is to run outside its sandbox, and for input
    /// that has members which rules do not know.
    /// </summary>
    public bool CanRemember { get; init; }

    /// <summary>Whether it is open, and how it was decided.</summary>
    public ClaudeTaskQuestionState State { get; init; }

    /// <summary>When Claude asked.</summary>
    public DateTime AskedAt { get; init; }

    /// <summary>When it is denied if nobody has answered; null while the task is suspended, and when it never was open.</summary>
    public DateTime? Deadline { get; init; }

    /// <summary>When it was decided.</summary>
    public DateTime? AnsweredAt { get; init; }

    /// <summary>
    /// The account and the process that answered, such as <c>alice, pwsh (4711)</c>; null if a rule, the task's settings or the deadline
    /// decided.
    /// </summary>
    public string? AnsweredBy { get; init; }

    /// <summary>The answer, or what Claude was told with a denial.</summary>
    public string? Answer { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"Question {Id}";
}
