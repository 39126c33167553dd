using System.IO.Compression;
using System.Text;
using ClaudeTasks.Model;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Store;

/// <summary>The files a task changed, then those that others did, and all their patches, compressed as one.</summary>
internal static class ChangeTable
{
    public static void Save(SqliteConnection connection, int task, IReadOnlyList<FileDiff> files)
    {
        connection.Execute("DELETE FROM changes WHERE task_id = $task", ("$task", task));
        connection.Execute("DELETE FROM binary_patches WHERE task_id = $task", ("$task", task));
        for (var i = 0; i < files.Count; i++)
        {
            var change = files[i].Change;
            connection.Execute(
                """
                INSERT INTO changes (task_id, ordinal, path, old_path, kind, additions, deletions, is_binary, old_mode, new_mode,
                    old_hash, new_hash, old_size, new_size, is_over_limit, patch_length, source)
                VALUES ($task, $ordinal, $path, $oldPath, $kind, $additions, $deletions, $binary, $oldMode, $newMode,
                    $oldHash, $newHash, $oldSize, $newSize, $overLimit, $length, $source)
                """,
                ("$task", task),
                ("$ordinal", i),
                ("$path", change.Path),
                ("$oldPath", change.OldPath),
                ("$kind", (int)change.Kind),
                ("$additions", change.Additions),
                ("$deletions", change.Deletions),
                ("$binary", change.IsBinary),
                ("$oldMode", change.OldMode),
                ("$newMode", change.NewMode),
                ("$oldHash", change.OldHash),
                ("$newHash", change.NewHash),
                ("$oldSize", change.OldSize),
                ("$newSize", change.NewSize),
                ("$overLimit", change.IsOverLimit),
                ("$length", files[i].Patch.Length),
                ("$source", (int)change.Source));
            if (files[i].BinaryPatch is { } binary)
            {
                connection.Execute(
                    "INSERT INTO binary_patches (task_id, ordinal, patch) VALUES ($task, $ordinal, $patch)",
                    ("$task", task),
                    ("$ordinal", i),
                    ("$patch", Compress([binary])));
            }
        }

        connection.Execute(
            "INSERT OR REPLACE INTO diffs (task_id, patch) VALUES ($task, $patch)", ("$task", task), ("$patch", Compress(files.Select(file => file.Patch))));
        var own = files.Select(file => file.Change).Where(change => change.Source == ClaudeTaskChangeSource.Task).ToList();
        TaskTable.Set(
            connection,
            task,
            ("files_changed", own.Count),
            ("additions", own.Sum(change => change.Additions ?? 0)),
            ("deletions", own.Sum(change => change.Deletions ?? 0)));
    }

    /// <summary>The patch of the task's own files that match, in UTF-8; of all when <paramref name="matches"/> is null.</summary>
    public static byte[] ReadPatch(SqliteConnection connection, int task, Func<ClaudeTaskChange, bool>? matches)
    {
        using var whole = new MemoryStream();
        foreach (var file in ReadFiles(connection, task).Where(file => file.Change.Source == ClaudeTaskChangeSource.Task && (matches is null || matches(file.Change))))
        {
            whole.Write(file.BinaryPatch ?? file.Patch.Span);
        }

        return whole.ToArray();
    }

    public static List<ClaudeTaskChange> Read(SqliteConnection connection, int task) =>
        [.. ReadFiles(connection, task).Select(file => file.Change with { Patch = Encoding.UTF8.GetString(file.Patch.Span) })];

    private static List<FileDiff> ReadFiles(SqliteConnection connection, int task)
    {
        var patch = connection.Scalar("SELECT patch FROM diffs WHERE task_id = $task", ("$task", task)) is byte[] stored ? Decompress(stored) : [];
        var offset = 0;
        return connection.Query(
            """
            SELECT path, old_path, kind, additions, deletions, is_binary, old_mode, new_mode,
                old_hash, new_hash, old_size, new_size, is_over_limit, patch_length, binary_patches.patch, source
            FROM changes LEFT JOIN binary_patches USING (task_id, ordinal) WHERE task_id = $task ORDER BY ordinal
            """,
            reader =>
            {
                var start = offset;
                offset += reader.GetInt32(13);
                var change = new ClaudeTaskChange
                {
                    Task = task,
                    Source = (ClaudeTaskChangeSource)reader.GetInt32(15),
                    Path = reader.GetString(0),
                    OldPath = reader.Text(1),
                    Kind = (ClaudeTaskChangeKind)reader.GetInt32(2),
                    Additions = reader.Int(3),
                    Deletions = reader.Int(4),
                    IsBinary = reader.GetBoolean(5),
                    OldMode = reader.GetString(6),
                    NewMode = reader.GetString(7),
                    OldHash = reader.Text(8),
                    NewHash = reader.Text(9),
                    OldSize = reader.Long(10),
                    NewSize = reader.Long(11),
                    IsOverLimit = reader.GetBoolean(12),
                };
                return new FileDiff(change, patch.AsMemory(start..offset), reader.Bytes(14) is { } packed ? Decompress(packed) : null);
            },
            ("$task", task));
    }

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
