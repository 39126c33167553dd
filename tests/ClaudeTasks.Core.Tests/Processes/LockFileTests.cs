using ClaudeTasks.Processes;
using ClaudeTasks.Tests.Support;

namespace ClaudeTasks.Tests;

public sealed class LockFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public void Whoever_asks_while_a_lock_is_given_up_gets_it_or_is_told_that_it_is_held()
    {
        var path = _folder["lock"];
        var taken = 0;

        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            for (var i = 0; i < 3000; i++)
            {
                if (LockFile.TryTake(path) is { } claim)
                {
                    Interlocked.Increment(ref taken);
                    claim.Delete();
                }
            }
        });

        Assert.True(taken > 0);
        Assert.NotNull(LockFile.TryTake(path));
    }

    [Fact]
    public void A_lock_that_cannot_be_made_is_an_error() =>
        Assert.ThrowsAny<IOException>(() => LockFile.TryTake(_folder["missing/lock"]));

    public void Dispose() => _folder.Dispose();
}
