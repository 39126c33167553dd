using System.Diagnostics;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests.Faults;

/// <summary>
/// A machine that went down and came up again: its locks lie there and nobody holds them, its process numbers belong to others.
/// </summary>
public sealed class RestartTests : IDisposable
{
    private readonly ProcessesFixture _processes = new();

    [Fact]
    public void After_a_restart_of_the_machine_a_task_is_taken_over_and_who_has_its_numbers_now_is_left_alone()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Boot ids, and cookies in /proc.");
        _processes.Front.StartRun(_processes.Repository.Root, Steps(
            Says("I begin."), Write("half.txt", "half\n"), Step("signalFile", _processes["reached"]), """{"hang":true}"""));
        _processes.Reach("reached");
        var task = _processes.Engine.Get(1);
        Until.True(() => _processes.Engine.ReadEvents(1, [ClaudeTaskEventKind.Message], default).Any(), "its line is stored");
        _processes.Forget();
        var locks = Directory.GetFiles(Path.Combine(Path.GetDirectoryName(_processes.StorePath)!, "workers"));
        ProcessesFixture.Kill(_processes.Front.FindWorker());
        using (var tree = ProcessTree.Create(task.TaskId))
        {
            foreach (var member in tree.FindMembers())
            {
                ProcessesFixture.Kill(member.Identity);
            }
        }

        // The same numbers and times, of another boot.
        using var foreign = Process.Start("sleep", "1000");
        var other = ProcessIdentity.Of(foreign.Id)!.Value with { Boot = "00000000-0000-0000-0000-000000000000" };
        foreach (var column in new[] { "tasks SET agent_process", "workers SET process" })
        {
            StoreFixture.Scalar(_processes.StorePath, $"UPDATE {column} = '{other}' RETURNING 1");
        }

        Assert.NotEmpty(locks);
        Assert.All(locks, path => Assert.True(File.Exists(path)));
        var found = _processes.Settled(1);
        Assert.Equal((ClaudeTaskStatus.Failed, ClaudeTaskReason.WorkerLost), (found.Status, found.Reason));
        Assert.Equal("half.txt", Assert.Single(_processes.Engine.GetChanges(1)).Path);
        Assert.False(foreign.HasExited);
        foreign.Kill();
        Assert.Equal(0L, StoreFixture.Scalar(_processes.StorePath, "SELECT count(*) FROM leases"));
        Assert.All(locks, path => Assert.False(File.Exists(path)));

        _processes.Repository.Commit("What was left");
        Assert.Equal(0, _processes.Front.StartRun(_processes.Repository.Root, Steps(Says("next"))).WaitForExit());
    }

    public void Dispose() => _processes.Dispose();
}
