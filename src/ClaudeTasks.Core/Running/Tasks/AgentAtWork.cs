using ClaudeTasks.Agent;

namespace ClaudeTasks.Running;

/// <summary>An agent that has made its first exchange.</summary>
/// <param name="Session">The conversation with it.</param>
/// <param name="Questions">What it asks.</param>
/// <param name="Attempt">Its record.</param>
internal sealed record AgentAtWork(AgentSession Session, RunQuestions Questions, RunAttempt Attempt);
