namespace ClaudeTasks.Model;

/// <summary>By what sums over tasks are told apart.</summary>
public enum ClaudeTaskGrouping
{
    /// <summary>By nothing: one sum over all.</summary>
    None,

    /// <summary>By repository.</summary>
    Repository,

    /// <summary>By session.</summary>
    Session,

    /// <summary>By the day on which the task began, in local time.</summary>
    Day,

    /// <summary>By model.</summary>
    Model,

    /// <summary>By the template the prompt was made from.</summary>
    Template,

    /// <summary>By status.</summary>
    Status,
}
