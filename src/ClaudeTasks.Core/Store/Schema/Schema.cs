using System.Globalization;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Store;

/// <summary>
/// The store's schema as a list of steps; <c>user_version</c> says how many of them a file has had. A file that has data is copied beside
/// itself before a step changes it.
/// </summary>
internal sealed class Schema(IReadOnlyList<string> steps)
{
    public static Schema Current { get; } = new([FirstSchema.Script]);

    /// <summary>The number of steps, which is what a file that has had them all carries.</summary>
    public int Version => steps.Count;

    /// <summary>Brings the file up to date, or makes what is in an empty one.</summary>
    /// <param name="connection">A connection to it.</param>
    /// <param name="path">The file.</param>
    /// <param name="isInUse">
    /// Whether somebody is at work who knows the file as it is; asked under the write lock, so that nobody can begin.
    /// </param>
    /// <exception cref="Model.ClaudeTaskException">The file is of a newer version, or an older one is at work on it.</exception>
    public void Apply(SqliteConnection connection, string path, Func<SqliteConnection, bool> isInUse)
    {
        if (IsCurrent(ReadVersion(connection), path))
        {
            return;
        }

        // Both settings are kept in the file. The first can only be made while it is empty.
        connection.RunScript("PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL");
        using var transaction = StoreTransaction.BeginWriting(connection);
        var version = ReadVersion(connection);
        if (IsCurrent(version, path))
        {
            return;
        }

        if (version > 0)
        {
            if (isInUse(connection))
            {
                throw StoreErrors.OlderAtWork(path, version, Version);
            }

            BackUp(path, version);
        }

        Run(connection, version, Version);
        transaction.Commit();
    }

    /// <summary>Runs the steps that lead from one version to another.</summary>
    public void Run(SqliteConnection connection, int from, int to)
    {
        foreach (var step in steps.Take(to).Skip(from))
        {
            connection.RunScript(step);
        }

        connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {to}"));
    }

    /// <summary>Whether a file has exactly this schema.</summary>
    public bool IsOf(SqliteConnection connection) => ReadVersion(connection) == Version;

    private bool IsCurrent(int version, string path) =>
        version <= Version ? version == Version : throw StoreErrors.TooNew(path, version, Version);

    public static int ReadVersion(SqliteConnection connection) =>
        Convert.ToInt32(connection.Scalar("PRAGMA user_version"), CultureInfo.InvariantCulture);

    /// <summary>Copies what is committed. The caller's write lock keeps others from changing it meanwhile.</summary>
    private static void BackUp(string path, int version)
    {
        var backup = string.Create(CultureInfo.InvariantCulture, $"{path}.v{version}.backup");
        using var reader = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString);
        reader.Open();
        File.Delete(backup);
        reader.Execute("VACUUM INTO $backup", ("$backup", backup));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(backup, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }
}
