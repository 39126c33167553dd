using System.Globalization;
using System.Runtime.Versioning;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Store;

/// <summary>
/// Looks at the store without changing anything: its files, what SQLite says of them, and whether what is in it fits together.
/// </summary>
/// <param name="location">Where the store is or would be.</param>
internal sealed class StoreCheck(StoreLocation location)
{
    private const long LeastRoom = 32L * 1024 * 1024;
    private const int MostFindings = 10;
    private const string Repair = "Repair-ClaudeTaskStore saves all that can be read into a good file and keeps the old one beside it.";

    private readonly string _path = location.DatabasePath;

    /// <summary>The checks in order; those that an earlier one makes pointless are left out.</summary>
    public IEnumerable<PrerequisiteCheck> Run()
    {
        var exists = CheckFile();
        yield return exists;
        if (!Directory.Exists(location.Folder))
        {
            yield break;
        }

        yield return CheckPermissions();
        yield return CheckRoom();
        if (!exists.Passed)
        {
            yield break;
        }

        using var connection = TryOpen(out var database);
        yield return database;
        if (connection is null)
        {
            yield break;
        }

        yield return CheckWriting(connection);
        yield return CheckLog();
        var schema = CheckSchema(connection);
        yield return schema;
        yield return Check(
            "Integrity",
            "Every page and index is whole.",
            Repair,
            () => Texts(connection, $"PRAGMA integrity_check({MostFindings})").Where(text => text != "ok"));
        yield return Check("References", "Every row has what it belongs to.", Repair, () =>
            connection.Query(
                "PRAGMA foreign_key_check",
                reader => $"row {reader.GetString(1)} of {reader.GetString(0)} without its {reader.GetString(2)}"));
        if (!schema.Passed || Schema.ReadVersion(connection) != Schema.Current.Version)
        {
            yield break;
        }

        foreach (var (name, good, fix, sql) in StoreContradictions.All)
        {
            yield return Check(name, good, fix, () => Texts(connection, sql));
        }

        yield return Check(
            "Workers",
            "No task waits for a process that is gone.",
            "Get-ClaudeTask takes such tasks over.",
            () => FindDeadWorkers(connection));
        yield return Check(
            "Objects",
            "Every folder of objects has its task, and every result its objects.",
            "A worker that ends deletes folders without a task after 7 days; a result without its objects can still be read, not decided.",
            () => FindObjects(connection));
        yield return Check(
            "Worktrees",
            "Every work tree has its task.",
            "Look whether something in them is of use, then remove them: git worktree remove",
            () => FindWorktrees(connection));
    }

    private static List<string> Texts(SqliteConnection connection, string sql) => connection.Query(sql, reader => reader.GetString(0));

    /// <summary>A check that passes where nothing is found; what SQLite cannot read is a finding too.</summary>
    private PrerequisiteCheck Check(string name, string good, string fix, Func<IEnumerable<string>> find)
    {
        try
        {
            var found = find().Take(MostFindings + 1).ToList();
            return found.Count == 0
                ? new PrerequisiteCheck(name, true, good)
                : new PrerequisiteCheck(
                    name, false, string.Join("; ", found.Take(MostFindings)) + (found.Count > MostFindings ? "; and more" : ""), fix);
        }
        catch (SqliteException e)
        {
            var error = StoreErrors.From(e, _path);
            return new PrerequisiteCheck(name, false, error.Message, FixOf(e, error));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidCastException or FormatException)
        {
            return new PrerequisiteCheck(name, false, e.Message, fix);
        }
    }

    private PrerequisiteCheck CheckFile()
    {
        if (File.Exists(location.RepairedPath))
        {
            var error = StoreErrors.RepairCutOff(_path);
            return new PrerequisiteCheck("File", false, error.Message, error.RecommendedAction);
        }

        var file = new FileInfo(_path);
        if (file.Exists)
        {
            return file.Length > 0 || LengthOf("-wal") > 0
                ? new PrerequisiteCheck("File", true, string.Create(CultureInfo.InvariantCulture, $"{_path} ({Size(file.Length)})"))
                : new PrerequisiteCheck(
                    "File",
                    false,
                    $"'{_path}' is empty.",
                    "Nothing to do: a store is made in it with the first task. "
                        + "If there was one before, put back a backup; remove what lies beside it first ('-wal', '-shm').");
        }

        return Directory.Exists(_path)
            ? new PrerequisiteCheck("File", false, $"'{_path}' is a folder.", "Move it away.")
            : LengthOf("-wal") > 0
            ? new PrerequisiteCheck(
                "File",
                false,
                $"'{_path}' is gone, but its log is still there.",
                "Put the file back beside its log; without it, what is in the log cannot be read.")
            : new PrerequisiteCheck("File", false, $"There is no store at '{_path}'.", "Nothing to do: it is made with the first task.");
    }

