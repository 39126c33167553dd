using ClaudeTasks.Model;

namespace ClaudeTasks.Store;

/// <summary>A task as its worker needs it: what people see, and what only the engine uses.</summary>
/// <param name="Task">What people see.</param>
/// <param name="RepositoryId">The repository's row, whose lease the task needs.</param>
/// <param name="Settings">How it runs, completed by the defaults.</param>
/// <param name="GateRequest">The gates somebody asked to run again, as a list of names; null when nobody did.</param>
/// <param name="BaseTree">The tree before the agent ran; null when it was never taken.</param>
/// <param name="ReviewTree">
/// The base with what others committed while the task ran: what the result is compared with; null while there is no result.
/// </param>
/// <param name="ResultTree">The tree after it ran; null while there is none.</param>
/// <param name="AgentProcess">The agent's process, once there was one.</param>
internal sealed record TaskRecord(
    ClaudeTask Task,
    long RepositoryId,
    TaskSettings Settings,
    IReadOnlyList<string>? GateRequest,
    string? BaseTree,
    string? ReviewTree,
    string? ResultTree,
    string? AgentProcess)
{
    public int Id => Task.Id;

    /// <summary>Whether the next agent resumes the conversation instead of beginning one with the prompt.</summary>
    public bool Resumes { get; init; }

    /// <summary>What the agent is told when it resumes; null when messages or an answer bring it on.</summary>
    public string? Opening { get; init; }

    /// <summary>Whether it is queued until a moment comes or another task has ended.</summary>
    public bool WaitsByItself { get; init; }

    /// <summary>The root of the work tree the agent works in.</summary>
    public string WorkFolder => Task.Worktree ?? Task.Repository;
}
