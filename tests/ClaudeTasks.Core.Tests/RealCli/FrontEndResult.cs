using System.Text.Json;
using ClaudeTasks.Model;

namespace ClaudeTasks.Tests.RealCli;

/// <summary>What <c>claude-tasks run --json</c> left.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Events">The events it printed.</param>
/// <param name="Ending">The task as it printed it last.</param>
/// <param name="Task">The task as the store has it.</param>
internal sealed record FrontEndResult(int ExitCode, IReadOnlyList<JsonElement> Events, JsonElement Ending, ClaudeTask Task)
{
    /// <summary>The human lines of the events of one kind.</summary>
    public IReadOnlyList<string> Texts(ClaudeTaskEventKind kind) =>
        [.. Events.Where(item => item.GetProperty("Kind").GetString() == kind.ToString())
            .Select(item => item.GetProperty("Text").GetString()!)];
}
