using ClaudeTasks.Engine;
using ClaudeTasks.Model;
using ClaudeTasks.Store;
using ClaudeTasks.Tests.Support;

namespace ClaudeTasks.Tests.Faults;

/// <summary>
/// Every operation that runs Git is cancelled while one of its calls blocks. It ends with everything that it started, the repository is as
/// before it or as after it, and the same operation succeeds when it is repeated.
/// </summary>
[CollectionDefinition(nameof(CancelTests), DisableParallelization = true)]
[Collection(nameof(CancelTests))]
public sealed class CancelTests : IDisposable
{
    private readonly CancelFixture _fixture;

    public CancelTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "A shell script in place of Git, and marks in /proc.");
        _fixture = new CancelFixture();
    }

    private EngineFixture Engine => _fixture.Engine;

    private TestRepository Repository => _fixture.Repository;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cancelled_decision_is_before_or_after_it_and_can_be_repeated(bool worktree)
    {
        var task = _fixture.RunTask(worktree);
        var start = _fixture.State(task);
        Func<string, bool> some = path => path == "a.txt";
        (string Name, Func<CancellationToken, Task> Run, ClaudeTaskStatus Status, string Committed)[] decisions =
        [
            ("approve", stop => Approve(_ => true, stop), ClaudeTaskStatus.Completed, "a.txt\nnew/b.txt"),
            ("deny", stop => Deny(_ => true, stop), ClaudeTaskStatus.Rejected, ""),
            ("deny some", stop => Deny(some, stop), ClaudeTaskStatus.WaitingApproval, ""),
            ("approve some", stop => Approve(some, stop), ClaudeTaskStatus.WaitingApproval, "a.txt"),
        ];
        foreach (var (name, decide, status, committed) in decisions.Where((_, i) => LongMode.IsOn || i % 2 == (worktree ? 1 : 0)))
        {
            await CancelAsync(name, decide, Check, () => Engine.Engine.Undo(task.Id));
            await decide(default);
            await CancelAsync("undo " + name, Undo, () => Assert.Equal(start, _fixture.State(task)), () => decide(default).Wait());
            await Undo(default);

            void Check() => Assert.Equal((status, committed), (
                Engine.Engine.Get(task.Id).Status,
                Repository.Git("log", "--format=", "--name-only", "HEAD", $"--grep=Claude-Task: {task.TaskId}")));
        }

        Task Approve(Func<string, bool> paths, CancellationToken stop) =>
            Engine.Engine.Decisions.ApproveAsync(task.Id, null, paths, force: false, keepBranch: false, null, stop);

        Task Deny(Func<string, bool> paths, CancellationToken stop) => Engine.Engine.Decisions.RejectAsync(task.Id, null, paths, stop);

        Task Undo(CancellationToken stop) => Engine.Engine.Decisions.UndoAsync(task.Id, stop);

        Task CancelAsync(string name, Func<CancellationToken, Task> run, Action check, Action revert) =>
            _fixture.CancelAsync(name, run, () => _fixture.State(task), check, revert, () => (long)StoreFixture.Scalar(
                Engine.Engine.Store.Path, $"SELECT count(*) FROM decisions WHERE state <> {(int)DecisionState.Done}")! > 0);
    }

    [Fact]
    public async Task A_cancelled_decision_completes_an_interrupted_one_or_leaves_it_as_it_was()
    {
        var task = Engine.Run(_fixture.Request(stages: true));
        Engine.AwaitWorkers();
        using var database = StoreFixture.InHome(Engine.Home, () => Database.Open(StoreLocation.Prepare()));
        Interrupt();

        await _fixture.CancelAsync(
            "complete",
            stop => Engine.Engine.Decisions.RejectAsync(task.Id, null, _ => true, stop),
            () => _fixture.State(task),
            () => Assert.Equal((ClaudeTaskStatus.Rejected, "base\n"), (
                Engine.Engine.Get(task.Id).Status, File.ReadAllText(Repository["a.txt"]))),
            () =>
            {
                Engine.Engine.Undo(task.Id);
                Interrupt();
            },
            hasBegun: () => true);
        Engine.Engine.Reject(task.Id, null, _ => true);

        void Interrupt() => database.Write(connection => DecisionTable.Begin(
            connection, task.Id, DecisionKind.Reject, ClaudeTaskStatus.WaitingApproval, null, null, ["a.txt", "new/b.txt"]));
    }

    [Fact]
    public async Task A_cancelled_removal_removes_everything_or_nothing()
    {
        Directory.CreateDirectory(Repository["below"]);
        var task = _fixture.RunTask(worktree: true);

        await CancelAsync("refused removal", stop => RefusedAsync(Engine.Engine.Tasks.RemoveAsync(task.Id, force: false, stop)));
        await CancelAsync("refused removal of a session", stop => RefusedAsync(
            Engine.Engine.Sessions.RemoveAsync("work", Repository["below"], stop)));
        await CancelAsync("removal", stop => Engine.Engine.Tasks.RemoveAsync(task.Id, force: true, stop), Gone, Again, IsGone);
        Engine.Engine.Reject(task.Id, null, _ => true);
        await CancelAsync(
            "removal of a session",
            stop => Engine.Engine.Sessions.RemoveAsync("work", Repository["below"], stop),
            Gone,
            () =>
            {
                Again();
                Engine.Engine.Reject(task.Id, null, _ => true);
            },
            IsGone);

        bool IsGone() => Engine.Engine.GetAll([task.Id]).Count == 0;

        void Gone() => Assert.Equal((true, false, "main"), (
            IsGone(), Directory.Exists(task.Worktree), Repository.Git("branch", "--format=%(refname:short)")));

        void Again() => task = _fixture.RunTask(worktree: true);

        Task CancelAsync(
            string name, Func<CancellationToken, Task> run, Action? check = null, Action? revert = null, Func<bool>? hasBegun = null) =>
            _fixture.CancelAsync(
                name,
                run,
                () => IsGone() ? "gone" : _fixture.State(task).Replace(Path.GetFileName(task.Worktree!), "", StringComparison.Ordinal),
                check ?? (() => { }),
                revert ?? (() => { }),
                hasBegun);
    }

    [Fact]
    public async Task A_cancelled_call_that_reads_the_repository_changes_nothing()
    {
        var task = _fixture.RunTask();
        var (engine, root) = (Engine.Engine, Repository.Root);
        var gate = new ClaudeTaskGate { Name = "gate", Command = "true", Repository = root };
        var future = _fixture.Request() with { Start = new StartCondition { NotBefore = DateTime.UtcNow.AddDays(1) } };
        Repository.Write("a.txt", "edited\n");

        await CancelAsync("diff", async stop => Assert.Equal("a.txt", Assert.Single(
            await engine.Changes.GetAsync(task.Id, ClaudeTaskChangeSource.Meanwhile, withPatches: true, stop)).Path));
        await CancelAsync("query", async stop => Assert.Single(
            await engine.Tasks.QueryAsync(new TaskQuery { Repository = root }, stop)));
        await CancelAsync("check", async stop => Assert.Contains(
            await Prerequisites.CheckAsync(root, Simulated.Program, stop), check => check is { Name: "ClaudeCode", Passed: true }));
        await CancelAsync("gate", stop => engine.Gates.RegisterAsync(gate, stop), () => engine.UnregisterGate("gate", root));
        engine.RegisterGate(gate);
        await CancelAsync("no gate", stop => engine.Gates.UnregisterAsync("gate", root, stop), () => engine.RegisterGate(gate));
        await CancelAsync(
            "session", stop => engine.Sessions.CreateAsync("new", root, stop), () => engine.RemoveSession("new", root));
        await CancelAsync(
            "submission",
            stop => engine.Tasks.Submit(new WorkerHost.InProcess()).AddAsync(future, stop),
            () =>
            {
                var added = engine.Query(new TaskQuery()).Last().Id;
                engine.RequestStop(added);
                engine.Remove(added);
                Engine.AwaitWorkers();
            });

        Task CancelAsync(string name, Func<CancellationToken, Task> run, Action? revert = null) => _fixture.CancelAsync(
            name,
            run,
            () => string.Join(
                '\n', _fixture.State(task), engine.Count(new TaskQuery()), engine.GetGates(null).Count, engine.GetSessions().Count),
            () => { },
            revert ?? (() => { }));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task A_stopped_task_ends_at_any_call_and_can_be_run_again(bool worktree, bool hasGate)
    {
        if (hasGate)
        {
            Engine.Engine.RegisterGate(new ClaudeTaskGate { Name = "gate", Command = "true", Repository = Repository.Root });
        }

        var request = _fixture.Request(worktree) with { AutoApprove = !hasGate, AllowNoGate = !hasGate };
        var id = 0;
        await _fixture.CancelAsync(
            $"run, worktree {worktree}, gate {hasGate}",
            RunAsync,
            () => _fixture.State(null),
            () => Assert.Equal(
                hasGate ? ClaudeTaskStatus.WaitingApproval : ClaudeTaskStatus.Completed, Engine.Engine.Get(id).Status),
            TakeBack,
            IsDetermined);

        // Stops the task when the token is cancelled.
        async Task RunAsync(CancellationToken stop)
        {
            id = 0;
            id = Engine.Start(request).Id;
            await using var registration = stop.Register(() => Engine.Engine.RequestStop(id));
            var status = Engine.Settled(id).Status;
            Engine.AwaitWorkers();
            if (status == ClaudeTaskStatus.Cancelled)
            {
                TakeBack();
                throw new OperationCanceledException();
            }
        }

        // A run's result is taken, and the files that gates change are looked for, whatever stops the task.
        bool IsDetermined() => id == 0 || Engine.Engine.Get(id).Status
            is not (ClaudeTaskStatus.Pending or ClaudeTaskStatus.PreFlight or ClaudeTaskStatus.WaitingQa);

        void TakeBack()
        {
            if (Engine.Engine.Get(id).Status == ClaudeTaskStatus.Completed)
            {
                Engine.Engine.Undo(id);
            }

            if (Engine.Engine.Get(id).FilesChanged > 0)
            {
                Engine.Engine.Reject(id, null, _ => true);
            }
        }
    }

    public void Dispose() => _fixture?.Dispose();

    private static async Task RefusedAsync(Task call)
    {
        try
        {
            await call;
        }
        catch (ClaudeTaskException e) when (e.ErrorId == ClaudeTaskErrorId.TaskStateConflict)
        {
            return;
        }

        Assert.Fail("It was not refused.");
    }
}
