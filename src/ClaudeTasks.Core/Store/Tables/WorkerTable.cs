using ClaudeTasks.Processes;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Store;

/// <summary>
/// The workers that have tasks. A worker lives while its lock file is locked; until it has taken that lock, while the process that is to
/// become it (first the one that launches it, then its own) lives.
/// </summary>
internal static class WorkerTable
{
    /// <summary>A worker as the store knows it.</summary>
    public readonly record struct Row(Guid Id, ProcessIdentity? Process, bool Started);

    public static void Add(SqliteConnection connection, Guid worker) => connection.Execute(
        "INSERT INTO workers (id, process, created_at) VALUES ($id, $process, $now)",
        ("$id", worker.ToString()),
        ("$process", ProcessIdentity.Current.ToString()),
        ("$now", DateTime.UtcNow.ToStoreTime()));

    public static bool Exists(SqliteConnection connection, Guid worker) =>
        connection.Scalar("SELECT 1 FROM workers WHERE id = $id", ("$id", worker.ToString())) is not null;

    /// <summary>Notes the process that was launched, unless it has reported itself already.</summary>
    public static void SetLaunched(SqliteConnection connection, Guid worker, ProcessIdentity process) => connection.Execute(
        "UPDATE workers SET process = $process WHERE id = $id AND started = 0",
        ("$id", worker.ToString()),
        ("$process", process.ToString()));

    /// <summary>The worker holds its lock now.</summary>
    public static bool SetStarted(SqliteConnection connection, Guid worker) => connection.Execute(
        "UPDATE workers SET process = $process, started = 1 WHERE id = $id",
        ("$id", worker.ToString()),
        ("$process", ProcessIdentity.Current.ToString())) == 1;

    /// <summary>Gives queued tasks to a worker.</summary>
    public static void Give(SqliteConnection connection, IReadOnlyList<int> tasks, Guid worker)
    {
        foreach (var task in tasks)
        {
            connection.Execute(
                "UPDATE tasks SET worker = $worker WHERE id = $id AND status = 'pending'", ("$worker", worker.ToString()), ("$id", task));
        }
    }

    /// <summary>Whether the worker has nothing to do any more; a look that takes no write lock.</summary>
    public static bool IsIdle(SqliteConnection connection, Guid worker) =>
        connection.Scalar(
            $"SELECT 1 FROM tasks WHERE worker = $id AND ({TaskTable.Unsettled}) LIMIT 1", ("$id", worker.ToString())) is null;

    /// <summary>Takes the worker out, unless it still has tasks to run; no further task can be given to it then.</summary>
    /// <returns>Whether it is out; also when it was before, as in a store that was put in the place of the old one.</returns>
    public static bool RemoveIfIdle(SqliteConnection connection, Guid worker) => connection.Execute(
        $"DELETE FROM workers WHERE id = $id AND NOT EXISTS (SELECT 1 FROM tasks WHERE worker = $id AND ({TaskTable.Unsettled}))",
        ("$id", worker.ToString())) == 1 || !Exists(connection, worker);

    /// <summary>
    /// Whether a process may be at work on the store's tasks: a worker that lives or is about to, or somebody who decides. In a store of
    /// any version, as this table and the locks are as they were in the first.
    /// </summary>
    public static bool IsAnyAlive(SqliteConnection connection, StoreLocation location) =>
        location.FindHeldLocks().Any() || All(connection).Any(worker => !worker.Started && worker.Process is { IsAlive: true });

    public static List<Row> All(SqliteConnection connection) => connection.Query(
        "SELECT id, process, started FROM workers",
        reader => new Row(Guid.Parse(reader.GetString(0)), ProcessIdentity.Parse(reader.Text(1)), reader.GetBoolean(2)));
}
