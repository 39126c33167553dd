using System.Globalization;
using ClaudeTasks.Agent;
using ClaudeTasks.Model;
using ClaudeTasks.Store;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Running;

/// <summary>The cost limit of a task's next agent: the lower of the task's own remainder and the day's.</summary>
/// <param name="Rest">In US dollars; null for no limit.</param>
/// <param name="Refusal">
/// Why the agent may not start now. The refusal is transient while running agents hold the rest of the day's limit.
/// </param>
internal readonly record struct RunBudget(decimal? Rest, AgentVerdict? Refusal)
{
    public static RunBudget Of(SqliteConnection connection, TaskRecord task)
    {
        var ofTask = TaskTable.Find(connection, task.Id)?.Task.CostUsd ?? 0;
        var wanted = task.Settings.MaxCost - ofTask;
        var day = DayBudget.Today(connection);
        return wanted <= 0
            ? Refuse(
                $"The task has spent {Money(ofTask)} of its {Money(task.Settings.MaxCost!.Value)} limit. "
                    + $"Continue in a new task: Start-ClaudeTask '…' -Continue {task.Id} -MaxCost …")
            : day.IsTakenFor(wanted)
            ? Refuse(
                $"Running agents have reserved the rest of the daily limit of {Money(day.Limit!.Value)}. "
                    + "The task continues when they have ended. Start tasks with -MaxCost to run several at once.",
                isTransient: true)
            : day.Rest <= 0
            ? Refuse(
                $"Today's tasks have cost {Money(day.Spent)} of the daily limit of {Money(day.Limit!.Value)}. "
                    + "Raise it: Set-ClaudeTaskOption -DailyCostLimit")
            : new RunBudget(wanted is null || day.Rest < wanted ? day.Rest : wanted, null);
    }

    private static RunBudget Refuse(string text, bool isTransient = false) =>
        new(0, new AgentVerdict(ClaudeTaskReason.BudgetExceeded, text, isTransient));

    private static string Money(decimal amount) => amount.ToString("$0.00##", CultureInfo.InvariantCulture);
}
