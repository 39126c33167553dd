using ClaudeTasks.Model;
using ClaudeTasks.Pipeline;
using ClaudeTasks.Store;
using ClaudeTasks.Streaming;
using ClaudeTasks.Tests.Support;

namespace ClaudeTasks.Tests;

/// <summary>Tasks that others write while they are followed: all of it comes once and in order, and ends with the task.</summary>
public sealed class TaskStreamTests : IDisposable
{
    private readonly StoreFixture _store = new();
    private readonly Database _database;
    private readonly ChangeSignal _changes;
    private readonly TaskStream _stream;

    public TaskStreamTests()
    {
        _database = _store.Open();
        _changes = new ChangeSignal(_database, () => { });
        _stream = new TaskStream(_database, _changes);
    }

    [Fact]
    public async Task Two_hundred_thousand_events_that_another_process_writes_come_once_and_in_order()
    {
        const int Batches = 400;
        const int Size = 500;
        var task = AddTask();
        var other = _store.Open();
        Write(other, task, Batches / 2, Size);
        var writing = Task.Run(
            () =>
            {
                Write(other, task, Batches / 2, Size);
                End(other, task);
            },
            TestContext.Current.CancellationToken);

        var seen = Follow([task], update => update.Task.IsEnded).SelectMany(update => update.Events).Select(item => item.Seq).ToList();
        await writing;

        Assert.Equal(Enumerable.Range(1, StoreFixture.Events(_database, task.Id).Count), seen);
        Assert.True(seen.Count > Batches * Size);
    }

    [Fact]
    public void A_task_that_is_removed_while_it_is_followed_ends_and_the_others_go_on()
    {
        var (gone, other) = (AddTask(), AddTask());
        var updates = new List<ClaudeTaskUpdate>();
        foreach (var update in Follow([gone, other], update => update.Task.IsEnded))
        {
            updates.Add(update);
            if (update.Task.Id == other.Id && updates.TrueForAll(item => !item.IsRemoved))
            {
                _database.Write(connection => connection.Execute("DELETE FROM tasks WHERE id = $id", ("$id", gone.Id)));
            }
            else if (update.IsRemoved)
            {
                End(_database, other);
            }
        }

        Assert.Equal(gone.Id, Assert.Single(updates, update => update.IsRemoved).Task.Id);
        Assert.True(updates[^1].Task.IsEnded);
    }

    [Fact]
    public void Looking_back_shows_one_task_after_the_other_and_does_not_wait()
    {
        var (first, second) = (AddTask(), AddTask());
        Write(_database, second, 1, 1500);
        Write(_database, first, 1, 1500);

        var seen = Follow([second, first], _ => true).SelectMany(update => update.Events).Select(item => item.Task).ToList();

        Assert.Equal([.. Enumerable.Repeat(second.Id, 1501), .. Enumerable.Repeat(first.Id, 1501)], seen);
    }

    [Fact]
    public void A_task_without_news_is_told_again_and_again()
    {
        var task = AddTask();

        Assert.All(Follow([task], _ => false).Take(3), update => Assert.Equal(task.Id, update.Task.Id));
    }

    public void Dispose()
    {
        _changes.Dispose();
        _store.Dispose();
    }

    private IEnumerable<ClaudeTaskUpdate> Follow(IReadOnlyCollection<ClaudeTask> tasks, Func<ClaudeTaskUpdate, bool> isLast) =>
        _stream.Observe(tasks, 0, [], isLast).Pump(TestContext.Current.CancellationToken);

    private ClaudeTask AddTask()
    {
        var id = StoreFixture.AddTask(_database);
        return _database.Read(connection => TaskTable.Find(connection, id))!.Task;
    }

    private static void Write(Database database, ClaudeTask task, int batches, int size)
    {
        for (var batch = 0; batch < batches; batch++)
        {
            database.Write(connection => EventLog.Append(
                connection,
                task.Id,
                Enumerable.Range(0, size).Select(item => new EventDraft(ClaudeTaskEventKind.Message, $"line {item}"))));
        }
    }

    private static void End(Database database, ClaudeTask task) => database.Write(connection => TaskTable.Move(
        connection, task.Id, ClaudeTaskStatus.Pending, ClaudeTaskStatus.Cancelled, ClaudeTaskReason.Stopped, "Stopped."));
}
