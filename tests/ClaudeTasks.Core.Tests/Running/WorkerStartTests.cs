using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Running;
using ClaudeTasks.Store;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests;

/// <summary>Workers that come to no good start, and what every worker writes down.</summary>
public sealed class WorkerStartTests : IDisposable
{
    private readonly ProcessesFixture _processes = new();

    [Fact]
    public void A_worker_that_died_at_its_start_says_why()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The worker is a script of a Unix shell.");
        var host = new WorkerHost.Detached("/bin/sh", _ => ["-c", "echo 'the assembly is missing' >&2; exit 3"]);
        var task = _processes.Engine.Submit(host)
            .Add(new ClaudeTaskRequest { Prompt = "Never", Repository = _processes.Repository.Root, Session = "work" });

        var held = _processes.Settled(task.Id);

        Assert.True(held.IsSuspended);
        Assert.Contains("died at its start (exit code 3: the assembly is missing)", held.ReasonText, StringComparison.Ordinal);
    }

    [Fact]
    public void A_worker_keeps_a_private_log_without_prompts()
    {
        Assert.Equal(0, _processes.Front.StartRun(_processes.Repository.Root, Steps(Says("a secret answer"))).WaitForExit());

        var log = Assert.Single(Directory.GetFiles(Path.Combine(Path.GetDirectoryName(_processes.StorePath)!, "logs"), "worker-*.log"));
        Until.True(() => File.ReadAllText(log).Contains("No task is left", StringComparison.Ordinal), "the worker has ended");
        var text = File.ReadAllText(log);
        Assert.Contains("Task 1: its run ended, the task is Completed", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Do it", text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(log) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Fact]
    public void The_log_of_a_worker_that_fails_has_its_start_and_then_the_error_that_it_printed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Open files cannot be deleted there.");
        var run = _processes.Front.StartRun(
            _processes.Repository.Root, Steps(Pause(_processes["reached"], _processes["go on"]), Says("Done.")));
        _processes.Reach("reached");
        var home = Path.GetDirectoryName(_processes.StorePath)!;
        var log = Assert.Single(Directory.GetFiles(Path.Combine(home, "logs"), "worker-*.log"));
        foreach (var file in Directory.GetFiles(home, "tasks.db*"))
        {
            File.Delete(file);
        }

        File.WriteAllText(_processes["go on"], "");

        run.WaitForExit();
        Until.True(() => File.ReadAllText(log).Contains("Unhandled exception", StringComparison.Ordinal), "the error was printed");
        Assert.Contains(" started: process ", File.ReadLines(log).First(), StringComparison.Ordinal);
        Assert.Contains("The worker gives up", File.ReadAllText(log), StringComparison.Ordinal);
    }

    [Fact]
    public void A_worker_that_is_asked_to_end_before_it_has_begun_begins_nothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Signals.");
        using var store = new StoreFixture();
        var worker = Guid.NewGuid();
        var database = store.Open();
        var id = StoreFixture.AddTask(database, _processes.Repository.Root, worker);
        database.Write(connection => WorkerTable.Add(connection, worker));
        using var front = new FrontEnd(store.Home);
        using (LockFile.TryTake(Path.Combine(store.Home, "workers", worker + ".lock")))
        {
            var process = front.Start(["worker", worker.ToString()]);
            Until.True(
                () => LinuxProc.ReadStat(process.Id) is { } stat && stat.Session == process.Id && IsCaught(process.Id),
                "the process is a worker's");
            Assert.Equal(0, NativeMethods.Kill(process.Id, NativeMethods.SigTerm));
            Until.True(() => !IsPending(process.Id), "the signal was taken");
        }

        Until.True(() => database.Read(connection => TaskTable.Find(connection, id))!.Task.IsSuspended, "the task is held");
        Assert.Null(database.Read(connection => TaskTable.Find(connection, id))!.Task.StartedAt);

        static bool IsCaught(int pid) => HasTerm(pid, "SigCgt:");
        static bool IsPending(int pid) => HasTerm(pid, "ShdPnd:");
        static bool HasTerm(int pid, string field)
        {
            try
            {
                var line = File.ReadLines($"/proc/{pid}/status").Single(line => line.StartsWith(field, StringComparison.Ordinal));
                return ((Convert.ToInt64(line[field.Length..].Trim(), 16) >> (NativeMethods.SigTerm - 1)) & 1) == 1;
            }
            catch (IOException)
            {
                // It has ended, and has no signals.
                return false;
            }
        }
    }

    [Fact]
    public async Task A_worker_that_cannot_write_to_the_store_leaves_its_lock_free()
    {
        using var store = new StoreFixture();
        var (location, database, worker) = (store.Prepare(), store.Open(), Guid.NewGuid());
        database.Write(
            connection => connection.Execute("CREATE TRIGGER refuse BEFORE UPDATE ON workers BEGIN SELECT raise(ABORT, 'no'); END"));
        database.Write(connection => WorkerTable.Add(connection, worker));

        await Assert.ThrowsAnyAsync<ClaudeTaskException>(
            () => Worker.TryStartAsync(database, location, worker, isOwnProcess: false, script: null));

        Assert.False(LockFile.IsHeld(location.LockPath(worker)));
    }

    public void Dispose() => _processes.Dispose();
}
