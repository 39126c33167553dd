using System.Reactive.Linq;
using ClaudeTasks.Pipeline;
using ClaudeTasks.Tests.Support;

namespace ClaudeTasks.Tests;

/// <summary>What pool threads tell reaches the pipeline's thread, and neither side leaves anything behind.</summary>
public sealed class ObservablePumpTests
{
    [Fact]
    public void A_slow_consumer_holds_the_source_up()
    {
        const int Items = 5000;
        const int AtMost = ObservablePump.Bound + 1;
        var (told, taken, furthest) = (0, 0, 0);
        using var consumer = Numbers(Items, item => furthest = Math.Max(furthest, (told = item) - Volatile.Read(ref taken)))
            .Pump(default)
            .GetEnumerator();

        Assert.True(consumer.MoveNext());
        Volatile.Write(ref taken, 1);
        Until.True(() => Volatile.Read(ref told) == 1 + AtMost, "the source filled the queue and waits");
        while (consumer.MoveNext())
        {
            Assert.Equal(taken + 1, consumer.Current);
            Volatile.Write(ref taken, consumer.Current);
        }

        Assert.Equal(Items, taken);
        Assert.True(furthest <= AtMost + 1, $"The source was {furthest} items ahead.");
    }

    [Fact]
    public void A_consumer_that_leaves_frees_the_source_that_waits_for_it()
    {
        var hasEnded = false;
        Assert.Equal(1, Numbers(int.MaxValue, _ => { }, () => Volatile.Write(ref hasEnded, true)).Pump(default).First());

        Until.True(() => Volatile.Read(ref hasEnded), "the source's thread has ended");
    }

    [Fact]
    public void Cancelling_ends_a_consumer_that_waits_and_its_subscription()
    {
        using var stop = new CancellationTokenSource();
        var isLeft = false;
        var silent = Observable.Create<int>(_ =>
        {
            stop.CancelAfter(TimeSpan.FromMilliseconds(1));
            return () => Volatile.Write(ref isLeft, true);
        });

        Assert.ThrowsAny<OperationCanceledException>(() => silent.Pump(stop.Token).Count());
        Assert.True(Volatile.Read(ref isLeft));
    }

    [Fact]
    public void An_error_comes_behind_all_that_was_told_before_it()
    {
        var seen = new List<int>();
        var source = Numbers(100, _ => { }).Concat(Observable.Throw<int>(new IOException("The disk is gone.")));

        var error = Assert.Throws<IOException>(() => seen.AddRange(source.Pump(default).Select(item => item)));

        Assert.Equal("The disk is gone.", error.Message);
        Assert.Equal(100, seen.Count);
    }

    /// <summary>Tells numbers on a thread of its own, as long as somebody is subscribed.</summary>
    private static IObservable<int> Numbers(
        int count, Action<int> telling, Action? ended = null) => Observable.Create<int>((observer, stopping) => Task.Run(
        () =>
        {
            for (var item = 1; item <= count && !stopping.IsCancellationRequested; item++)
            {
                telling(item);
                observer.OnNext(item);
            }

            ended?.Invoke();
        },
        CancellationToken.None));
}
