using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Store;

/// <summary>
/// Waits until anybody, in any process, committed something to the store. Commits of this process ring a bell; those of others are seen
/// by <c>PRAGMA data_version</c>, which costs microseconds. It blocks its thread and does not spin: who waits for minutes costs next to
/// nothing. For one waiter at a time.
/// </summary>
internal sealed class ChangeWatcher : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Where nothing has changed for a while, a look costs more than it finds: followers and workers wait for minutes.</summary>
    private static readonly TimeSpan QuietPollInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan QuietAfter = TimeSpan.FromSeconds(3);

    private readonly Database _database;
    private readonly SqliteConnection _connection;
    private readonly Statement _look;
    private readonly object _bell = new();
    private long _version;
    private long _changedAt = Stopwatch.GetTimestamp();
    private volatile bool _isWoken;
    private bool _isRung;

    public ChangeWatcher(Database database)
    {
        _database = database;
        _connection = database.OpenConnection();
        _look = new Statement(_connection, "PRAGMA data_version");
        _version = ReadVersion();
        database.Committed += Ring;
    }

    /// <summary>
    /// Blocks until something was committed since the last call, or <paramref name="limit"/> is over (false). Look at the store after the
    /// watcher was made and before the first call, and nothing is missed.
    /// </summary>
    /// <param name="limit">How long at most.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <param name="pause">How long not to look at all, for who is in no hurry; commits of this process end that too.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public bool Wait(TimeSpan limit, CancellationToken cancellation, TimeSpan pause = default)
    {
        using var registration = cancellation.UnsafeRegister(_ => Ring(), null);
        var deadline = DateTime.UtcNow + limit;
        if (pause > TimeSpan.Zero)
        {
            Listen(pause, cancellation);
        }

        while (!HasChanged())
        {
            var rest = deadline - DateTime.UtcNow;
            if (rest <= TimeSpan.Zero)
            {
                return false;
            }

            Listen(rest < Interval ? rest : Interval, cancellation);
        }

        return true;
    }

    /// <summary>Ends a wait as a change would. May be called from any thread, also after the end.</summary>
    public void Wake()
    {
        _isWoken = true;
        Ring();
    }

    public void Dispose()
    {
        _database.Committed -= Ring;
        _look.Dispose();
        _connection.Dispose();
    }

    private TimeSpan Interval => Stopwatch.GetElapsedTime(_changedAt) > QuietAfter ? QuietPollInterval : PollInterval;

    private void Listen(TimeSpan limit, CancellationToken cancellation)
    {
        lock (_bell)
        {
            if (!_isRung)
            {
                Monitor.Wait(_bell, (int)Math.Ceiling(limit.TotalMilliseconds));
            }

            _isRung = false;
        }

        cancellation.ThrowIfCancellationRequested();
    }

    private bool HasChanged()
    {
        var version = ReadVersion();
        if (version == _version && !_isWoken)
        {
            return false;
        }

        (_version, _isWoken, _changedAt) = (version, false, Stopwatch.GetTimestamp());
        return true;
    }

    private long ReadVersion() => _database.Guarded(() =>
    {
        _look.Step();
        var version = _look.Row.GetInt64(0);
        _look.Reset();
        return version;
    });

    private void Ring()
    {
        lock (_bell)
        {
            _isRung = true;
            Monitor.Pulse(_bell);
        }
    }
}
