using System.IO.Compression;
using System.Text;
using ClaudeTasks.Model;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Store;

/// <summary>The files a task changed, then those that others did, and all their patches, compressed as one.</summary>
internal static class ChangeTable
{
    private static readonly ColumnList Columns = new("changes");
    private static readonly Column<int> Ordinal = Columns.Int32("ordinal");
    private static readonly Column<ClaudeTaskChangeSource> Source =
        Columns.Add("source", (row, i) => (ClaudeTaskChangeSource)row.GetInt32(i));
    private static readonly Column<string> FilePath = Columns.Text("path");
    private static readonly Column<string?> OldPath = Columns.TextOrNull("old_path");
    private static readonly Column<ClaudeTaskChangeKind> Kind = Columns.Add("kind", (row, i) => (ClaudeTaskChangeKind)row.GetInt32(i));
    private static readonly Column<int?> Additions = Columns.Int32OrNull("additions");
    private static readonly Column<int?> Deletions = Columns.Int32OrNull("deletions");
    private static readonly Column<bool> IsBinary = Columns.Flag("is_binary");
    private static readonly Column<string> OldMode = Columns.Text("old_mode");
    private static readonly Column<string> NewMode = Columns.Text("new_mode");
    private static readonly Column<string?> OldHash = Columns.TextOrNull("old_hash");
    private static readonly Column<string?> NewHash = Columns.TextOrNull("new_hash");
    private static readonly Column<long?> OldSize = Columns.Int64OrNull("old_size");
    private static readonly Column<long?> NewSize = Columns.Int64OrNull("new_size");
    private static readonly Column<bool> IsOverLimit = Columns.Flag("is_over_limit");
    private static readonly Column<int> PatchLength = Columns.Int32("patch_length");

    public static void Save(SqliteConnection connection, int task, IReadOnlyList<FileDiff> files)
    {
        connection.Execute("DELETE FROM changes WHERE task_id = $task", ("$task", task));
        connection.Execute("DELETE FROM binary_patches WHERE task_id = $task", ("$task", task));
        for (var i = 0; i < files.Count; i++)
        {
            var change = files[i].Change;
            connection.Insert(
                "changes",
                ("task_id", task),
                (Ordinal.Name, i),
                (Source.Name, (int)change.Source),
                (FilePath.Name, change.Path),
                (OldPath.Name, change.OldPath),
                (Kind.Name, (int)change.Kind),
                (Additions.Name, change.Additions),
                (Deletions.Name, change.Deletions),
                (IsBinary.Name, change.IsBinary),
                (OldMode.Name, change.OldMode),
                (NewMode.Name, change.NewMode),
                (OldHash.Name, change.OldHash),
                (NewHash.Name, change.NewHash),
                (OldSize.Name, change.OldSize),
                (NewSize.Name, change.NewSize),
                (IsOverLimit.Name, change.IsOverLimit),
                (PatchLength.Name, files[i].Patch.Length));
            if (files[i].BinaryPatch is { } binary)
            {
                connection.Insert("binary_patches", ("task_id", task), ("ordinal", i), ("patch", Compress([binary])));
            }
        }

        connection.Execute(
            "INSERT OR REPLACE INTO diffs (task_id, patch) VALUES ($task, $patch)",
            ("$task", task),
            ("$patch", Compress(files.Select(file => file.Patch))));
        var own = files.Select(file => file.Change).Where(change => change.Source == ClaudeTaskChangeSource.Task).ToList();
        TaskTable.Set(
            connection,
            task,
            (TaskColumns.FilesChanged.Name, own.Count),
            (TaskColumns.Additions.Name, own.Sum(change => change.Additions ?? 0)),
            (TaskColumns.Deletions.Name, own.Sum(change => change.Deletions ?? 0)));
    }

    /// <summary>The patch of the task's own files that match, in UTF-8; of all when <paramref name="matches"/> is null.</summary>
    public static byte[] ReadPatch(SqliteConnection connection, int task, Func<ClaudeTaskChange, bool>? matches)
    {
        using var whole = new MemoryStream();
        foreach (var file in ReadFiles(connection, task).Where(
            file => file.Change.Source == ClaudeTaskChangeSource.Task && (matches is null || matches(file.Change))))
        {
            whole.Write(file.BinaryPatch ?? file.Patch.Span);
        }

        return whole.ToArray();
    }

    /// <summary>The changes with their patches.</summary>
    public static List<ClaudeTaskChange> ReadWithPatches(SqliteConnection connection, int task) =>
        [.. ReadFiles(connection, task).Select(file => file.Change with { Patch = Encoding.UTF8.GetString(file.Patch.Span) })];

    /// <summary>The changes without their patches, which can be a hundred megabytes.</summary>
    public static List<ClaudeTaskChange> Read(SqliteConnection connection, int task) =>
        Query(connection, task, row => ReadChange(row, task));

    private static List<FileDiff> ReadFiles(SqliteConnection connection, int task)
    {
        // A further turn replaces rows and patch in one transaction; read apart, one would not fit the other.
        using var moment = StoreTransaction.BeginReading(connection);
        var stored = connection.Scalar("SELECT patch FROM diffs WHERE task_id = $task", ("$task", task)) as byte[];
        var patch = stored is null ? [] : Decompress(stored);
        var binary = connection.Query(
            "SELECT ordinal, patch FROM binary_patches WHERE task_id = $task",
            row => (Ordinal: row.GetInt32(0), Patch: row.Bytes(1)!),
            ("$task", task)).ToDictionary(item => item.Ordinal, item => item.Patch);
        var offset = 0;
        return Query(connection, task, row =>
        {
            var start = offset;
            offset += PatchLength.Of(row);
            return new FileDiff(
                ReadChange(row, task),
                patch.AsMemory(start..offset),
                binary.TryGetValue(Ordinal.Of(row), out var packed) ? Decompress(packed) : null);
        });
    }

    private static List<T> Query<T>(SqliteConnection connection, int task, Func<Row, T> map) =>
        connection.Query($"SELECT {Columns.Sql} FROM changes WHERE task_id = $task ORDER BY ordinal", map, ("$task", task));

    private static ClaudeTaskChange ReadChange(Row row, int task) => new()
    {
        Task = task,
        Source = Source.Of(row),
        Path = FilePath.Of(row),
        OldPath = OldPath.Of(row),
        Kind = Kind.Of(row),
        Additions = Additions.Of(row),
        Deletions = Deletions.Of(row),
        IsBinary = IsBinary.Of(row),
        OldMode = OldMode.Of(row),
        NewMode = NewMode.Of(row),
        OldHash = OldHash.Of(row),
        NewHash = NewHash.Of(row),
        OldSize = OldSize.Of(row),
        NewSize = NewSize.Of(row),
        IsOverLimit = IsOverLimit.Of(row),
    };

    private static byte[] Compress(IEnumerable<ReadOnlyMemory<byte>> parts)
    {
        using var target = new MemoryStream();
        using (var compressor = new BrotliStream(target, CompressionLevel.Fastest))
        {
            foreach (var part in parts)
            {
                compressor.Write(part.Span);
            }
        }

        return target.ToArray();
    }

    private static byte[] Decompress(byte[] bytes)
    {
        using var source = new BrotliStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var target = new MemoryStream();
        source.CopyTo(target);
        return target.ToArray();
    }
}
