namespace ClaudeTasks.Model;

/// <summary>Where an option's value comes from.</summary>
public enum ClaudeTaskOptionOrigin
{
    /// <summary>It is built in.</summary>
    Default,

    /// <summary>The user set it.</summary>
    Store,
}
