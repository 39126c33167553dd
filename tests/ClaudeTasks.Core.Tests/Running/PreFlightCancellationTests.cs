using System.Globalization;
using ClaudeTasks.Engine;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests;

/// <summary>Checks that are cancelled while a program works for them. The program has ended when the call ends.</summary>
public sealed class PreFlightCancellationTests : IDisposable
{
    private readonly EngineFixture _engine = new();

    public PreFlightCancellationTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "Scripts, and marks in /proc.");

    /// <summary>A command that leaves the ID of its process in the file "pid".</summary>
    private string WritePid => $"echo $$ > '{_engine["pid.new"]}'; mv '{_engine["pid.new"]}' '{_engine["pid"]}'";

    [Theory]
    [InlineData("", "sleep 1000")]
    [InlineData("test \"$1\" = --version && exec echo 2.1.0", "cat > /dev/null")]
    public async Task A_cancelled_check_ends_the_agent(string first, string then)
    {
        File.WriteAllText(_engine["fake"], $"#!/bin/sh\n{first}\n{WritePid}; {then}\n");
        UnixMode.Set(_engine["fake"], "755");

        await AssertEndsWhenCancelledAsync(_engine["fake"]);
    }

    [Fact]
    public async Task A_cancelled_check_ends_git()
    {
        AddSlowFilter("clean");
        _engine.Repository.Write("a.txt", "two\n");

        await AssertEndsWhenCancelledAsync(Program);
    }

    [Fact]
    public void A_task_that_is_stopped_during_its_checks_ends_git()
    {
        AddSlowFilter("clean");
        _engine.Repository.Write("a.txt", "two\n");

        var task = StopWhileGitWaits(_engine.Request(Steps(Says("Never."))));

        Assert.Equal((ClaudeTaskStatus.Cancelled, ClaudeTaskReason.Stopped), (task.Status, task.Reason));
    }

    [Fact]
    public void A_task_that_is_stopped_while_its_work_tree_is_made_leaves_none()
    {
        AddSlowFilter("smudge");

        var task = StopWhileGitWaits(_engine.Request(Steps(Says("Never."))) with { Worktree = true });

        Assert.Equal((ClaudeTaskStatus.Cancelled, ClaudeTaskReason.Stopped), (task.Status, task.Reason));
        Until.True(() => !Directory.Exists(task.Worktree), "the work tree is gone");
        Until.True(() => _engine.Repository.Git("branch", "--list", "claude-task/*") == "", "the branch is gone");
        Assert.Single(_engine.Repository.Git("worktree", "list").Split('\n'));
    }

    public void Dispose() => _engine.Dispose();

    /// <summary>Commits a file that git can read or write only through a filter that never ends.</summary>
    private void AddSlowFilter(string direction)
    {
        _engine.Repository.Write(".gitattributes", "*.txt filter=slow\n");
        _engine.Repository.Write("a.txt", "one\n");
        _engine.Repository.Commit("A file with a filter");
        _engine.Repository.Git("config", "filter.slow." + direction, $"{WritePid}; sleep 1000");
    }

    private async Task AssertEndsWhenCancelledAsync(string claude)
    {
        using var stop = new CancellationTokenSource();
        var checks = Prerequisites.CheckAsync(_engine.Repository.Root, claude, stop.Token);
        var program = WaitForPid();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => checks);
        Assert.False(program.IsAlive);
    }

    private ClaudeTask StopWhileGitWaits(ClaudeTaskRequest request)
    {
        var id = _engine.Start(request).Id;
        var filter = WaitForPid();
        Assert.True(_engine.Engine.RequestStop(id));
        var task = _engine.Settled(id);
        Assert.False(filter.IsAlive);
        return task;
    }

    private ProcessIdentity WaitForPid()
    {
        Until.True(() => File.Exists(_engine["pid"]), "the program has begun");
        return ProcessIdentity.Of(int.Parse(File.ReadAllText(_engine["pid"]), CultureInfo.InvariantCulture))!.Value;
    }
}
