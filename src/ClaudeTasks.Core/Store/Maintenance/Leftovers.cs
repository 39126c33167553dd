using ClaudeTasks.Processes;

namespace ClaudeTasks.Store;

/// <summary>Deletes folders beside the store's file that belong to no task and to no operation.</summary>
internal static class Leftovers
{
    /// <summary>
    /// A removed task's folder is deleted with it, so one without a task is from another store that was here, or from a row that a repair
    /// could not save. A user who puts that store back within this time finds everything in place.
    /// </summary>
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(7);

    /// <summary>Deletes them, as far as it is due.</summary>
    public static void Sweep(Database database, StoreLocation location)
    {
        Workspace.Sweep(location.WorkspacesFolder);
        SweepObjects(database, location);
    }

    /// <summary>
    /// Deletes the folders of objects that have no task and were not written to for days. It looks once a day: there can be as many folders
    /// as tasks.
    /// </summary>
    private static void SweepObjects(Database database, StoreLocation location)
    {
        if (!database.Write(connection => RetentionTable.ClaimSweep(connection, DateTime.UtcNow))
            || !Directory.Exists(location.ObjectsFolder))
        {
            return;
        }

        // A task is added before its folder is made: what is found first and has no row then will not get one.
        var old = Directory.GetDirectories(location.ObjectsFolder).Where(folder =>
            Guid.TryParse(Path.GetFileName(folder), out _) && Directory.GetLastWriteTimeUtc(folder) < DateTime.UtcNow - KeptFor).ToList();
        if (old.Count == 0)
        {
            return;
        }

        var tasks = database.Read(connection => connection.Query("SELECT guid FROM tasks", row => row.GetString(0)))
            .ToHashSet(StringComparer.Ordinal);
        foreach (var folder in old.Where(folder => !tasks.Contains(Path.GetFileName(folder))))
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The next sweep tries again; Test-ClaudeTaskStore names the folder meanwhile.
            }
        }
    }
}
