using System.Globalization;
using System.Text;
using ClaudeTasks.Tasks;
using ClaudeTasks.Tests.Support;
using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests;

/// <summary>
/// Random repositories, random work of a task, random edits of the user's beside it, random decisions. Whatever is not the task's stays
/// as it is, byte for byte; and what is decided and taken back is as if it had never been. CLAUDETASKS_SEEDS sets how many seeds run,
/// CLAUDETASKS_SEED repeats one.
/// </summary>
public sealed class ReviewPropertyTests
{
    private static readonly string[] Names = ["a.txt", "dir/b.txt", "dir/deep/c.txt", "sp ace.txt", "quo\"te.txt", "ünï.txt", "new\nline.txt", "-rf", "bin.dat", "tool.sh", "[x].txt", "dir/link"];

    [Fact]
    public void Nothing_but_the_tasks_own_is_touched_and_every_decision_can_be_taken_back()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The random work is done by a shell, on names that Windows does not take.");
        var one = Environment.GetEnvironmentVariable("CLAUDETASKS_SEED");
        var count = int.Parse(Environment.GetEnvironmentVariable("CLAUDETASKS_SEEDS") ?? "50", CultureInfo.InvariantCulture);
        foreach (var seed in one is null ? Enumerable.Range(1, count) : [int.Parse(one, CultureInfo.InvariantCulture)])
        {
            try
            {
                Check(seed);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Seed {seed} failed; repeat it with CLAUDETASKS_SEED={seed}: {e.Message}", e);
            }
        }
    }

    private static void Check(int seed)
    {
        var random = new Random(seed);
        using var engine = new EngineFixture();
        var repository = engine.Repository;
        var names = Names.OrderBy(_ => random.Next()).ToArray();
        var mine = names[..3];
        var theirs = names[3..];
        foreach (var name in names.Where(_ => random.Next(3) > 0))
        {
            Put(repository, name, random);
        }

        repository.Commit("Base");

        var script = engine["work.sh"];
        File.WriteAllText(script, string.Concat(theirs.Where(_ => random.Next(2) == 0).Select(name => Work(name, random))));
        var task = engine.Run(Steps(Bash($"sh '{script}'")));
        if (task.Status == ClaudeTaskStatus.Completed)
        {
            return;
        }

        Assert.Equal(ClaudeTaskStatus.WaitingApproval, task.Status);
        var touched = Touched(engine, task);

        // The task may have written to one of them through a link.
        EditByUser(repository, mine.Where(name => !touched.Contains(name)), random);
        var atFirst = RepositoryState.Of(repository);
        var others = RepositoryState.Of(repository, touched, withRefs: false);

        for (var round = 0; round < 3; round++)
        {
            var before = RepositoryState.Of(repository);
            var some = engine.Engine.GetChanges(task.Id).Select(change => change.Path).Where(_ => random.Next(2) == 0).ToHashSet(StringComparer.Ordinal);
            var matches = random.Next(2) == 0 || some.Count == 0 ? (Func<string, bool>)(_ => true) : some.Contains;
            _ = random.Next(2) == 0
                ? engine.Engine.Approve(task.Id, "Message", matches, force: false)
                : engine.Engine.Reject(task.Id, "why", matches);

            Assert.Equal(others, RepositoryState.Of(repository, touched, withRefs: false));
            engine.Engine.Undo(task.Id);
            Assert.Equal(before, RepositoryState.Of(repository));
        }

        Assert.Equal(atFirst, RepositoryState.Of(repository));
        var head = repository.Git("rev-parse", "HEAD");
        if (random.Next(2) == 0)
        {
            engine.Engine.Approve(task.Id, null, _ => true, force: false);
            Assert.Equal(head, repository.Git("rev-parse", "HEAD^"));
            Assert.Equal(touched.Order(StringComparer.Ordinal), Names0(repository.Git("show", "--format=", "--name-only", "--no-renames", "-z", "HEAD")).Order(StringComparer.Ordinal));
        }
        else
        {
            engine.Engine.Reject(task.Id, null, _ => true);
            Assert.Equal(head, repository.Git("rev-parse", "HEAD"));
            Assert.DoesNotContain(Names0(repository.Git("diff", "--name-only", "-z", "HEAD")), touched.Contains);
        }

        Assert.Equal(others, RepositoryState.Of(repository, touched, withRefs: false));
        Assert.False(engine.HoldsLease(task.Id));
    }

    private static HashSet<string> Touched(EngineFixture engine, ClaudeTask task) =>
        engine.Engine.GetChanges(task.Id).SelectMany(change => change.OldPath is { } old ? new[] { change.Path, old } : [change.Path]).ToHashSet(StringComparer.Ordinal);

    private static string[] Names0(string output) => output.Split('\0', StringSplitOptions.RemoveEmptyEntries);

    private static void Put(TestRepository repository, string name, Random random)
    {
        if (name.EndsWith("link", StringComparison.Ordinal))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(repository[name])!);
            File.CreateSymbolicLink(repository[name], "../a.txt");
            return;
        }

        repository.Write(name, Content(name, random));
    }

    private static byte[] Content(string name, Random random)
    {
        if (name.EndsWith(".dat", StringComparison.Ordinal))
        {
            var bytes = new byte[random.Next(5000)];
            random.NextBytes(bytes);
            return bytes;
        }

        var ends = random.Next(4) == 0 ? "\r\n" : "\n";
        return Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(30)).Select(i => $"line {i} {random.Next(5)}{ends}")));
    }

    /// <summary>One thing that an agent's shell can do to a file.</summary>
    private static string Work(string name, Random random)
    {
        var path = "'./" + name + "'";
        return random.Next(8) switch
        {
            0 => $"rm -f {path}\n",
            1 => $"mkdir -p \"$(dirname {path})\"; printf 'fresh {random.Next()}\\n' > {path}\n",
            2 => $"mkdir -p \"$(dirname {path})\"; printf '\\000\\001{random.Next(99)}' > {path}\n",
            3 => $"[ -f {path} ] && [ ! -L {path} ] && chmod +x {path}\n",
            4 => $"[ -f {path} ] && mkdir -p moved && mv {path} 'moved/{random.Next(99)}.txt'\n",
            5 => $"rm -rf {path}; mkdir -p {path}; printf 'inside\\n' > {path}/inner.txt\n",
            6 => $"rm -rf {path}; mkdir -p \"$(dirname {path})\"; ln -s nowhere {path}\n",
            _ => $"mkdir -p \"$(dirname {path})\"; printf 'more\\n' >> {path}\n",
        };
    }

    /// <summary>Staged, unstaged, both, and untracked work of the user's on files that the task does not know.</summary>
    private static void EditByUser(TestRepository repository, IEnumerable<string> names, Random random)
    {
        foreach (var name in names.Where(name => !name.EndsWith("link", StringComparison.Ordinal)))
        {
            var kind = random.Next(5);
            if (kind > 0)
            {
                repository.Write(name, Content(name, random));
            }

            if (kind >= 2)
            {
                repository.Git("add", "--", "./" + name);
            }

            if (kind == 4)
            {
                repository.Write(name, Content(name, random));
            }
        }
    }
}
