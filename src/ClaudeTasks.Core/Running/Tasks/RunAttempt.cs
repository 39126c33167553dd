using ClaudeTasks.Agent;
using ClaudeTasks.Store;

namespace ClaudeTasks.Running;

/// <summary>The record of one agent process of a task: what it was for, how it ended, what it used.</summary>
internal sealed class RunAttempt
{
    private readonly Database _database;
    private readonly int _task;
    private readonly int _number;

    private RunAttempt(Database database, int task, int number)
    {
        _database = database;
        _task = task;
        _number = number;
    }

    /// <summary>
    /// Reserves what the agent may cost and begins its record, in one transaction; or returns why the agent may not start now.
    /// </summary>
    public static (RunAttempt? Attempt, RunBudget Budget) Begin(Database database, TaskRecord task, string purpose) =>
        database.Write(connection =>
        {
            var budget = RunBudget.Of(connection, task);
            return (
                budget.Refusal is null
                    ? new RunAttempt(database, task.Id, AttemptTable.Begin(connection, task.Id, purpose, budget.Rest))
                    : null,
                budget);
        });

    /// <summary>Keeps what the process has used so far, so that it is not lost with the process.</summary>
    public void SaveUsage(AgentSession session) =>
        _database.Write(connection => AttemptTable.SetUsage(connection, _task, _number, session.Usage, session.LastResult?.Turns));

    public void End(AgentVerdict verdict, AgentSession? session, string? model)
    {
        if (session is not null)
        {
            SaveUsage(session);
        }

        _database.Write(connection =>
        {
            AttemptTable.End(connection, _task, _number, verdict.Reason, verdict.Text, session?.ExitCode);
            if (session is null)
            {
                return;
            }

            var denied = TaskTable.Find(connection, _task)?.Task.DeniedTools ?? [];
            TaskTable.Set(
                connection,
                _task,
                ("model", session.Model ?? model),
                ("exit_code", session.ExitCode),
                ("result", session.LastResult?.Text),
                ("denied_tools", StoreJson.Write([.. denied, .. session.LastResult?.DeniedTools ?? []])));
        });
    }
}
