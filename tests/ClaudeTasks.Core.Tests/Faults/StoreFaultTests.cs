using System.Diagnostics;
using ClaudeTasks.Model;
using ClaudeTasks.Store;
using ClaudeTasks.Tests.Support;
using Microsoft.Data.Sqlite;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests.Faults;

/// <summary>
/// The store fails under a task at work, in a process of its own. Whatever it is, the files in the repository are what the agent left,
/// nothing is half committed, the agent is gone, and who asks is told why.
/// </summary>
public sealed class StoreFaultTests : IDisposable
{
    private const int ExitCodeOfAnError = 2;
    private const int ExitCodeOfAFailedTask = 3;

    private readonly ProcessesFixture _processes = new();

    private string Home => Path.GetDirectoryName(_processes.StorePath)!;

    /// <summary>Leaves a file, waits for the test, then prints more than a little and never ends.</summary>
    private string HalfDone => Steps(
        Write("half.txt", "half\n"),
        Pause(_processes["reached"], _processes["go on"]),
        Says(new string('x', 300_000)),
        Says(new string('y', 300_000)),
        Says("more"),
        """{"hang":true}""");

    [Fact]
    public void A_full_disk()
    {
        using var disk = SmallDisk.Mount(Home, 12 * 1024, _processes.Forget);
        var (run, task) = Begin();
        disk.Fill();

        RequireCleanEnd(run, task);

        Assert.Contains("the disk is full", run.Error, StringComparison.Ordinal);
        Assert.Contains(StoreFixture.Check(Home), check => check is { Name: "Room", Passed: false });
        Assert.Equal(["Pending", "PreFlight"], _processes.Engine.ReadEvents(1, [], default).Select(item => item.Text).Take(2));
        disk.Empty();
        RequireToldAndGoesOn("the disk is full");
    }

    [Fact]
    public void A_store_that_was_deleted()
    {
        var (run, task) = Begin();
        foreach (var file in Directory.GetFiles(Home, "tasks.db*"))
        {
            File.Delete(file);
        }

        RequireCleanEnd(run, task);

        Assert.Contains("deleted, moved or replaced", run.Error, StringComparison.Ordinal);
        Assert.Throws<ClaudeTaskException>(() => _processes.Engine.Get(1));
        _processes.Forget();
        _processes.Repository.Commit("What was left");
        Assert.Equal(0, _processes.Front.StartRun(_processes.Repository.Root, Steps()).WaitForExit());
    }

    [Fact]
    public void A_store_whose_whole_folder_was_deleted()
    {
        var (run, task) = Begin();
        Directory.Delete(Home, recursive: true);

        RequireCleanEnd(run, task);

        Assert.False(Directory.Exists(Home));
        _processes.Forget();
    }

    [Fact]
    public void A_store_that_was_replaced_by_another()
    {
        using var other = new StoreFixture();
        StoreFixture.AddTask(other.Open());
        other.CloseAll();
        var before = File.ReadAllBytes(other.DatabasePath);
        var (run, task) = Begin();
        File.Delete(_processes.StorePath + "-wal");
        File.Delete(_processes.StorePath + "-shm");
        File.Copy(other.DatabasePath, _processes.StorePath + ".new");
        File.Move(_processes.StorePath + ".new", _processes.StorePath, overwrite: true);

        RequireCleanEnd(run, task);

        // Nothing of the old store's got into the new one.
        _processes.Forget();
        Assert.Equal("Do it", _processes.Engine.Get(1).Prompt);
        Assert.Single(_processes.Engine.ReadEvents(1, [], default));
        Assert.Equal(before.Length, new FileInfo(_processes.StorePath).Length);
    }

    [Fact]
    public void Permissions_that_were_lost()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Unix modes.");
        Assert.SkipUnless(_processes.Front.DropPrivileges(), "This user may do everything, and setpriv is not there to change that.");
        var (run, task) = Begin();
        Assert.Single(_processes.Engine.ReadEvents(1, [ClaudeTaskEventKind.ToolUse], default));
        var folders = Directory.GetDirectories(Home).Append(Home).ToList();
        Directory.GetFiles(Home, "tasks.db*").ToList().ForEach(file => UnixMode.Set(file, "000"));
        folders.ForEach(folder => UnixMode.Set(folder, "500"));

