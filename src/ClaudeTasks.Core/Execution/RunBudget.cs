using System.Globalization;
using ClaudeTasks.Agent;
using ClaudeTasks.Storage;
using ClaudeTasks.Tasks;

namespace ClaudeTasks.Execution;

/// <summary>What a task's next agent may cost: what is left of the task's own limit.</summary>
/// <param name="Rest">In US dollars; null for no limit.</param>
/// <param name="Refusal">Why it may not start at all.</param>
internal readonly record struct RunBudget(decimal? Rest, AgentVerdict? Refusal)
{
    public static RunBudget Of(Database database, TaskRecord task)
    {
        var spent = database.Read(connection => TaskTable.Find(connection, task.Id))?.Task.CostUsd ?? 0;
        return task.Settings.MaxCostUsd is not { } most ? default
            : spent < most ? new RunBudget(most - spent, null)
            : new RunBudget(0, new AgentVerdict(
                ClaudeTaskReason.BudgetExceeded,
                string.Create(CultureInfo.InvariantCulture, $"The task has cost ${spent:0.00##} of the ${most:0.00##} it may.")));
    }
}
