using System.Diagnostics;

namespace ClaudeTasks.Tests.RealCli;

/// <summary>Waits for a state by asking for it; the limit is generous and only tells a hang from a slow machine.</summary>
internal static class Poll
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    public static async Task UntilAsync(Func<bool> isReached, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!isReached())
        {
            if (clock.Elapsed > Limit)
            {
                Assert.Fail($"Not within {Limit.TotalSeconds:0} seconds: {what}");
            }

            await Task.Delay(Interval);
        }
    }
}
