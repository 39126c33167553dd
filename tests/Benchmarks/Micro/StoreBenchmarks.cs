using BenchmarkDotNet.Attributes;
using ClaudeTasks.Agent;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Store;

namespace ClaudeTasks.Benchmarks;

/// <summary>What the store takes for events, tasks and their moves, and what a lock takes.</summary>
[MemoryDiagnoser]
public class StoreBenchmarks : IDisposable
{
    private const int Events = 1000;
    private const int Tasks = 100;

    private readonly Guid _guid = Guid.NewGuid();
    private TempStore _store = null!;
    private EventWriter _writer = null!;
    private EventDraft[] _drafts = [];
    private string _lock = "";
    private int _loud;
    private int _read;
    private int _moved;

    [GlobalSetup]
    public void Setup()
    {
        _store = new TempStore();
        _writer = new EventWriter(_store.Database);
        _lock = Path.Combine(_store.Folder, "some.lock");
        var messages = new MessageReader("/home/dev/repository");
        _drafts = [.. Enumerable.Range(0, Events).Select(i => messages.Read(AgentLines.Make(i)).Event)];
        var ids = Enumerable.Range(0, Tasks)
            .Select(i => _store.AddTask(i == 0 ? _guid : Guid.NewGuid(), $"/home/dev/repository-{i % 8}"))
            .ToList();
        (_read, _loud, _moved) = (ids[0], ids[1], ids[2]);
        _store.Database.Write(connection => EventLog.Append(connection, _read, _drafts));
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _writer.Dispose();
        _store.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The log grows with each; a fixed number of them keeps its size within bounds.</summary>
    [Benchmark(Description = "1,000 events appended and flushed"), InvocationCount(16)]
    public Task Append()
    {
        foreach (var draft in _drafts)
        {
            _writer.Append(_loud, draft);
        }

        return _writer.FlushAsync();
    }

    [Benchmark(Description = "1,000 events read back")]
    public int ReadEvents() => _store.Database.Read(connection => EventLog.Read(connection, _read, _guid, 0, [])).Count;

    [Benchmark(Description = "100 tasks read")]
    public int ReadTasks() => _store.Database.Read(connection => TaskSearch.Page(connection, new TaskQuery(), null, 0, Tasks, 0)).Count;

    [Benchmark(Description = "a task moved to another status, committed", OperationsPerInvoke = 2), InvocationCount(256)]
    public bool Move() =>
        Move(ClaudeTaskStatus.Pending, ClaudeTaskStatus.PreFlight) && Move(ClaudeTaskStatus.PreFlight, ClaudeTaskStatus.Pending)
            ? true
            : throw new InvalidOperationException("The task was not moved.");

    [Benchmark(Description = "a lock taken and released")]
    public void Lock() => (LockFile.TryTake(_lock) ?? throw new InvalidOperationException("The lock was held.")).Dispose();

    private bool Move(ClaudeTaskStatus from, ClaudeTaskStatus to) =>
        _store.Database.Write(connection => TaskTable.Move(connection, _moved, from, to));
}
