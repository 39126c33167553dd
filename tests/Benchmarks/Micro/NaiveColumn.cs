using System.Diagnostics;
using System.Text;
using ClaudeTasks.Agent;
using ClaudeTasks.Processes;
using ClaudeTasks.Store;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Benchmarks;

/// <summary>
/// An agent's output appended to one text column, a write a chunk, beside our event log. Both get the same bytes and SQLite with the same
/// settings. The column gets ten lines in a chunk, and appends in SQLite without reading the text first, which is kind to it.
/// </summary>
internal static class NaiveColumn
{
    private const int LinesInChunk = 10;

    /// <summary>What one comparison took.</summary>
    /// <param name="Bytes">How much there was to store.</param>
    /// <param name="OursMs">Milliseconds until our log had all of it, read as lines and described as a run does.</param>
    /// <param name="TheirsMs">Milliseconds that the column was given, or took.</param>
    /// <param name="TheirsBytes">How much of it the column had then.</param>
    public sealed record Figures(long Bytes, double OursMs, double TheirsMs, long TheirsBytes);

    /// <param name="megabytes">How much to store.</param>
    /// <param name="limit">How long the column is given; 0 as long as ours took, and less than 0 as long as it takes.</param>
    public static Figures Compare(double megabytes, TimeSpan limit)
    {
        // Once small, so that neither is measured with what is compiled and made at its first use.
        var warm = AgentLines.Stream(500);
        Store(warm);
        Concatenate(warm, TimeSpan.MaxValue);

        var lines = AgentLines.Stream((int)(megabytes * 1024 * 1024 / (AgentLines.Make(0).Length + 1)));
        var ours = Store(lines);
        var (theirs, bytes) = Concatenate(lines, limit < TimeSpan.Zero ? TimeSpan.MaxValue : limit == TimeSpan.Zero ? ours : limit);
        return new Figures(lines.Length, ours.TotalMilliseconds, theirs.TotalMilliseconds, bytes);
    }

    private static TimeSpan Store(byte[] lines)
    {
        using var store = new TempStore();
        using var writer = new EventWriter(store.Database);
        var task = store.AddTask(Guid.NewGuid());
        var clock = Stopwatch.StartNew();
        var reader = new LineReader(new MemoryStream(lines));
        var messages = new MessageReader("/home/dev/repository");
        while (reader.Read() is { } line)
        {
            writer.Append(task, messages.Read(line).Event);
        }

        writer.FlushAsync().GetAwaiter().GetResult();
        return clock.Elapsed;
    }

    private static (TimeSpan Time, long Bytes) Concatenate(byte[] lines, TimeSpan limit)
    {
        var folder = Directory.CreateTempSubdirectory("ct-bench-");
        try
        {
            using var connection = new SqliteConnection($"Data Source={Path.Combine(folder.FullName, "naive.db")};Pooling=False");
            connection.Open();
            connection.RunScript(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; "
                + "CREATE TABLE t (id INTEGER PRIMARY KEY, output TEXT NOT NULL); INSERT INTO t VALUES (1, '')");
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE t SET output = output || $chunk WHERE id = 1";
            var chunk = command.Parameters.Add("$chunk", SqliteType.Text);
            var clock = Stopwatch.StartNew();
            var done = 0;
            while (done < lines.Length && clock.Elapsed < limit)
            {
                var end = EndOfChunk(lines, done);
                chunk.Value = Encoding.UTF8.GetString(lines, done, end - done);
                command.ExecuteNonQuery();
                done = end;
            }

            return (clock.Elapsed, done);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static int EndOfChunk(byte[] lines, int start)
    {
        var end = start;
        for (var i = 0; i < LinesInChunk && end < lines.Length; i++)
        {
            end += lines.AsSpan(end).IndexOf((byte)'\n') + 1;
        }

        return end;
    }
}