    private PrerequisiteCheck CheckPermissions() => OperatingSystem.IsWindows()
        ? new PrerequisiteCheck("Permissions", true, "A profile's folders are closed to others.")
        : Check(
            "Permissions",
            "The store is its user's alone.",
            $"Close it: chmod -R go= '{location.Folder}'. The store's next use closes its folder and its file.",
            FindOpen);

    [UnsupportedOSPlatform("windows")]
    private IEnumerable<string> FindOpen()
    {
        string[] folders = [location.Folder, location.WorkersFolder, location.LocksFolder, location.ObjectsFolder];
        return folders.Where(Directory.Exists).Concat(Directory.EnumerateFiles(location.Folder, Path.GetFileName(_path) + "*"))
            .Select(entry => (Entry: entry, Mode: File.GetUnixFileMode(entry)))
            .Where(item => (item.Mode & StoreLocation.OthersBits) != 0)
            .Select(item => $"others can open '{item.Entry}' ({Convert.ToString((int)item.Mode, 8)})");
    }

    private PrerequisiteCheck CheckRoom()
    {
        var room = new DriveInfo(location.Folder).AvailableFreeSpace;
        return new PrerequisiteCheck(
            "Room",
            room >= LeastRoom,
            $"{Size(room)} are free on its disk.",
            room >= LeastRoom ? null : "Make room: a store that cannot be written ends the tasks at work.");
    }

