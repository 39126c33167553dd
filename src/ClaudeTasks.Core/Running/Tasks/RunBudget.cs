using System.Globalization;
using ClaudeTasks.Agent;
using ClaudeTasks.Model;
using ClaudeTasks.Store;

namespace ClaudeTasks.Running;

/// <summary>What a task's next agent may cost: what is left of the task's own limit and of the day's.</summary>
/// <param name="Rest">In US dollars; null for no limit.</param>
/// <param name="Refusal">Why it may not start at all.</param>
internal readonly record struct RunBudget(decimal? Rest, AgentVerdict? Refusal)
{
    public static RunBudget Of(Database database, TaskRecord task)
    {
        var (ofTask, today, limit) = database.Read(connection => (
            TaskTable.Find(connection, task.Id)?.Task.CostUsd ?? 0,
            CostTable.SpentSince(connection, DateTime.Today.ToUniversalTime()),
            OptionTable.Read(connection).DailyCostLimit));
        var rest = Min(task.Settings.MaxCost - ofTask, limit - today);
        return rest is not <= 0 ? new RunBudget(rest, null)
            : new RunBudget(0, new AgentVerdict(ClaudeTaskReason.BudgetExceeded, task.Settings.MaxCost <= ofTask
                ? $"The task has spent {Money(ofTask)} of its {Money(task.Settings.MaxCost.Value)} limit. Continue in a new task: Start-ClaudeTask '…' -Continue {task.Id} -MaxCost …"
                : $"Today's tasks have cost {Money(today)} of the daily limit of {Money(limit!.Value)}. Raise it: Set-ClaudeTaskOption -DailyCostLimit"));
    }

    private static decimal? Min(decimal? first, decimal? second) => first is null || second < first ? second : first;

    private static string Money(decimal amount) => amount.ToString("$0.00##", CultureInfo.InvariantCulture);
}
