namespace ClaudeTasks.Model;

/// <summary>What becomes of Claude's questions and permission requests.</summary>
public enum QuestionPolicy
{
    /// <summary>They are denied at once, with a message Claude can act on.</summary>
    Deny,

    /// <summary>They wait for somebody to answer, up to their deadline.</summary>
    Ask,

    /// <summary>Permission requests and plans are allowed; a question of Claude's own waits for an answer.</summary>
    Allow,

    /// <summary>The user's own code decides.</summary>
    Script,
}