    /// <summary>
    /// A store beside which there is nothing, as it was put there, is read as if it could not change, which leaves no file behind; else as
    /// everybody does, without writing its log back at the end.
    /// </summary>
    private SqliteConnection? TryOpen(out PrerequisiteCheck check)
    {
        var isAtRest = !File.Exists(_path + "-shm") && LengthOf("-wal") == 0;
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = isAtRest ? new Uri(_path).AbsoluteUri + "?immutable=1" : _path,
            Mode = isAtRest ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWrite,
            Pooling = false,
            DefaultTimeout = 5,
        }.ConnectionString);
        try
        {
            connection.Open();
            SqliteFile.KeepLog(connection);
            Database.AddFunctions(connection);
            connection.Execute("PRAGMA busy_timeout = 2000");
            Schema.ReadVersion(connection);
            check = new PrerequisiteCheck(
                "Database", true, string.Create(CultureInfo.InvariantCulture, $"{connection.Scalar("PRAGMA page_count")} pages"));
            return connection;
        }
        catch (SqliteException e)
        {
            var error = StoreErrors.From(e, _path);
            check = new PrerequisiteCheck("Database", false, IsShort(connection) is { } found ? found : error.Message, FixOf(e, error));
            connection.Dispose();
            return null;
        }
    }

    private static string? FixOf(SqliteException e, ClaudeTaskException error) =>
        e.SqliteErrorCode is 11 or 26 ? Repair : error.RecommendedAction;

    /// <summary>SQLite refuses a file that has lost its end, unless it is told not to mind.</summary>
    private string? IsShort(SqliteConnection connection)
    {
        try
        {
            connection.Execute("PRAGMA writable_schema = ON");
            return string.Create(
                CultureInfo.InvariantCulture,
                $"The store '{_path}' has lost its end: there are {connection.Scalar("PRAGMA page_count")} "
                    + $"pages of {connection.Scalar("PRAGMA page_size")} bytes, fewer than it says it has.");
        }
        catch (Exception e) when (e is SqliteException or InvalidOperationException)
        {
            return null;
        }
    }

    private PrerequisiteCheck CheckWriting(SqliteConnection connection) => Check(
        "Writing",
        "It can be written, and nobody holds it.",
        $"Make the file and its folder writable for you, or set ${StoreLocation.HomeVariable} to a folder that is.",
        () =>
        {
            // On what may only be read SQLite begins such a transaction all the same, as one that reads.
            var closed = new[] { location.Folder, _path }
                .Where(entry => !FileAccessCheck.CanWrite(entry))
                .Select(entry => $"'{entry}' may not be written")
                .ToList();
            if (closed.Count > 0 || connection.ConnectionString.Contains("immutable", StringComparison.Ordinal))
            {
                return closed;
            }

            connection.RunScript("BEGIN IMMEDIATE; ROLLBACK");
            return [];
        });

    private PrerequisiteCheck CheckLog() => LengthOf("-wal") is var length && length == 0
        ? new PrerequisiteCheck("Log", true, "Everything is in the file itself.")
        : new PrerequisiteCheck(
            "Log", true, $"{Size(length)} are in its log; the next worker that ends writes them back. Keep the file and its log together.");

    private PrerequisiteCheck CheckSchema(SqliteConnection connection)
    {
        var version = Schema.ReadVersion(connection);
        if (version > Schema.Current.Version)
        {
            var error = StoreErrors.TooNew(_path, version, Schema.Current.Version);
            return new PrerequisiteCheck("Schema", false, error.Message, error.RecommendedAction);
        }

        return Check(
            "Schema",
            string.Create(CultureInfo.InvariantCulture, $"Version {version}")
                + (version < Schema.Current.Version ? $"; it is brought to {Schema.Current.Version} when it is next used" : ""),
            Repair,
            () =>
            {
                using var made = new SqliteConnection("Data Source=:memory:");
                made.Open();
                Schema.Current.Run(made, 0, version);
                return Entries(made)
                    .Except(Entries(connection))
                    .Select(entry => $"the {entry.Type} '{entry.Name}' is not as version {version} makes it");
            });

        static List<(string Type, string Name, string? Sql)> Entries(SqliteConnection of) => of.Query(
            "SELECT type, name, sql FROM sqlite_master WHERE name NOT GLOB 'sqlite_*'",
            reader => (reader.GetString(0), reader.GetString(1), reader.Text(2)));
    }

    private IEnumerable<string> FindDeadWorkers(SqliteConnection connection) => WorkerTable.All(connection)
        .Where(worker => !(worker is { Started: false, Process.IsAlive: true }) && !LockFile.IsHeld(location.LockPath(worker.Id)))
        .Select(worker => $"the worker {worker.Id} is gone and left " + string.Create(
            CultureInfo.InvariantCulture,
            $"{connection.Scalar(
                $"SELECT count(*) FROM tasks WHERE worker = $id AND ({TaskTable.Unsettled})",
                ("$id", worker.Id.ToString()))} task(s)"));

    private IEnumerable<string> FindObjects(SqliteConnection connection)
    {
        var tasks = connection.Query("SELECT guid FROM tasks", reader => reader.GetString(0)).ToHashSet(StringComparer.Ordinal);
        var undecided = connection.Query(
            $"SELECT id, guid FROM tasks WHERE status IN ({StatusList.Undecided}) AND files_changed > 0",
            reader => (Id: reader.GetInt32(0), Guid: Guid.Parse(reader.GetString(1))));
        return Folders(location.ObjectsFolder)
            .Where(folder => !tasks.Contains(Path.GetFileName(folder)))
            .Select(folder => $"'{folder}' has no task")
            .Concat(undecided.Where(task => !Directory.Exists(location.ObjectsPath(task.Guid)))
                .Select(task => $"task {task.Id} has no objects"));
    }

    private IEnumerable<string> FindWorktrees(SqliteConnection connection)
    {
        var tasks = connection.Query("SELECT worktree FROM tasks WHERE worktree IS NOT NULL", reader => reader.GetString(0))
            .ToHashSet(StringComparer.Ordinal);
        return Folders(location.WorktreesFolder).Where(folder => !tasks.Contains(folder)).Select(folder => $"'{folder}' has no task");
    }

    private static IEnumerable<string> Folders(string folder) => Directory.Exists(folder) ? Directory.EnumerateDirectories(folder) : [];

    private long LengthOf(string suffix) => new FileInfo(_path + suffix) is { Exists: true, Length: var length } ? length : 0;

    private static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024):0.#} MB");
}
