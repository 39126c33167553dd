using System.Diagnostics;
using System.Text;
using ClaudeTasks.Processes;
using ClaudeTasks.Tests.Support;

namespace ClaudeTasks.Tests;

public sealed class ProgramRunTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(2);

    private readonly TempFolder _folder = new();

    public ProgramRunTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "The programs are scripts of a Unix shell.");

    [Fact]
    public async Task Collects_both_outputs_in_full_and_the_exit_code()
    {
        var result = await RunAsync("cat; echo wrong >&2; exit 3", new string('x', 3_000_000));

        Assert.Equal((3, 3_000_000, "wrong", null), (result.ExitCode, result.Text.Length, result.Error, result.PipeHolder));
    }

    [Fact]
    public async Task A_program_that_does_not_read_its_input_ends_all_the_same() =>
        Assert.Equal(0, (await RunAsync("exit 0", new string('x', 3_000_000))).ExitCode);

    [Fact]
    public async Task A_child_that_holds_the_pipes_is_named_and_not_waited_for()
    {
        var result = await RunAsync($"echo done; sleep 1000 & echo $! > {_folder["pid"]}");
        var child = ReadChild();

        Assert.Equal("done", result.Text);
        Assert.Contains($"sleep 1000 ({child.Pid})", result.PipeHolder, StringComparison.Ordinal);
        Assert.True(child.IsAlive);
        using var process = Process.GetProcessById(child.Pid);
        process.Kill();
    }

    [Theory]
    [InlineData("")]
    [InlineData("setsid")]
    public async Task A_cancellation_ends_the_program_and_what_it_detached(string detach)
    {
        using var cancellation = new CancellationTokenSource();
        var run = RunAsync(
            $"{detach} sleep 1000 & echo $! > {_folder["pid.new"]}; mv {_folder["pid.new"]} {_folder["pid"]}; "
                + "trap '' TERM; while :; do sleep 1000; done",
            cancellation: cancellation.Token);
        Until.True(() => File.Exists(_folder["pid"]), "the program has started its child");
        var child = ReadChild();
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Until.True(() => !child.IsAlive, "the child has ended");
    }

    [Fact]
    public async Task A_program_may_clean_up_when_it_is_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        var run = RunAsync(
            $"trap 'echo > {_folder["cleaned"]}; exit 1' TERM; echo > {_folder["began"]}; while :; do sleep 0.01; done",
            cancellation: cancellation.Token);
        Until.True(() => File.Exists(_folder["began"]), "the program is at work");
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        // By a command of the shell itself: another program would be a part of what is asked to end.
        Assert.True(File.Exists(_folder["cleaned"]));
    }

    [Fact]
    public async Task A_program_that_runs_longer_than_its_limit_is_ended_and_named()
    {
        var error = await Assert.ThrowsAsync<TimeoutException>(() => RunAsync("sleep 1000", limit: TimeSpan.FromMilliseconds(100)));

        Assert.Contains("'sh' ran longer than its limit of 0.1 seconds", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static Task<ProgramResult> RunAsync(
        string script, string input = "", TimeSpan? limit = null, CancellationToken cancellation = default) =>
        ProgramRun.CollectAsync(
            new ProcessStartInfo("/bin/sh", ["-c", script]), Encoding.UTF8.GetBytes(input), limit ?? Long, cancellation);

    private ProcessIdentity ReadChild() =>
        ProcessIdentity.Of(int.Parse(File.ReadAllText(_folder["pid"]), System.Globalization.CultureInfo.InvariantCulture))!.Value;
}
