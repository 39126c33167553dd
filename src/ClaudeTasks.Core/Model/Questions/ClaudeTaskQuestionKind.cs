namespace ClaudeTasks.Model;

/// <summary>What Claude asks for. The numbers are stored.</summary>
public enum ClaudeTaskQuestionKind
{
    /// <summary>Whether it may use a tool.</summary>
    Permission,

    /// <summary>An answer to a question of its own.</summary>
    Question,

    /// <summary>Whether it may carry out the plan it made.</summary>
    Plan,
}
