using System.Security.Cryptography;
using System.Text;
using ClaudeTasks.Model;
using ClaudeTasks.Store;
using ClaudeTasks.Tests.Support;

namespace ClaudeTasks.Tests;

public sealed class EventLogTests : IDisposable
{
    private readonly StoreFixture _store = new();

    public static TheoryData<string> Raws => ["", "00", "0000", "FF", "C3", "EDA0BD", "61FF0062", "F09F9880", "0D", "EFBBBF7B7D"];

    [Theory]
    [MemberData(nameof(Raws))]
    public void Bytes_are_kept_as_they_came(string hex)
    {
        var database = _store.Open();
        var task = StoreFixture.AddTask(database);
        var raw = Convert.FromHexString(hex);

        database.Write(connection => EventLog.Append(connection, task, new EventDraft(ClaudeTaskEventKind.Unknown, null, raw)));

        var item = StoreFixture.Events(database, task)[^1];
        Assert.Equal(raw, item.GetRawBytes());
        Assert.Equal(Encoding.UTF8.GetString(raw), item.Raw);
        Assert.Equal(item.Raw, item.Text);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("nul \0 inside")]
    [InlineData("two\nlines\r\n")]
    [InlineData("😀 修正")]
    [InlineData("")]
    public void Text_is_kept_as_it_was(string text)
    {
        var database = _store.Open();
        var task = StoreFixture.AddTask(database);

        database.Write(connection => EventLog.Append(connection, task, new EventDraft(ClaudeTaskEventKind.Message, text)));

        var item = StoreFixture.Events(database, task)[^1];
        Assert.Equal(text, item.Text);
        Assert.Null(item.Raw);
        Assert.Null(item.GetRawBytes());
    }

    [Fact]
    public void The_newest_are_read_in_order_however_many_came_before_them()
    {
        var database = _store.Open();
        var (other, task) = (StoreFixture.AddTask(database), StoreFixture.AddTask(database));
        database.Write(connection => EventLog.Append(
            connection,
            task,
            [
                .. Enumerable.Range(1, 50).Select(number => new EventDraft(
                    number % 2 == 0 ? ClaudeTaskEventKind.Message : ClaudeTaskEventKind.Protocol, $"{number}"))
            ]));
        database.Write(connection => EventLog.Append(connection, other, new EventDraft(ClaudeTaskEventKind.Message, "another's")));

        var newest = Read(3, 0);
        Assert.Equal(["46", "48", "50"], newest.Select(item => item.Text));
        Assert.Equal(["48", "50"], Read(3, newest[0].Seq).Select(item => item.Text));
        Assert.Empty(Read(3, newest[2].Seq));

        List<ClaudeTaskEvent> Read(int count, int after) =>
            database.Read(connection => EventLog.ReadNewest(connection, task, Guid.Empty, after, [ClaudeTaskEventKind.Message], count));
    }

    [Fact]
    public void Half_a_character_in_the_text_does_not_break_the_log()
    {
        var database = _store.Open();
        var task = StoreFixture.AddTask(database);

        database.Write(connection => EventLog.Append(connection, task, new EventDraft(ClaudeTaskEventKind.Message, "a\ud83db")));

        Assert.Equal("a\ufffdb", StoreFixture.Events(database, task)[^1].Text);
    }

    [Fact]
    public void Numbers_have_no_gap_and_each_writers_order_stays_whoever_writes()
    {
        var (first, second) = (_store.Open(), _store.Open());
        int[] tasks = [StoreFixture.AddTask(first), StoreFixture.AddTask(first)];
        using (var one = new EventWriter(first))
        using (var two = new EventWriter(second))
        {
            EventWriter[] writers = [one, one, two, two];
            Parallel.For(0, writers.Length, new ParallelOptions { MaxDegreeOfParallelism = 4 }, writer =>
            {
                for (var i = 0; i < 500; i++)
                {
                    writers[writer].Append(tasks[i % 2], new EventDraft(ClaudeTaskEventKind.Message, $"{writer} {i}"));
                }
            });
        }

        foreach (var task in tasks)
        {
            var events = StoreFixture.Events(first, task);
            Assert.Equal(Enumerable.Range(1, 1001), events.Select(item => item.Seq));
            foreach (var writer in events.Skip(1)
                .Select(item => item.Text.Split(' '))
                .GroupBy(parts => parts[0], parts => int.Parse(parts[1])))
            {
                Assert.Equal(250, writer.Count());
                Assert.Equal(writer.Order(), writer);
            }
        }
    }

    [Fact]
    public async Task A_flush_ends_when_all_is_stored_and_visible_to_others()
    {
        var (writing, reading) = (_store.Open(), _store.Open());
        var task = StoreFixture.AddTask(writing);
        using var writer = new EventWriter(writing);
        var line = Encoding.UTF8.GetBytes(new string('x', 100));
        for (var i = 0; i < 100_000; i++)
        {
            writer.Append(task, new EventDraft(ClaudeTaskEventKind.Message, null, line));
        }

        await writer.FlushAsync();

        Assert.Equal(100_001L, reading.Read(connection => connection.Scalar("SELECT count(*) FROM events")));
        Assert.Equal(100_001, StoreFixture.Events(reading, task)[^1].Seq);
    }

