using System.Diagnostics;

namespace ClaudeTasks.Tests.Support;

/// <summary>The one way to wait for a state: looks again and again, with a limit that only a failure reaches.</summary>
internal static class Until
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    public static void True(Func<bool> condition, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(clock.Elapsed < Limit, $"Never came true: {what}");
            Thread.Sleep(20);
        }
    }

    public static T Found<T>(Func<T?> look, string what)
        where T : class
    {
        T? found = null;
        True(() => (found = look()) is not null, what);
        return found!;
    }
}
