using System.IO.Compression;
using System.Text;
using ClaudeTasks.Tasks;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Storage;

/// <summary>The files a task changed and the whole patch, compressed as one.</summary>
internal static class ChangeTable
{
    /// <summary>Keeps the changes of a task. The patches stand behind each other in <paramref name="patch"/>, in the order of the changes.</summary>
    public static void Save(SqliteConnection connection, int task, IReadOnlyList<(ClaudeTaskChange Change, int PatchLength)> changes, byte[] patch)
    {
        connection.Execute("DELETE FROM changes WHERE task_id = $task", ("$task", task));
        for (var i = 0; i < changes.Count; i++)
        {
            var (change, length) = changes[i];
            connection.Execute(
                """
                INSERT INTO changes (task_id, ordinal, path, old_path, kind, additions, deletions, is_binary, old_mode, new_mode, patch_length)
                VALUES ($task, $ordinal, $path, $oldPath, $kind, $additions, $deletions, $binary, $oldMode, $newMode, $length)
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
                ("$length", length));
        }

        connection.Execute("INSERT OR REPLACE INTO diffs (task_id, patch) VALUES ($task, $patch)", ("$task", task), ("$patch", Compress(patch)));
        TaskTable.Set(
            connection,
            task,
            ("files_changed", changes.Count),
            ("additions", changes.Sum(item => item.Change.Additions ?? 0)),
            ("deletions", changes.Sum(item => item.Change.Deletions ?? 0)));
    }

    /// <summary>The whole patch as git wrote it; null when the task has none.</summary>
    public static byte[]? ReadPatch(SqliteConnection connection, int task) =>
        connection.Scalar("SELECT patch FROM diffs WHERE task_id = $task", ("$task", task)) is byte[] patch ? Decompress(patch) : null;

    public static List<ClaudeTaskChange> Read(SqliteConnection connection, int task)
    {
        var patch = ReadPatch(connection, task) ?? [];
        var offset = 0;
        return connection.Query(
            """
            SELECT path, old_path, kind, additions, deletions, is_binary, old_mode, new_mode, patch_length
            FROM changes WHERE task_id = $task ORDER BY ordinal
            """,
            reader =>
            {
                var length = reader.GetInt32(8);
                var text = Encoding.UTF8.GetString(patch, offset, length);
                offset += length;
                return new ClaudeTaskChange
                {
                    Task = task,
                    Path = reader.GetString(0),
                    OldPath = reader.Text(1),
                    Kind = (ClaudeTaskChangeKind)reader.GetInt32(2),
                    Additions = reader.Int(3),
                    Deletions = reader.Int(4),
                    IsBinary = reader.GetBoolean(5),
                    OldMode = reader.GetString(6),
                    NewMode = reader.GetString(7),
                    Patch = text,
                };
            },
            ("$task", task));
    }

    private static byte[] Compress(byte[] bytes)
    {
        using var target = new MemoryStream();
        using (var compressor = new BrotliStream(target, CompressionLevel.Fastest))
        {
            compressor.Write(bytes);
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
