namespace ClaudeTasks.Model;

/// <summary>Where a question is. The numbers are stored.</summary>
public enum ClaudeTaskQuestionState
{
    /// <summary>Nobody has answered yet.</summary>
    Open,

    /// <summary>Allowed, or answered.</summary>
    Allowed,

    /// <summary>Denied.</summary>
    Denied,

    /// <summary>Denied because nobody answered in time.</summary>
    Expired,

    /// <summary>Taken back: the agent ended or asked no longer.</summary>
    Withdrawn,
}
