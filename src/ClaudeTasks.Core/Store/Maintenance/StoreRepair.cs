using System.Diagnostics;
using System.Globalization;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Store;

/// <summary>
/// Saves all that can be read of a store into a good file, which takes the old one's place; the old one stays beside it under a dated name.
/// It works on a copy, and may be cut off at any point: until the good file is whole the store is as it was, from then on nobody opens it
/// before a further repair has finished what was begun.
/// </summary>
internal sealed class StoreRepair
{
    private const string KeptMark = ".damaged-";
    private static readonly TimeSpan LockLimit = TimeSpan.FromSeconds(3);

    private readonly StoreLocation _location;
    private readonly string _path;
    private readonly string _workFolder;

    private string GoodPath => Path.Combine(_workFolder, "good.db");

    private StoreRepair(StoreLocation location)
    {
        _location = location;
        _path = location.DatabasePath;
        _workFolder = Path.Combine(location.Folder, "repair");
    }

    /// <summary>Repairs the store.</summary>
    /// <param name="location">Where it is.</param>
    /// <param name="release">
    /// Closes what this process has open on it; called when nobody is at work any more, and before the file is touched.
    /// </param>
    /// <exception cref="ClaudeTaskException">There is no store, somebody is at work on it, or nothing of it can be read.</exception>
    public static ClaudeTaskStoreRepair Run(StoreLocation location, Action release)
    {
        var repair = new StoreRepair(location);
        try
        {
            if (!File.Exists(location.DatabasePath) && !File.Exists(location.RepairedPath))
            {
                throw Refuse(
                    ClaudeTaskErrorId.StoreUnusable,
                    "There is no store there.",
                    "Nothing has to be repaired: a store is made with the first task.");
            }

            using var claim = LockFile.TryTake(Path.Combine(location.Folder, "repair.lock"))
                ?? throw Refuse(ClaudeTaskErrorId.StoreBusy, "Somebody else is repairing it.", "Wait for them.");
            try
            {
                return repair.Run(release);
            }
            finally
            {
                Remove(repair._workFolder);
                claim.Delete();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StoreErrors.Unusable(location.DatabasePath, "it could not be repaired, and was left as it was", e);
        }
        catch (SqliteException e)
        {
            throw StoreErrors.From(e, location.DatabasePath);
        }

        ClaudeTaskException Refuse(ClaudeTaskErrorId id, string what, string fix) =>
            new(id, $"The store '{location.DatabasePath}' is not repaired. {what}", location.DatabasePath, fix);
    }

    private ClaudeTaskStoreRepair Run(Action release)
    {
        // A worker stays for a moment after its last task.
        for (var clock = Stopwatch.StartNew(); _location.FindHeldLocks().Any(); Thread.Sleep(50))
        {
            if (clock.Elapsed > LockLimit)
            {
                throw InUse(
                    "Tasks are at work on it, or somebody decides on one.",
                    "Wait for their end, or stop them: Get-ClaudeTask | Stop-ClaudeTask");
            }
        }

        release();
        using var hold = !File.Exists(_path) ? null
            : StoreHold.TryTake(_path) ?? throw InUse(
                "Another process has it open.",
                "Close the other PowerShell sessions that use ClaudeTasks, and programs such as database browsers.");
        if (File.Exists(_location.RepairedPath))
        {
            // The old file was kept before the good one got this name.
            var kept = Directory.GetFiles(_location.Folder, Path.GetFileName(_path) + KeptMark + "*")
                .Where(file => !file.EndsWith("-wal", StringComparison.Ordinal))
                .Max();
            PutInPlace(hold);
            return new ClaudeTaskStoreRepair(_path, kept ?? "", [], ["A repair that had been cut off was finished."]);
        }

        var (tables, mended) = MakeGoodFile(hold!);
        var name = Keep(hold!);
        File.Move(GoodPath, _location.RepairedPath);
        PutInPlace(hold);
        return new ClaudeTaskStoreRepair(_path, name, tables, mended);
    }

    private (List<ClaudeTaskStoreTable> Tables, List<string> Mended) MakeGoodFile(StoreHold hold)
    {
        Remove(_workFolder);
        Directory.CreateDirectory(_workFolder);
        var copy = Path.Combine(_workFolder, "old.db");
        hold.CopyTo(copy);
        if (File.Exists(_path + "-wal"))
        {
            PrivateFile.Copy(_path + "-wal", copy + "-wal");
        }

        PrivateFile.Create(GoodPath).Dispose();
        using var old = Open(copy);
        old.RunScript("PRAGMA writable_schema = ON; PRAGMA cell_size_check = ON");
        var version = ReadVersion(old);
        if (version > Schema.Current.Version)
        {
            throw StoreErrors.TooNew(_path, version, Schema.Current.Version);
        }

        List<ClaudeTaskStoreTable> tables;
        List<string> mended;
        using (var good = Open(GoodPath))
        {
            good.RunScript("PRAGMA auto_vacuum = INCREMENTAL; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF");
            using var transaction = StoreTransaction.BeginWriting(good);
            Schema.Current.Run(good, 0, version);
            var names = Tables(good);
            tables = names.ConvertAll(table =>
            {
                good.Execute($"DELETE FROM {table}");
                return TableRescue.Run(old, good, table);
            });
            if (tables.TrueForAll(table => table.Saved == 0))
            {
                throw new ClaudeTaskException(
                    ClaudeTaskErrorId.StoreCorrupt,
                    $"Nothing of the store '{_path}' can be read. It was left as it was.",
                    _path,
                    "Move it away with the files beside it (keep them), and a new store is made. "
                        + "If you have a backup, put that in its place.");
            }

            KeepNumbers(old, good);
            Schema.Current.Run(good, version, Schema.Current.Version);
            mended = RowMending.Run(good, Tables(good));
            transaction.Commit();
            good.Execute("PRAGMA journal_mode = WAL");
            Require(good, "PRAGMA integrity_check", "ok");
            Require(good, "PRAGMA foreign_key_check", null);
        }

        PrivateFile.Flush(GoodPath);
        return (tables, mended);
    }

    /// <summary>A store that has lost even its header is taken for one of this version.</summary>
    private static int ReadVersion(SqliteConnection old)
    {
        try
        {
            return Schema.ReadVersion(old) is > 0 and var version ? version : Schema.Current.Version;
        }
        catch (SqliteException)
        {
            return Schema.Current.Version;
        }
    }

    /// <summary>No number of a task is given a second time, also where the task itself is lost.</summary>
    private static void KeepNumbers(SqliteConnection old, SqliteConnection good)
    {
        try
        {
            foreach (var (table, last) in old.Query(
                "SELECT name, seq FROM sqlite_sequence", reader => (reader.GetString(0), reader.GetInt64(1))))
            {
                if (good.Execute(
                    "UPDATE sqlite_sequence SET seq = max(seq, $last) WHERE name = $table", ("$table", table), ("$last", last)) == 0)
                {
                    good.Execute("INSERT INTO sqlite_sequence (name, seq) VALUES ($table, $last)", ("$table", table), ("$last", last));
                }
            }
        }
        catch (SqliteException)
        {
            // Then they go on from the highest that was saved.
        }
    }

    private static List<string> Tables(SqliteConnection connection) => connection.Query(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*' ORDER BY rowid", reader => reader.GetString(0));

    private void Require(SqliteConnection good, string check, string? answer)
    {
        if (good.Scalar(check) is var found && !Equals(found, answer))
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.InternalError,
                $"What was saved of the store '{_path}' does not fit together ({found}). The store was left as it was.",
                _path,
                "Keep the store and report this. To work on meanwhile, move it away: a new one is made.");
        }
    }

