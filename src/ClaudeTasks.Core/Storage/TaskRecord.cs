using ClaudeTasks.Tasks;

namespace ClaudeTasks.Storage;

/// <summary>A task as its worker needs it: what people see, and what only the engine uses.</summary>
/// <param name="Task">What people see.</param>
/// <param name="RepositoryId">The repository's row, whose lease the task needs.</param>
/// <param name="Settings">How the agent is started.</param>
/// <param name="Worker">The worker the task was given to.</param>
/// <param name="BaseTree">The tree before the agent ran; null when it was never taken.</param>
/// <param name="ResultTree">The tree after it ran; null while there is none.</param>
/// <param name="AgentProcess">The agent's process, once there was one.</param>
internal sealed record TaskRecord(
    ClaudeTask Task, long RepositoryId, AgentSettings Settings, Guid Worker, string? BaseTree, string? ResultTree, string? AgentProcess)
{
    public int Id => Task.Id;
}
