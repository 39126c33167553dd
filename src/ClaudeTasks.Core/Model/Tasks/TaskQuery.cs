namespace ClaudeTasks.Model;

/// <summary>Which tasks to read. What is not set does not restrict.</summary>
public sealed record TaskQuery
{
    /// <summary>A folder in the repository.</summary>
    public string? Repository { get; init; }

    /// <summary>The session's name, <c>*</c> and <c>?</c> as wildcards.</summary>
    public string? Session { get; init; }

    /// <summary>Any of these statuses.</summary>
    public IReadOnlyList<ClaudeTaskStatus> Status { get; init; } = [];

    /// <summary>The prompt, <c>*</c> and <c>?</c> as wildcards.</summary>
    public string? Prompt { get; init; }

    /// <summary>Created at or after this moment, UTC.</summary>
    public DateTime? After { get; init; }

    /// <summary>Created before this moment, UTC.</summary>
    public DateTime? Before { get; init; }

    /// <summary>How many of the matches to pass over, from the oldest.</summary>
    public long Skip { get; init; }

    /// <summary>How many matches to read at most.</summary>
    public long? First { get; init; }

    /// <summary>Only this many of the newest matches, still in the order of the timeline.</summary>
    public int? Newest { get; init; }
}
