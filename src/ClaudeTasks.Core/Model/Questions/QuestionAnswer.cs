namespace ClaudeTasks.Model;

/// <summary>An answer to what Claude asked.</summary>
public sealed record QuestionAnswer
{
    /// <summary>Whether the tool may run, the plan is right, or the question is answered.</summary>
    public bool IsAllowed { get; init; }

    /// <summary>The answer to a question, or what Claude is told with a denial.</summary>
    public string? Text { get; init; }

    /// <summary>Makes the decision a standing rule for the tool, in the task's repository.</summary>
    public bool Remember { get; init; }

    /// <summary>What the rule applies to, with <c>*</c> as wildcard; null for exactly what was asked.</summary>
    public string? Pattern { get; init; }
}
