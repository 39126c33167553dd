using ClaudeTasks.Model;
using ClaudeTasks.Processes;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests.Support;

/// <summary>
/// Cancels an operation of the engine while its N-th call of Git blocks. It sets PATH, which all tests of the process share, so such tests
/// run beside no others.
/// </summary>
internal sealed class CancelFixture : IDisposable
{
    /// <summary>More calls than most operations make.</summary>
    private const int ManyCalls = 30;

    private readonly SteppedGit _git;
    private readonly Dictionary<string, string> _variables;

    public CancelFixture()
    {
        Engine = new EngineFixture();
        _git = SteppedGit.Blocking(Engine["bin"]);
        _variables = _git.Variables(0, after: false).Keys
            .ToDictionary(name => name, name => Environment.GetEnvironmentVariable(name) ?? "");
        Repository.Write("a.txt", "base\n");
        Repository.Write("mine.txt", "committed\n");
        Repository.Commit("Base");
        Repository.Write("mine.txt", "staged\n");
        Repository.Git("add", "mine.txt");
        Repository.Write("mine.txt", "edited\n");
        Repository.Write("untracked.txt", "untracked\n");
    }

    public EngineFixture Engine { get; }

    public TestRepository Repository => Engine.Repository;

    /// <summary>The scratch folders of operations.</summary>
    private string Work => Path.Combine(Engine.Home, "work");

    private string Worktrees => Path.Combine(Engine.Home, "worktrees");

    /// <summary>A task that changes two files, and may stage them.</summary>
    public ClaudeTaskRequest Request(bool worktree = false, bool stages = false)
    {
        List<string> steps = [Write("a.txt", "task\n"), Write("new/b.txt", "new\n")];
        if (stages)
        {
            steps.Add(Bash("git add a.txt new"));
        }

        return Engine.Request(Steps([.. steps])) with { AllowDirty = !worktree, Worktree = worktree };
    }

    /// <summary>Runs the task until it waits for a decision and its worker has ended.</summary>
    public ClaudeTask RunTask(bool worktree = false)
    {
        var task = Engine.Run(Request(worktree));
        Engine.AwaitWorkers();
        return task;
    }

    /// <summary>Everything that an operation on a task may change, as comparable text.</summary>
    public string State(ClaudeTask? task) => string.Join('\n', [
        task is null ? "" : $"{Engine.Engine.Get(task.Id).Status}, lease {Engine.HoldsLease(task.Id)}",
        Repository.Git("rev-list", "--count", "HEAD"),
        Repository.Git("for-each-ref", "--format=%(refname) %(tree)", "refs/heads"),
        RepositoryState.Of(Repository, withRefs: false),
        .. Directory.Exists(Worktrees)
            ? Directory.EnumerateFiles(Worktrees, "*", SearchOption.AllDirectories).Order().Select(file => file + File.ReadAllText(file))
            : []]);

    /// <summary>
    /// Cancels an operation at some of its calls, or at each of them in the long mode. It ends cancelled, with nothing left, and the state
    /// is as before it. Where it had begun to change something, it may run to its end. Then it is repeated, and reverted.
    /// </summary>
    /// <param name="name">The operation's name.</param>
    /// <param name="run">The operation.</param>
    /// <param name="state">Returns all that it may change.</param>
    /// <param name="check">Checks its result.</param>
    /// <param name="revert">Makes the state that was before it.</param>
    /// <param name="hasBegun">Returns whether it has begun to change something; null if it never does.</param>
    public async Task CancelAsync(
        string name, Func<CancellationToken, Task> run, Func<string> state, Action check, Action revert, Func<bool>? hasBegun = null)
    {
        foreach (var random in LongMode.Seeds(1, 1).Select(seed => new Random(seed + name.Sum(letter => letter))))
        {
            var calls = LongMode.IsOn ? 0 : ManyCalls;
            bool isReached;
            do
            {
                calls = LongMode.IsOn ? calls + 1 : calls;
                isReached = await RoundAsync(LongMode.IsOn ? calls : random.Next(1, calls + 1), after: random.Next(2) == 0);
                calls = isReached ? calls : _git.Calls;
            }
            while (isReached == LongMode.IsOn);
            LongMode.Note("cancelled operations", $"{name}: {calls} calls");
        }

        async Task<bool> RoundAsync(int at, bool after)
        {
            try
            {
                var before = state();
                if (await CutOffAsync(at, after, run, hasBegun ?? (() => false)) is not { } isCancelled)
                {
                    check();
                    revert();
                    RepositoryState.AssertSame(before, state());
                    return false;
                }

                var ended = state();
                if (ended != before)
                {
                    revert();
                    RepositoryState.AssertSame(before, state());
                }

                Assert.True(isCancelled || ended != before || hasBegun is null, "It did nothing, and did not tell that it was cancelled.");
                await run(default);
                check();
                if (ended != before)
                {
                    RepositoryState.AssertSame(state(), ended);
                }

                revert();
                RepositoryState.AssertSame(before, state());
                return true;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"{name}, cancelled {(after ? "after" : "before")} call {at}: {e.Message}", e);
            }
        }
    }

    /// <summary>Cancels an operation at a call. Returns null if it ended without that call, otherwise whether it ended cancelled.</summary>
    private async Task<bool?> CutOffAsync(int at, bool after, Func<CancellationToken, Task> run, Func<bool> hasBegun)
    {
        using var stop = new CancellationTokenSource();
        Set(_git.Variables(at, after));
        var call = Task.Run(() => run(stop.Token));
        try
        {
            Until.True(() => _git.Reached is not null || call.IsCompleted, "a call of git blocks");
            if (_git.Reached is not { } reached)
            {
                await call;
                return null;
            }

            // A call that changes files is never ended. After a decision has begun, git commit alone is.
            var isBegun = hasBegun();
            var runsOn = reached.Arguments.Contains(" read-tree -m -u ", StringComparison.Ordinal)
                || (isBegun && !reached.Arguments.StartsWith("commit ", StringComparison.Ordinal));
            await stop.CancelAsync();
            if (runsOn)
            {
                _git.Release();
            }

            Until.True(() => call.IsCompleted, $"it ends, at git {reached.Arguments}");
            using var left = ProcessTree.Create(reached.Run, ProcessTree.RunVariable);
            Assert.Empty(left.FindMembers());
            Assert.False(Directory.Exists(Work) && Directory.EnumerateFileSystemEntries(Work).Any(), "A scratch folder is left.");
            Assert.True(isBegun || call.IsCanceled, $"It was not cancelled, at git {reached.Arguments}: {call.Exception}");
            if (!call.IsCanceled)
            {
                await call;
            }

            return call.IsCanceled;
        }
        finally
        {
            _git.Release();
            Set(_variables);
        }
    }

    private static void Set(Dictionary<string, string> variables)
    {
        foreach (var (name, value) in variables)
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }

    public void Dispose()
    {
        Set(_variables);
        Engine.Dispose();
    }
}
