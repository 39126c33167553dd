using ClaudeTasks.Model;

namespace ClaudeTasks.Agent;

/// <summary>All that is needed to start an agent.</summary>
/// <param name="Program">Its program.</param>
/// <param name="Settings">How the user wants it.</param>
/// <param name="Folder">Where it works.</param>
/// <param name="Task">The task, whose cookie its processes bear.</param>
/// <param name="Conversation">The id of the conversation.</param>
internal sealed record AgentStart(string Program, TaskSettings Settings, string Folder, Guid Task, Guid Conversation)
{
    /// <summary>Whether the conversation goes on; else it is a new one.</summary>
    public bool Resumes { get; init; }

    /// <summary>What it may cost, in US dollars; null for no limit.</summary>
    public decimal? BudgetUsd { get; init; }

    /// <summary>A folder it may not edit: the checkout beside which its own work tree lies.</summary>
    public string? Fenced { get; init; }
}