    [Fact]
    public void Lines_that_together_are_larger_than_the_queue_all_arrive()
    {
        var database = _store.Open();
        var task = StoreFixture.AddTask(database);
        using (var writer = new EventWriter(database))
        {
            for (var i = 0; i < 8; i++)
            {
                var line = new byte[6 * 1024 * 1024];
                Array.Fill(line, (byte)i);
                writer.Append(task, new EventDraft(ClaudeTaskEventKind.Unknown, null, line));
            }
        }

        var events = StoreFixture.Events(database, task);
        Assert.Equal(9, events.Count);
        Assert.All(events.Skip(1), item => Assert.True(item.GetRawBytes()!.All(value => value == item.Seq - 2)));
    }

    [Fact]
    public async Task A_store_that_fails_is_told_to_who_appends_and_who_flushes()
    {
        var database = _store.Open();
        using var writer = new EventWriter(database);
        database.Dispose();

        // The first is taken in before its failure is known.
        writer.Append(1, new EventDraft(ClaudeTaskEventKind.Message, "lost"));

        await Assert.ThrowsAnyAsync<Exception>(writer.FlushAsync);
        Assert.Equal(
            ClaudeTaskErrorId.StoreUnusable,
            Assert.Throws<ClaudeTaskException>(() => writer.Append(1, new EventDraft(ClaudeTaskEventKind.Message, "refused"))).ErrorId);
    }

    /// <summary>The numbers of what follows a hole would say that there is none.</summary>
    [Fact]
    public void Behind_an_event_that_could_not_be_stored_there_is_none()
    {
        var database = _store.Open();
        var task = StoreFixture.AddTask(database);
        database.Write(connection => connection.RunScript(
            "CREATE TRIGGER refusal BEFORE INSERT ON events WHEN NEW.text = 'refused' BEGIN SELECT RAISE(ABORT, 'refused'); END"));
        using (var writer = new EventWriter(database))
        using (var holder = database.OpenConnection())
        using (StoreTransaction.BeginWriting(holder))
        {
            writer.Append(task, new EventDraft(ClaudeTaskEventKind.Message, "refused"));
            for (var i = 0; i < 10_000; i++)
            {
                writer.Append(task, new EventDraft(ClaudeTaskEventKind.Message, "behind it"));
            }
        }

        Assert.Equal("Pending", Assert.Single(StoreFixture.Events(database, task)).Text);
    }

    [Fact]
    public void A_long_line_takes_less_room_than_it_has_and_is_read_byte_for_byte()
    {
        var database = _store.Open();
        var task = StoreFixture.AddTask(database);
        byte[][] lines =
        [
            .. new[] { 0, 1, 1023, 1024, 1025, 300_000 }.SelectMany(
                size => new[] { new byte[size], RandomNumberGenerator.GetBytes(size), Encoding.UTF8.GetBytes(new string('é', size)) }),
        ];

        using (var writer = new EventWriter(database))
        {
            foreach (var line in lines)
            {
                writer.Append(task, new EventDraft(ClaudeTaskEventKind.Unknown, null, line));
            }
        }

        var stored = database.Read(connection => EventLog.Read(connection, task, Guid.Empty, 0, [ClaudeTaskEventKind.Unknown]));
        Assert.Equal(lines, stored.Select(item => item.GetRawBytes()!));
        Assert.True(
            database.Read(connection => (long)connection.Scalar("SELECT sum(length(raw)) FROM events")!)
                < lines.Sum(line => line.Length) / 2);
    }

    [Fact]
    public void A_log_that_grew_while_somebody_read_is_cut_again()
    {
        const int Large = 17 << 20;
        var database = _store.Open();
        var task = StoreFixture.AddTask(database);
        var log = new FileInfo(_store.DatabasePath + "-wal");
        database.Read(connection =>
        {
            using var transaction = StoreTransaction.BeginReading(connection);
            var count = connection.Scalar("SELECT count(*) FROM events");
            database.Write(other => EventLog.Append(
                other, task, new EventDraft(ClaudeTaskEventKind.Unknown, null, RandomNumberGenerator.GetBytes(Large))));
            return count;
        });
        log.Refresh();
        Assert.True(log.Length > Large);

        for (var i = 0; i < 64; i++)
        {
            database.Write(connection => EventLog.Append(connection, task, new EventDraft(ClaudeTaskEventKind.Message, "one more")));
        }

        log.Refresh();
        Assert.True(log.Length < Large, $"{log.Length}");
        Assert.Equal(
            Large,
            database.Read(connection => EventLog.Read(connection, task, Guid.Empty, 0, [ClaudeTaskEventKind.Unknown], 1))
                .Single()
                .GetRawBytes()!.Length);
    }

    [Fact]
    public void Only_the_kinds_asked_for_are_read_behind_a_number()
    {
        var database = _store.Open();
        var task = StoreFixture.AddTask(database);
        for (var i = 0; i < 10; i++)
        {
            var kind = i % 2 == 0 ? ClaudeTaskEventKind.Message : ClaudeTaskEventKind.Protocol;
            database.Write(connection => EventLog.Append(connection, task, new EventDraft(kind, $"{i}")));
        }

        var page = database.Read(connection => EventLog.Read(connection, task, Guid.Empty, 4, [ClaudeTaskEventKind.Message], 2));

        Assert.Equal([("4", 6), ("6", 8)], page.Select(item => (item.Text, item.Seq)));
    }

    public void Dispose() => _store.Dispose();
}
