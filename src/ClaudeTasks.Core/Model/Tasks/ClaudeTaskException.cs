namespace ClaudeTasks.Model;

/// <summary>An error of the catalogue: what happened, to what, and what to do now.</summary>
public sealed class ClaudeTaskException : Exception
{
    /// <summary>Makes an error of the catalogue.</summary>
    /// <param name="errorId">The entry in the catalogue.</param>
    /// <param name="message">What happened, to what.</param>
    /// <param name="target">What the user named.</param>
    /// <param name="recommendedAction">What to do now.</param>
    /// <param name="innerException">The cause.</param>
    public ClaudeTaskException(
        ClaudeTaskErrorId errorId, string message, object? target, string recommendedAction, Exception? innerException = null)
        : base(message, innerException)
    {
        ErrorId = errorId;
        Target = target;
        RecommendedAction = recommendedAction;
    }

    /// <summary>The entry in the catalogue.</summary>
    public ClaudeTaskErrorId ErrorId { get; }

    /// <summary>What the user named.</summary>
    public object? Target { get; }

    /// <summary>What to do now.</summary>
    public string RecommendedAction { get; }
}
