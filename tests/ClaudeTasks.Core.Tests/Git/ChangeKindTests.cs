using System.Text;
using ClaudeTasks.Model;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests;

/// <summary>
/// Each kind of change is told as what it is, comes back from the raw patch, and is committed and put back exactly, with everything else
/// as it was: index with its flags, refs, stash, modes, content.
/// </summary>
public sealed class ChangeKindTests : IDisposable
{
    private readonly EngineFixture _engine = new();

    public static TheoryData<string> Names => [.. KindCases.All.Select(item => item.Name)];

    private TestRepository Repository => _engine.Repository;

    [Theory]
    [MemberData(nameof(Names))]
    public void A_kind_of_change_is_told_committed_and_put_back_exactly(string name)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The work is done by a shell, on names that only Linux takes.");
        var item = KindCases.All.Single(item => item.Name == name);
        var head = SetUp(item);
        var atFirst = RepositoryState.Of(Repository);

        var task = _engine.Run(Steps(Bash(item.Work)));

        Assert.Equal(ClaudeTaskStatus.WaitingApproval, task.Status);
        Assert.Equal(item.Expected.Order(StringComparer.Ordinal), Told(task).Order(StringComparer.Ordinal));
        var result = (string)StoreFixture.Scalar(_engine.Engine.Store.Path, $"SELECT result_tree FROM tasks WHERE id = {task.Id}")!;
        Assert.Equal(
            result, DiffProof.Applied(Repository, _engine["clone"], head, Encoding.UTF8.GetString(_engine.Engine.GetPatch(task.Id))));

        var atEnd = RepositoryState.Of(Repository);
        var touched = _engine.Engine.GetChanges(task.Id).SelectMany(change => change.TouchedPaths).ToHashSet(StringComparer.Ordinal);
        var others = RepositoryState.Of(Repository, touched, withRefs: false);
        _engine.Engine.Reject(task.Id, null, _ => true);
        RepositoryState.AssertSame(atFirst, RepositoryState.Of(Repository));
        _engine.Engine.Undo(task.Id);
        RepositoryState.AssertSame(atEnd, RepositoryState.Of(Repository));

        _engine.Engine.Approve(task.Id, null, _ => true, force: false);
        Assert.Equal(result, Repository.Git("rev-parse", "HEAD^{tree}"));
        RepositoryState.AssertSame(others, RepositoryState.Of(Repository, touched, withRefs: false));
        Assert.Equal("", Repository.Git("--no-optional-locks", "status", "--short", "--untracked-files=no"));
        _engine.Engine.Undo(task.Id);
        RepositoryState.AssertSame(atEnd, RepositoryState.Of(Repository));

        _engine.Engine.Reject(task.Id, null, _ => true);
        RepositoryState.AssertSame(atFirst, RepositoryState.Of(Repository));
    }

    public void Dispose() => _engine.Dispose();

    private string? SetUp(KindCase item)
    {
        Shell(item.Setup);
        if (item.IsUnborn)
        {
            Repository.Git("checkout", "--quiet", "--orphan", "unborn");
            Repository.Git("rm", "--quiet", "-rf", ".");
            return null;
        }

        var head = Repository.Commit("Base");
        Shell(item.Then);
        return head;
    }

    private void Shell(string script)
    {
        if (script.Length > 0)
        {
            var done = TestRepository.Run("/bin/sh", Repository.Root, Encoding.UTF8, "-ec", script, "sh", _engine["."]);
            Assert.Equal((0, ""), (done.ExitCode, done.Error));
        }
    }

    private IEnumerable<string> Told(ClaudeTask task) => _engine.Engine.GetChanges(task.Id)
        .Select(change => change.OldPath is { } old ? $"{change.Kind} {old} → {change.Path}" : $"{change.Kind} {change.Path}");
}
