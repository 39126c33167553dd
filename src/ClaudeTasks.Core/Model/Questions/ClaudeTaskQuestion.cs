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

    /// <summary>Whether it is open, and how it was decided.</summary>
    public ClaudeTaskQuestionState State { get; init; }

    /// <summary>When Claude asked.</summary>
    public DateTime AskedAt { get; init; }

    /// <summary>When it is denied if nobody has answered; null while the task is suspended, and when it never was open.</summary>
    public DateTime? Deadline { get; init; }

    /// <summary>When it was decided.</summary>
    public DateTime? AnsweredAt { get; init; }

    /// <summary>The answer, or what Claude was told with a denial.</summary>
    public string? Answer { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"Question {Id}";
}
