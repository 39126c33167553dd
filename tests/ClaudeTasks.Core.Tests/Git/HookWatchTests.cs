using ClaudeTasks.Git;
using ClaudeTasks.Tests.Support;

namespace ClaudeTasks.Tests;

public sealed class HookWatchTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Trace => _folder["trace"];

    [Fact]
    public async Task A_trace_that_cannot_be_read_for_a_moment_hides_no_hook()
    {
        var begun = new TaskCompletionSource<string>();
        using (new FileStream(Trace, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            await using var blind = new HookWatch(Trace, _ => { });

            Assert.Null(blind.Current);
        }

        await using var watch = new HookWatch(Trace, begun.SetResult);
        Begin("pre-commit");

        Assert.Equal("pre-commit", await begun.Task.WaitAsync(Until.Limit));
        Assert.Equal("pre-commit", watch.Current);
    }

    [Fact]
    public async Task A_listener_that_fails_is_told_of_the_next_hook()
    {
        var (first, second) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var watch = new HookWatch(Trace, name =>
        {
            (name == "pre-commit" ? first : second).SetResult();
            throw new InvalidDataException("The store is full.");
        });

        Begin("pre-commit");
        await first.Task.WaitAsync(Until.Limit);
        Begin("post-commit");

        await second.Task.WaitAsync(Until.Limit);
    }

    [Fact]
    public async Task Disposal_waits_for_the_listener()
    {
        var begun = new TaskCompletionSource();
        using var goOn = new ManualResetEventSlim();
        var watch = new HookWatch(Trace, _ =>
        {
            begun.SetResult();
            goOn.Wait();
        });
        Begin("pre-commit");
        await begun.Task.WaitAsync(Until.Limit);

        var disposal = watch.DisposeAsync();
        Assert.False(disposal.IsCompleted);
        goOn.Set();
        await disposal;
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Writes what git writes when a hook begins.</summary>
    private void Begin(string hook) =>
        File.AppendAllText(Trace, $$"""{"event":"child_start","sid":"1","child_id":0,"hook_name":"{{hook}}"}""" + "\n");
}