    /// <summary>Keeps the old file and its log under a dated name, each whole or not at all. The store itself is untouched by it.</summary>
    private string Keep(StoreHold hold)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{_path}{KeptMark}{DateTime.Now:yyyyMMdd-HHmmss-fff}");
        var part = Path.Combine(_workFolder, "kept.db");
        if (File.Exists(_path + "-wal"))
        {
            PrivateFile.Copy(_path + "-wal", part);
            File.Move(part, name + "-wal");
        }

        hold.CopyTo(part);
        File.Move(part, name);
        return name;
    }

    /// <summary>
    /// From here on the good file counts. The old log goes first: SQLite would take it for one of the new file. Who waits for the old file
    /// meanwhile sees then that it has moved; on Windows an open file cannot be replaced, and who comes in between sees the good one.
    /// </summary>
    private void PutInPlace(StoreHold? hold)
    {
        if (OperatingSystem.IsWindows())
        {
            hold?.Dispose();
        }

        File.Delete(_path + "-wal");
        File.Delete(_path + "-shm");
        File.Move(_location.RepairedPath, _path, overwrite: true);
    }

    private ClaudeTaskException InUse(string what, string fix) =>
        new(ClaudeTaskErrorId.StoreBusy, $"The store '{_path}' is not repaired now. {what}", _path, fix);

    private static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ConnectionString);
        connection.Open();
        Database.AddFunctions(connection);
        return connection;
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
