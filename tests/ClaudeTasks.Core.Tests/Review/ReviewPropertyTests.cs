using System.Globalization;
using System.Text;
using ClaudeTasks.Model;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests;

/// <summary>
/// Random repositories, random work of a task, random edits of the user's beside it, random decisions. Whatever is not the task's stays
/// as it is, byte for byte; what is decided and taken back is as if it had never been; and the patch makes the base into the result.
/// CLAUDETASKS_SEEDS sets how many seeds run, CLAUDETASKS_SEED repeats one.
/// </summary>
public sealed class ReviewPropertyTests
{
    [Fact]
    public void Nothing_but_the_tasks_own_is_touched_and_every_decision_can_be_taken_back()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The random work is done by a shell, on names that only Linux takes.");
        var one = Environment.GetEnvironmentVariable("CLAUDETASKS_SEED");
        var count = int.Parse(Environment.GetEnvironmentVariable("CLAUDETASKS_SEEDS") ?? "50", CultureInfo.InvariantCulture);
        var seeds = one is null ? Enumerable.Range(1, count) : [int.Parse(one, CultureInfo.InvariantCulture)];
        var failures = seeds.AsParallel().WithDegreeOfParallelism(2).Select(Try).OfType<string>().ToList();
        Assert.True(failures.Count == 0, $"{failures.Count} of the seeds failed:\n{string.Join('\n', failures)}");
    }

    private static string? Try(int seed)
    {
        try
        {
            Check(seed);
            return null;
        }
        catch (Exception e)
        {
            return $"Seed {seed} failed; repeat it with CLAUDETASKS_SEED={seed}: {e}";
        }
    }

    private static void Check(int seed)
    {
        var random = new Random(seed);
        using var engine = new EngineFixture();
        var repository = engine.Repository;
        var made = new RandomRepository(repository, random, engine["."]);
        made.Make();
        var isOwnTree = random.Next(4) == 0;
        var isDirty = !isOwnTree && random.Next(3) == 0;
        var isCommittedMeanwhile = random.Next(4) == 0;
        if (isOwnTree || isDirty)
        {
            made.EditByUser(new HashSet<string>());
        }

        var script = engine["work.sh"];
        File.WriteAllText(script, made.Work() + (isCommittedMeanwhile ? CommitOfSomebodyElse(repository) : ""));
        var task = engine.Run(engine.Request(Steps(Bash($"sh '{script}'"))) with { AllowDirty = isDirty, Worktree = isOwnTree });
        var head = repository.Git("rev-parse", "HEAD");
        if (task.Status == ClaudeTaskStatus.Completed)
        {
            return;
        }

        Assert.True(task.Status == ClaudeTaskStatus.WaitingApproval, task.ReasonText);
        if (!isDirty)
        {
            var result = StoreFixture.Scalar(engine.Engine.Store.Path, $"SELECT result_tree FROM tasks WHERE id = {task.Id}");
            var patch = Encoding.UTF8.GetString(engine.Engine.GetPatch(task.Id));
            Assert.Equal(result, DiffProof.Applied(repository, engine["clone"], isOwnTree ? task.StartingCommit! : head, patch));
        }

        var touched = engine.Engine.GetChanges(task.Id).SelectMany(change => change.TouchedPaths).ToHashSet(StringComparer.Ordinal);
        var below = touched.Contains("sub") ? touched.Append("sub/f").ToHashSet(StringComparer.Ordinal) : touched;

        Assert.DoesNotContain("during.txt", touched);
        var mine = engine.Engine.GetChanges(task.Id, ClaudeTaskChangeSource.Before).SelectMany(change => change.TouchedPaths);
        if (mine.Any(touched.Contains)
            || (isOwnTree && repository.GitEntries("status", "--porcelain=v1", "-z").Any(line => touched.Contains(line[3..]))))
        {
            // The task came upon work of mine, through a link or in a tree of its own: whether it can be told apart is another test's.
            return;
        }

        // The task may have written to one of them through a link.
        made.EditByUser(touched);
        var atFirst = RepositoryState.Of(repository);
        var others = RepositoryState.Of(repository, below, withRefs: false);

        using var readers = new Readers(engine, task.Id);
        for (var round = 0; round < 3; round++)
        {
            var some = engine.Engine.GetChanges(task.Id)
                .Select(change => change.Path)
                .Where(_ => random.Next(2) == 0)
                .ToHashSet(StringComparer.Ordinal);
            var matches = random.Next(2) == 0 || some.Count == 0 ? (Func<string, bool>)(_ => true) : some.Contains;
            _ = random.Next(2) == 0
                ? engine.Engine.Approve(task.Id, "Message", matches, force: false)
                : engine.Engine.Reject(task.Id, "why", matches);

            RepositoryState.AssertSame(others, RepositoryState.Of(repository, below, withRefs: false));
            engine.Engine.Undo(task.Id);
            RepositoryState.AssertSame(atFirst, RepositoryState.Of(repository));
        }

        if (random.Next(2) == 0)
        {
            engine.Engine.Approve(task.Id, null, _ => true, force: false);
            Assert.Equal(head, repository.Git("rev-parse", "HEAD^"));
            Assert.Equal(
                touched.Order(StringComparer.Ordinal),
                Named(repository, "show", "--format=", "--name-only", "--no-renames", "-z", "HEAD").Order(StringComparer.Ordinal));
        }
        else
        {
            engine.Engine.Reject(task.Id, null, _ => true);
            Assert.Equal(head, repository.Git("rev-parse", "HEAD"));
            Assert.DoesNotContain(Named(repository, "diff", "--name-only", "-z", "HEAD"), touched.Contains);
            Assert.Null(
                TestRepository.RunGit(repository.Root, "rev-parse", "--verify", "--quiet", "refs/heads/" + task.Branch)
                    is { ExitCode: 0 } branch
                    ? branch.Output
                    : null);
        }

        RepositoryState.AssertSame(others, RepositoryState.Of(repository, below, withRefs: false));
        Assert.False(engine.HoldsLease(task.Id));
    }

    /// <summary>Two readers of the task's changes, which must change nothing that a decision needs.</summary>
    private sealed class Readers : IDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _loops;

        public Readers(EngineFixture engine, int task) => _loops = Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            while (!_stop.IsCancellationRequested)
            {
                try
                {
                    engine.Engine.GetChanges(task, ClaudeTaskChangeSource.Meanwhile);
                }
                catch (ClaudeTaskException)
                {
                    // A decision may take a file or the worktree away while it is read, which is a clear error.
                }
            }
        })));

        public void Dispose()
        {
            _stop.Cancel();
            _loops.GetAwaiter().GetResult();
            _stop.Dispose();
        }
    }

    /// <summary>It is told from the agent's by what git notes in the reflog.</summary>
    private static string CommitOfSomebodyElse(TestRepository repository) =>
        $"\n(unset GIT_REFLOG_ACTION; cd '{repository.Root}' && echo x > during.txt && git add --sparse during.txt "
        + "&& git commit --quiet -m During -- during.txt)\n";

    private static IEnumerable<string> Named(TestRepository repository, params string[] arguments) =>
        repository.GitEntries(arguments).Select(RepositoryState.Name);
}