        // What is open stays open; whoever comes now is refused.
        var late = _processes.Front.StartRun(_processes.Repository.Root, Steps());
        Assert.Equal(ExitCodeOfAnError, late.WaitForExit());
        Assert.Contains(_processes.StorePath, late.Error, StringComparison.Ordinal);
        folders.ForEach(folder => UnixMode.Set(folder, "700"));
        Directory.GetFiles(Home, "tasks.db*").ToList().ForEach(file => UnixMode.Set(file, "600"));

        Assert.Equal("half\n", File.ReadAllText(_processes.Repository["half.txt"]));
        Assert.True(_processes.Engine.RequestStop(1));
        Assert.Equal(ClaudeTaskStatus.Cancelled, _processes.Settled(1).Status);
        Assert.NotEqual(0, run.WaitForExit());
        Assert.Empty(ProcessesFixture.Bearers(task));
    }

    [Fact]
    public void A_store_that_may_only_be_read()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Unix modes.");
        Assert.SkipUnless(_processes.Front.DropPrivileges(), "This user may do everything, and setpriv is not there to change that.");
        Assert.Equal(0, _processes.Front.StartRun(_processes.Repository.Root, Steps()).WaitForExit());
        UnixMode.Set(_processes.StorePath, "400");
        UnixMode.Set(Home, "500");

        var run = _processes.Front.StartRun(_processes.Repository.Root, Steps(Write("never", "")));

        Assert.Equal(ExitCodeOfAnError, run.WaitForExit());
        Assert.Contains($"The store '{_processes.StorePath}' cannot be used", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_processes.Repository["never"]));
        UnixMode.Set(Home, "700");
        UnixMode.Set(_processes.StorePath, "600");
    }

    [Fact]
    public void A_page_that_was_damaged_under_a_task()
    {
        var (run, task) = Begin();
        StoreFixture.Scalar(_processes.StorePath, "PRAGMA wal_checkpoint(TRUNCATE)");
        StoreFixture.Zero(_processes.StorePath, "events");

        RequireCleanEnd(run, task);

        Assert.Contains("Repair-ClaudeTaskStore", run.Error, StringComparison.Ordinal);
        _processes.Forget();
        var location = StoreFixture.InHome(Home, StoreLocation.Find);
        var repair = Until.Found(() => TryRepair(location), "nobody uses the store any more, and it is repaired");
        Assert.Null(Assert.Single(repair.Tables, table => table.Name == "events").Lost);
        Assert.Equal(task.TaskId, _processes.Engine.Get(1).TaskId);
        RequireToldAndGoesOn("is damaged");
    }

    [Fact]
    public void A_store_that_another_process_holds_for_long()
    {
        var run = _processes.Front.StartRun(
            _processes.Repository.Root,
            Steps(Write("half.txt", "half\n"), Pause(_processes["reached"], _processes["go on"]), Says("one"), Says("two")));
        _processes.Reach("reached");
        using (var other = new SqliteConnection($"Data Source={_processes.StorePath};Pooling=False"))
        {
            other.Open();
            other.Execute("BEGIN EXCLUSIVE");
            File.WriteAllText(_processes["go on"], "");
            var late = _processes.Front.StartRun(_processes.Repository.Root, Steps());
            Assert.Contains(
                StoreFixture.Check(Home),
                check => check is { Name: "Writing", Passed: false } && check.Detail.Contains("held", StringComparison.Ordinal));
            Thread.Sleep(TimeSpan.FromSeconds(LongMode.Of(1, 60)));
            Assert.Equal(["Pending", "PreFlight"], _processes.Engine.ReadEvents(1, [], default).Select(item => item.Text).Take(2));
            other.Execute("ROLLBACK");
        }

        Assert.Equal(0, run.WaitForExit());
        Assert.Equal(ClaudeTaskStatus.WaitingApproval, _processes.Settled(1).Status);
        Assert.Equal(["one", "two"], _processes.Engine.ReadEvents(1, [ClaudeTaskEventKind.Message], default).Select(item => item.Text));
        Until.True(() => _processes.Engine.Query(new TaskQuery()).Count() == 2, "who came meanwhile had its turn");
        Assert.True(_processes.Engine.RequestStop(2));
    }

    [Theory]
    [InlineData("EDQUOT")]
    [InlineData("EIO")]
    public void A_write_that_the_kernel_refuses(string code)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/strace"), "strace is not there, which makes the kernel refuse.");
        var (run, task) = Begin();
        using (var strace = Process.Start(new ProcessStartInfo(
            "strace",
            [
                "-f", "-qq", "-o", _processes["trace"], "--trace=pwrite64", $"--inject=pwrite64:error={code}",
                "-p", $"{_processes.Front.FindWorker().Pid}"
            ])
        { RedirectStandardError = true })!)
        {
            var worker = _processes.Front.FindWorker();
            Until.True(() => strace.HasExited || IsTraced(worker.Pid), "the worker is traced");
            Assert.SkipWhen(strace.HasExited, "Tracing a process is not allowed here.");
            RequireCleanEnd(run, task, ExitCodeOfAFailedTask);
            strace.WaitForExit();
        }

        Assert.Contains(code, File.ReadAllText(_processes["trace"]), StringComparison.Ordinal);

        // Only the worker was refused: whoever waits for it takes over.
        Assert.Equal(
            (ClaudeTaskStatus.Failed, ClaudeTaskReason.WorkerLost), (_processes.Engine.Get(1).Status, _processes.Engine.Get(1).Reason));
        Assert.Equal("half.txt", Assert.Single(_processes.Engine.GetChanges(1)).Path);
    }

    [Fact]
    public void A_disk_that_takes_its_time()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/strace"), "strace is not there, which makes each write and flush slow.");
        var delay = LongMode.Of(5_000, 100_000);
        _processes.Front.Through =
        [
            "strace", "-f", "-qq", "-o", "/dev/null", "--trace=pwrite64,fdatasync,fsync",
            $"--inject=pwrite64,fdatasync,fsync:delay_enter={delay}"
        ];
        string[] lines = [.. Enumerable.Range(1, 50).Select(i => $"line {i}")];

        var run = _processes.Front.StartRun(_processes.Repository.Root, Steps([Write("a.txt", "a\n"), .. lines.Select(Says)]));

        Assert.Equal((0, ""), (run.WaitForExit(), run.Error));
        Assert.Equal(lines, _processes.Engine.ReadEvents(1, [ClaudeTaskEventKind.Message], default).Select(item => item.Text));
        Assert.Equal(ClaudeTaskStatus.WaitingApproval, _processes.Engine.Get(1).Status);
    }

    [Fact]
    public void A_log_that_a_killed_worker_left()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Signals.");
        var (run, task) = Begin();
        Until.True(() => _processes.Engine.ReadEvents(1, [ClaudeTaskEventKind.ToolUse], default).Any(), "what it did is stored");
        run.Kill();
        ProcessesFixture.Kill(_processes.Front.FindWorker());
        using var copy = new StoreFixture();
        copy.Prepare();
        File.Copy(_processes.StorePath, copy.DatabasePath, overwrite: true);
        File.Copy(_processes.StorePath + "-wal", copy.DatabasePath + "-wal");

        var check = Assert.Single(StoreFixture.Check(copy.Home), check => check.Name == "Log");
        Assert.Contains("are in its log", check.Detail, StringComparison.Ordinal);
        Assert.Contains(StoreFixture.Check(copy.Home), check => check is { Name: "Workers", Passed: false });
        Assert.Equal(task.TaskId, copy.Open().Read(connection => TaskTable.Find(connection, 1))!.Task.TaskId);
        Assert.Equal(ClaudeTaskReason.WorkerLost, _processes.Settled(1).Reason);
        Assert.Equal("half\n", File.ReadAllText(_processes.Repository["half.txt"]));
    }

    [Fact]
    public void An_approval_whose_last_word_a_full_disk_swallows_is_finished_later()
    {
        using var disk = SmallDisk.Mount(Home, 12 * 1024, _processes.Forget);
        Assert.Equal(0, _processes.Front.StartRun(_processes.Repository.Root, Steps(Write("a.txt", "a\n"))).WaitForExit());
        _processes.Settled(1);
        var hook = Path.Combine(_processes.Repository.Root, ".git", "hooks", "post-commit");
        File.WriteAllText(hook, $"#!/bin/sh\ndd if=/dev/zero of='{Home}/filler' bs=4k 2>/dev/null || true\n");
        UnixMode.Set(hook, "755");

        var error = Assert.Throws<ClaudeTaskException>(() => _processes.Engine.Approve(1, null, _ => true, force: false));

        Assert.Equal(ClaudeTaskErrorId.StoreUnusable, error.ErrorId);
        File.Delete(hook);
        disk.Empty();
        Assert.Equal("a\n", File.ReadAllText(_processes.Repository["a.txt"]));
        try
        {
            // The next look at the decision brings it to its end.
            _processes.Engine.Approve(1, null, _ => true, force: false);
        }
        catch (ClaudeTaskException e)
        {
            Assert.Equal(ClaudeTaskErrorId.TaskStateConflict, e.ErrorId);
        }

        Assert.Equal(ClaudeTaskStatus.Completed, _processes.Engine.Get(1).Status);
        Assert.Equal("2", _processes.Repository.Git("rev-list", "--count", "HEAD").Trim());
        Assert.Equal("", _processes.Repository.Git("status", "--short").Trim());
    }

    public void Dispose() => _processes.Dispose();

    private (FrontEndProcess Run, ClaudeTask Task) Begin()
    {
        var run = _processes.Front.StartRun(_processes.Repository.Root, HalfDone);
        _processes.Reach("reached");
        return (run, _processes.Engine.Get(1));
    }

    private static ClaudeTaskStoreRepair? TryRepair(StoreLocation location)
    {
        try
        {
            return StoreRepair.Run(location, () => { });
        }
        catch (ClaudeTaskException e) when (e.ErrorId == ClaudeTaskErrorId.StoreBusy)
        {
            return null;
        }
    }

    private static bool IsTraced(int pid) => !File.ReadAllText($"/proc/{pid}/status").Contains("TracerPid:\t0\n", StringComparison.Ordinal);

    /// <summary>Lets the agent go on with the store as it is now, and looks at what is left when all have ended.</summary>
    private void RequireCleanEnd(FrontEndProcess run, ClaudeTask task, int exitCode = ExitCodeOfAnError)
    {
        File.WriteAllText(_processes["go on"], "");
        Assert.Equal(exitCode, run.WaitForExit());
        Until.True(() => ProcessesFixture.Bearers(task).Count == 0, "the agent is gone");
        Assert.Equal("half\n", File.ReadAllText(_processes.Repository["half.txt"]));
        Assert.Equal("?? half.txt", _processes.Repository.Git("status", "--short").Trim());
        Assert.Equal("1", _processes.Repository.Git("rev-list", "--count", "HEAD").Trim());
    }

    private void RequireToldAndGoesOn(string reason)
    {
        var task = _processes.Settled(1);
        Assert.Equal(ClaudeTaskStatus.Failed, task.Status);
        Assert.Contains(reason, task.ReasonText, StringComparison.Ordinal);
        Assert.Equal("half.txt", Assert.Single(_processes.Engine.GetChanges(1)).Path);
        _processes.Repository.Commit("What was left");
        Assert.Equal(0, _processes.Front.StartRun(_processes.Repository.Root, Steps()).WaitForExit());
    }
}
