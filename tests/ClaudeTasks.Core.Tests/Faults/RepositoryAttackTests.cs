using ClaudeTasks.Model;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests.Faults;

/// <summary>Traps in a repository, or set by an agent, that lead our own git calls to a program, a folder or a repository.</summary>
public sealed class RepositoryAttackTests : IDisposable
{
    private readonly EngineFixture _engine = new();

    public RepositoryAttackTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "The programs are shell scripts.");

    private string Owned => _engine["owned"];

    public void Dispose() => _engine.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_partial_clone_does_not_run_the_upload_pack_that_it_names(bool worktree)
    {
        var origin = _engine.Repository;
        origin.Write("far/b.txt", "b\n");
        origin.Write("near/a.txt", "a\n");
        origin.Commit("Files");
        origin.Git("config", "uploadpack.allowFilter", "true");
        origin.Git("config", "uploadpack.allowAnySHA1InWant", "true");
        TestRepository.RunGit(
            _engine.Home, "clone", "--quiet", "--filter=blob:none", "--sparse", $"file://{origin.Root}", _engine["partial"]);
        var partial = _engine["partial"];
        foreach (var setting in new[] { "user.name=T", "user.email=t@t", $"remote.origin.uploadpack=touch '{Owned}'; git-upload-pack" })
        {
            var parts = setting.Split('=', 2);
            TestRepository.RunGit(partial, "config", parts[0], parts[1]);
        }

        var task = _engine.Run(_engine.Request(Steps(Write("c.txt", "task\n")), repository: partial) with { Worktree = worktree });
        Assert.True(task.Status == ClaudeTaskStatus.WaitingApproval, task.ReasonText);
        Assert.False(File.Exists(Owned), "after the task");
        _engine.Engine.Reject(task.Id, null, _ => true);
        Assert.False(File.Exists(Owned), "after the denial");
        _engine.Engine.Undo(task.Id);
        Assert.False(File.Exists(Owned), "after the undo");

        // What lies outside the sparse checkout is in no folder of this clone yet.
        var far = _engine.Run(
            _engine.Request(Steps(Write("far/b.txt", "task\n")), repository: partial) with { Worktree = true });
        Assert.False(File.Exists(Owned), $"after a task that changed what is missing ({far.Status}: {far.ReasonText})");
    }

    [Fact]
    public async Task A_folder_that_looks_like_a_bare_repository_is_none()
    {
        var planted = _engine.Repository["docs"];
        Directory.CreateDirectory(Path.Combine(planted, "objects"));
        Directory.CreateDirectory(Path.Combine(planted, "refs"));
        File.WriteAllText(Path.Combine(planted, "HEAD"), "ref: refs/heads/main\n");
        File.WriteAllText(
            Path.Combine(planted, "config"),
            $"[core]\n\tbare = false\n\trepositoryformatversion = 0\n\tworktree = {planted}\n"
                + $"[filter \"x\"]\n\tclean = touch '{Owned}'; cat\n");
        File.WriteAllText(Path.Combine(planted, ".gitattributes"), "* filter=x\n");
        Assert.Equal(planted, TestRepository.RunGit(planted, "rev-parse", "--show-toplevel").Output);

        var error = Assert.Throws<ClaudeTaskException>(() => _engine.Start("Do it", repository: planted));
        await _engine.Engine.Gates.GetAsync(_engine.Repository.Root, default);

        Assert.Equal(ClaudeTaskErrorId.NotARepository, error.ErrorId);
        Assert.False(File.Exists(Owned));
    }

    [Fact]
    public void A_commit_with_a_signature_starts_no_program_that_checks_it()
    {
        var repository = _engine.Repository;
        repository.Git("config", "log.showSignature", "true");
        repository.Git("config", "gpg.program", _engine["gpg"]);
        File.WriteAllText(_engine["gpg"], $"#!/bin/sh\ntouch '{Owned}'\n");
        UnixMode.Set(_engine["gpg"], "755");
        var commit = repository.Git("cat-file", "commit", "HEAD").Replace(
            "\n\n", "\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\n", StringComparison.Ordinal);
        File.WriteAllText(_engine["commit"], commit + "\n");
        repository.Git("update-ref", "HEAD", repository.Git("hash-object", "-t", "commit", "-w", _engine["commit"]));
        repository.Git("log", "-1");
        Assert.True(File.Exists(Owned), "git itself runs it");
        File.Delete(Owned);

        var task = _engine.Run(Steps(Bash("git commit -q --allow-empty -m Mine"), Write("a.txt", "a\n")));
        Assert.True(task.Status == ClaudeTaskStatus.WaitingApproval, task.ReasonText);
        File.Delete(Owned);
        _engine.Engine.Approve(task.Id, null, _ => true, force: false);
        _engine.Engine.Undo(task.Id);

        Assert.False(File.Exists(Owned));
    }

    [Theory]
    [InlineData("")]
    [InlineData("echo y > n")]
    public void A_link_in_place_of_a_worktree_costs_nothing_of_what_it_leads_to(string change)
    {
        var outside = Directory.CreateDirectory(_engine["outside"]).FullName;
        File.WriteAllText(Path.Combine(outside, "precious"), "mine");
        var swap = $"{(change.Length > 0 ? change : ":")}; f=$PWD; cp -a . '{outside}/'; cd ..; mv $f $f-away; ln -s '{outside}' $f";
        var task = _engine.Run(_engine.Request(Steps(Bash(swap))) with { Worktree = true });

        if (!task.IsEnded)
        {
            Assert.ThrowsAny<ClaudeTaskException>(() => _engine.Engine.Reject(task.Id, null, _ => true));
            Assert.ThrowsAny<ClaudeTaskException>(() => _engine.Engine.Approve(task.Id, null, _ => true, force: true));
        }

        Assert.ThrowsAny<ClaudeTaskException>(() => _engine.Engine.Remove(task.Id, force: true));
        Assert.Equal("mine", File.ReadAllText(Path.Combine(outside, "precious")));
    }

    [Theory]
    [InlineData("main")]
    [InlineData("prod")]
    public void A_symbolic_ref_leads_no_decision_to_a_branch_of_the_users(string branch)
    {
        var repository = _engine.Repository;
        repository.Git("branch", "prod");
        var tip = repository.Git("rev-parse", branch);
        var plant = $"git symbolic-ref refs/claude-tasks/$CLAUDETASKS_TASK refs/heads/{branch}";
        var here = _engine.Run(Steps(Write("evil.txt", "evil\n"), Bash(plant)));

        _engine.Engine.Reject(here.Id, null, _ => true);
        Assert.Equal(tip, repository.Git("rev-parse", branch));
        _engine.Engine.Remove(here.Id, force: true);
        Assert.Equal(tip, repository.Git("rev-parse", branch));

        var own = $"b=$(git symbolic-ref HEAD); git update-ref -d $b; git symbolic-ref $b refs/heads/{branch}; git symbolic-ref HEAD $b";
        var there = _engine.Run(_engine.Request(Steps(Write("evil.txt", "evil\n"), Bash(own))) with { Worktree = true });
        Record.Exception(() => _engine.Engine.Reject(there.Id, null, _ => true));
        Record.Exception(() => _engine.Engine.Remove(there.Id, force: true));
        Assert.Equal(tip, repository.Git("rev-parse", branch));
    }

    [Theory]
    [InlineData("promisor", "true")]
    [InlineData("partialclonefilter", "blob:none")]
    public void A_clone_without_its_files_starts_no_program_of_a_remote(string setting, string value)
    {
        var origin = _engine.Repository;
        origin.Write("a.txt", "a\n");
        origin.Commit("Files");
        origin.Git("config", "uploadpack.allowFilter", "true");
        origin.Git("config", "uploadpack.allowAnySHA1InWant", "true");
        var partial = _engine["partial"];
        TestRepository.RunGit(
            _engine.Home, "clone", "--quiet", "--no-checkout", "--filter=blob:none", $"file://{origin.Root}", partial);
        TestRepository.RunGit(partial, "config", "--unset", "remote.origin.promisor");
        TestRepository.RunGit(partial, "config", "--unset", "remote.origin.partialclonefilter");
        TestRepository.RunGit(partial, "config", $"remote.origin.{setting}", value);
        TestRepository.RunGit(partial, "config", "remote.origin.uploadpack", $"touch '{Owned}'; git-upload-pack");

        var task = _engine.Run(_engine.Request(Steps(Write("c.txt", "task\n")), repository: partial) with { Worktree = true });

        Assert.True(task.IsSettled);
        Assert.False(File.Exists(Owned), $"{task.Status}: {task.ReasonText}");
    }

    [Fact]
    public void A_setting_for_another_work_tree_shows_and_changes_no_other_folder()
    {
        var outside = Directory.CreateDirectory(_engine["outside"]).FullName;
        File.WriteAllText(Path.Combine(outside, "readme.md"), "precious\n");
        var redirect = $"echo 'gitdir: {_engine.Repository[".git"]}' > '{outside}/.git'; git config core.worktree '{outside}'";
        var task = _engine.Run(Steps(Write("n.txt", "evil\n"), Bash(redirect)));

        Assert.Equal(["n.txt"], _engine.Engine.GetChanges(task.Id).Select(change => change.Path));
        Assert.Throws<ClaudeTaskException>(() => _engine.Engine.Reject(task.Id, null, _ => true));
        Assert.Equal("precious\n", File.ReadAllText(Path.Combine(outside, "readme.md")));
        Assert.Equal([".git", "readme.md"], Directory.EnumerateFileSystemEntries(outside).Select(path => Path.GetFileName(path)).Order());
        _engine.Repository.Git("config", "--unset", "core.worktree");
        _engine.Engine.Reject(task.Id, null, _ => true);
        Assert.False(File.Exists(_engine.Repository["n.txt"]));
    }

    [Theory]
    [InlineData("git update-ref HEAD $(git commit-tree -p HEAD -m Bump $(git write-tree))")]
    [InlineData("env -u GIT_REFLOG_ACTION git commit -qm Bump")]
    [InlineData("git config core.logAllRefUpdates false; rm -rf .git/logs; git commit -qm Bump")]
    public async Task A_commit_that_hides_who_made_it_passes_no_gate_and_is_never_called_no_change(string commit)
    {
        var never = new ClaudeTaskGate { Name = "never", Kind = ClaudeTaskGateKind.CommandLine, Command = "false" };
        await _engine.Engine.Gates.RegisterAsync(never, default);
        var prompt = Steps(Bash($"echo evil > b.sh; git add -A; {commit}"));

        var automatic = _engine.Run(_engine.Request(prompt) with { AutoApprove = true });
        Assert.Contains(automatic.Status, new[] { ClaudeTaskStatus.Failed, ClaudeTaskStatus.QaFailed });
        var own = _engine.Run(_engine.Request(prompt.Replace("b.sh", "c.sh", StringComparison.Ordinal)) with { Worktree = true });
        Assert.Equal(ClaudeTaskStatus.QaFailed, own.Status);
        Assert.Equal("c.sh", Assert.Single(_engine.Engine.GetChanges(own.Id)).Path);
        var watched = _engine.Run(prompt.Replace("b.sh", "d.sh", StringComparison.Ordinal));
        Assert.DoesNotContain("Nothing had to be changed", watched.ReasonText ?? "", StringComparison.Ordinal);
        Assert.Contains("HEAD moved from", watched.ReasonText ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void A_process_with_the_mark_of_a_worker_is_ended_when_it_is_none()
    {
        var pid = _engine["pid"];
        using var front = new FrontEnd(_engine.Home);
        var stay = $"env -i CLAUDETASKS_DETACHED=1 setsid sh -c 'echo $$ > {pid}; exec sleep 1000' < /dev/null > /dev/null 2>&1 &";
        front.StartRun(_engine.Repository.Root, Steps(Bash(stay), Step("waitFile", pid))).WaitForExit();

        _engine.AwaitWorkers();
        var left = File.ReadAllText(pid).Trim();
        Until.True(() => !Directory.Exists($"/proc/{left}"), "the process that the agent left is gone");
    }

    [Fact]
    public void A_setting_that_points_to_another_repository_redirects_no_decision()
    {
        TestRepository.RunGit(_engine.Home, "clone", "--quiet", _engine.Repository.Root, _engine["other"]);
        TestRepository.RunGit(_engine["other"], "config", "user.name", "Other");
        var redirect = $"cp n.txt '{_engine["other"]}'; git config core.worktree '{_engine["other"]}'";
        var task = _engine.Run(Steps(Write("n.txt", "evil\n"), Bash(redirect)));
        var head = TestRepository.RunGit(_engine["other"], "rev-parse", "HEAD").Output;

        var error = Assert.ThrowsAny<ClaudeTaskException>(() => _engine.Engine.Approve(task.Id, null, _ => true, force: false));

        Assert.Contains("core.worktree", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal(head, TestRepository.RunGit(_engine["other"], "rev-parse", "HEAD").Output);
    }
}
