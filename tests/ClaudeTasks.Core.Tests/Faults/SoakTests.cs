using System.Diagnostics;
using System.Globalization;
using ClaudeTasks.Engine;
using ClaudeTasks.Model;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests.Faults;

/// <summary>Very many tasks through one worker: it needs for the last what it needed for the first, and so does who only reads.</summary>
public sealed class SoakTests : IDisposable
{
    private readonly ProcessesFixture _processes = new();

    [Fact]
    public void One_worker_needs_no_more_for_the_last_task_than_for_the_first()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Looks into /proc.");
        var count = LongMode.Of(30, 2000);
        var tasks = Submit(count);
        var warm = Reached(tasks[count / 5]);
        var (sizeThen, clock) = (StoreSize(), Stopwatch.StartNew());
        for (var session = 0; session < LongMode.Of(10, 200); session++)
        {
            using var reader = StoreFixture.InHome(Path.GetDirectoryName(_processes.StorePath)!, ClaudeTaskEngine.Open);
            Assert.Equal(count, reader.Query(new TaskQuery()).Count());
            Assert.NotEmpty(reader.ReadEvents(tasks[0], [], default));
        }

        var mine = Directory.GetFiles("/proc/self/fd").Count(IsOfStore);
        var middle = Reached(tasks[count / 2]);
        var half = clock.Elapsed;
        var last = Reached(tasks[count - 2]);

        LongMode.Note("soak: worker's handles after a fifth, half, all", $"{warm.Handles} {middle.Handles} {last.Handles}");
        LongMode.Note("soak: worker's threads after a fifth, half, all", $"{warm.Threads} {middle.Threads} {last.Threads}");
        LongMode.Note("soak: worker's MB after a fifth, half, all", $"{warm.Megabytes} {middle.Megabytes} {last.Megabytes}");
        LongMode.Note(
            "soak: ms a task, from a fifth to half and from half to the end",
            $"{half.TotalMilliseconds / (count * 0.3):0} {(clock.Elapsed - half).TotalMilliseconds / (count * 0.5):0}");
        LongMode.Note("soak: store's bytes a task", $"{(StoreSize() - sizeThen) / (count * 0.8):0}");
        Assert.True(last.Handles <= warm.Handles + 8, $"handles: {warm.Handles}, {middle.Handles}, {last.Handles}");
        Assert.True(last.Threads <= warm.Threads + 12, $"threads: {warm.Threads}, {middle.Threads}, {last.Threads}");
        Assert.True(last.Megabytes <= Math.Max(warm.Megabytes * 1.5, 150), $"MB: {warm.Megabytes}, {middle.Megabytes}, {last.Megabytes}");
        Assert.InRange(mine, 0, 40);

        _processes.Settled(tasks[^1]);
        Assert.All(_processes.Engine.Query(new TaskQuery()), task => Assert.Equal(ClaudeTaskStatus.Completed, task.Status));
    }

    public void Dispose() => _processes.Dispose();

    private List<int> Submit(int count)
    {
        var submission = _processes.Engine.Submit(new WorkerHost.Detached(FrontEnd.Program, worker => ["worker", worker.ToString()]));
        return [.. Enumerable.Range(0, count).Select(number => submission.Add(new ClaudeTaskRequest
        {
            Prompt = Steps(Says(string.Create(CultureInfo.InvariantCulture, $"Number {number}."))),
            Repository = _processes.Repository.Root,
            Session = "soak",
            ClaudePath = Program,
        }).Id)];
    }

    /// <summary>What the worker holds once it has come to a task.</summary>
    private Usage Reached(int task)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromHours(1));
        _processes.Engine.WaitUntil([task], item => item.IsEnded, limit.Token);
        var folder = $"/proc/{_processes.Front.FindWorker().Pid}";
        return new Usage(
            Directory.GetFiles($"{folder}/fd").Length,
            Directory.GetDirectories($"{folder}/task").Length,
            Memory(File.ReadLines($"{folder}/status")));

        static int Memory(IEnumerable<string> lines) =>
            int.Parse(
                lines.First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
                    .Split(':')[1]
                    .Replace("kB", "", StringComparison.Ordinal),
                CultureInfo.InvariantCulture) / 1024;
    }

    private bool IsOfStore(string descriptor)
    {
        try
        {
            return File.ResolveLinkTarget(descriptor, returnFinalTarget: false)?.FullName
                .StartsWith(_processes["store"], StringComparison.Ordinal) == true;
        }
        catch (FileNotFoundException)
        {
            // Other tests of this process close theirs meanwhile.
            return false;
        }
    }

    private long StoreSize() => new[] { "", "-wal" }.Sum(end => new FileInfo(_processes.StorePath + end).Length);

    private readonly record struct Usage(int Handles, int Threads, int Megabytes);
}
