using System.Diagnostics;
using ClaudeTasks.Model;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests.Faults;

/// <summary>
/// Repositories that want to run something, point elsewhere, or go away while somebody works in them. The traps are Unix scripts.
/// </summary>
public sealed class HostileRepositoryTests : IDisposable
{
    /// <summary>Names that an option, a pattern or a line could be made of.</summary>
    private static readonly string[] OddNames =
    [
        "-rf", "--output=x", "--", ":(exclude)*", "*", "a[b]?", "two\nlines",
        "tab\there", " ", "\"quoted\"", "back\\slash", "$(id)", "ünï", "\u202egnp.exe"
    ];

    private readonly EngineFixture _engine = new();

    public HostileRepositoryTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "The traps are scripts of a Unix shell.");

    private TestRepository Repository => _engine.Repository;

    private string Trap => _engine["trap"];

    private string Sprung => _engine["sprung"];

    /// <summary>Settings by which a repository has a program run, with a place for the program.</summary>
    public static TheoryData<string> Settings => new(
        "core.fsmonitor=!", "core.hooksPath=hooks", "core.sshCommand=!", "core.editor=!", "core.pager=!", "core.askPass=!",
        "core.gitProxy=!", "core.alternateRefsCommand=!", "diff.external=!", "diff.trap.command=!", "diff.trap.textconv=!",
        "merge.trap.driver=!", "gpg.program=!", "credential.helper=!", "sequence.editor=!", "submodule.sub.update=!!",
        "uploadpack.packObjectsHook=!", "alias.status=!!", "alias.diff-tree=!!", "interactive.diffFilter=!", "pager.diff-tree=!");

    [Theory]
    [MemberData(nameof(Settings))]
    public void What_it_has_git_run_is_not_run_by_a_task_and_its_denial(string setting)
    {
        Repository.Write(".gitattributes", "* diff=trap merge=trap\n");
        Repository.Write("old.txt", "old\n");
        SetTraps();
        Repository.Commit("Base");
        var (name, value) = (setting.Split('=')[0], setting.Split('=')[1]);
        Repository.Git(
            "config",
            name,
            value.Replace("!!", $"!{Trap}", StringComparison.Ordinal)
                .Replace("!", value.StartsWith("!!", StringComparison.Ordinal) ? "!" : Trap, StringComparison.Ordinal));
        File.Delete(Sprung);

        var task = _engine.Run(Steps(Write("new.txt", "new\n"), Write("old.txt", "changed\n")));
        Assert.Equal(ClaudeTaskStatus.WaitingApproval, task.Status);
        Assert.Equal(2, _engine.Engine.GetChanges(task.Id).Count);
        Assert.NotEmpty(_engine.Engine.GetPatch(task.Id));
        _engine.Engine.Reject(task.Id, null, _ => true);
        _engine.Engine.Undo(task.Id);
        _engine.Engine.Reject(task.Id, null, _ => true);

        Assert.Equal("old\n", File.ReadAllText(Repository["old.txt"]));
        Assert.False(File.Exists(Sprung), $"{setting} was run.");
    }

    [Fact]
    public void Its_hooks_are_run_by_an_approval_alone_as_by_any_commit()
    {
        SetTraps();
        Repository.Git("config", "core.hooksPath", "hooks");
        var task = _engine.Run(Steps(Write("new.txt", "new\n")), new TaskSettings());
        Assert.True(task.Status == ClaudeTaskStatus.Failed, "The hooks are files that nobody has committed.");
        Repository.Git("config", "core.hooksPath", "/dev/null");
        Repository.Commit("Hooks");
        Repository.Git("config", "core.hooksPath", "hooks");
        File.Delete(Sprung);

        task = _engine.Run(Steps(Write("new.txt", "new\n")));
        Assert.False(File.Exists(Sprung));
        _engine.Engine.Approve(task.Id, null, _ => true, force: false);

        Assert.Contains("pre-commit", File.ReadAllText(Sprung), StringComparison.Ordinal);
    }

    [Fact]
    public void A_git_file_that_points_elsewhere_cannot_make_a_task_touch_what_lies_there()
    {
        var victim = new TestRepository(_engine["victim"]);
        victim.Write("mine.txt", "mine\n");
        victim.Git("add", "mine.txt");
        var before = (victim.GitFolderContent(), File.ReadAllText(victim["mine.txt"]));
        Directory.CreateDirectory(_engine["bait"]);
        File.WriteAllText(Path.Combine(_engine["bait"], ".git"), $"gitdir: {victim[".git"]}\n");

        var task = _engine.Run(
            _engine.Request(Steps(Write("new.txt", "new\n"), Write("readme.md", "changed\n")), repository: _engine["bait"])
                with { AllowDirty = true });
        Assert.Equal(ClaudeTaskStatus.WaitingApproval, task.Status);
        Assert.True(_engine.HoldsLease(task.Id));
        _engine.Engine.Reject(task.Id, null, _ => true);

        Assert.False(File.Exists(Path.Combine(_engine["bait"], "new.txt")));
        Assert.Equal(before.Item2, File.ReadAllText(victim["mine.txt"]));
        Assert.Equal("A  mine.txt", victim.Git("status", "--short"));
        Assert.All(
            before.Item1.Where(file => !file.Key.Contains("/refs/", StringComparison.Ordinal)),
            file => Assert.Equal(file.Value, victim.GitFolderContent()[file.Key]));
    }

    [Fact]
    public void What_lies_behind_a_link_out_of_the_tree_is_neither_recorded_nor_put_back()
    {
        Directory.CreateDirectory(_engine["outside"]);
        File.WriteAllText(Path.Combine(_engine["outside"], "secret.txt"), "secret\n");
        Directory.CreateSymbolicLink(Repository["folder"], _engine["outside"]);
        File.CreateSymbolicLink(Repository["file"], Path.Combine(_engine["outside"], "secret.txt"));
        Repository.Write("real/inner.txt", "inner\n");
        Repository.Commit("Links");

        // The last one puts a link where a folder was, so that what is put back must not go through it.
        var task = _engine.Run(
            Steps(
                Bash("echo more >> folder/new.txt; echo more >> file; rm file; ln -s /etc/passwd file; rm -r real; ln -s ../outside real")),
            new TaskSettings { PermissionMode = "bypassPermissions" });
        Assert.Equal(ClaudeTaskStatus.WaitingApproval, task.Status);
        Assert.Equal(
            ["file", "real", "real/inner.txt"],
            _engine.Engine.GetChanges(task.Id).Select(change => change.Path).Order(StringComparer.Ordinal));
        Assert.DoesNotContain("+more", System.Text.Encoding.UTF8.GetString(_engine.Engine.GetPatch(task.Id)), StringComparison.Ordinal);
        _engine.Engine.Reject(task.Id, null, _ => true);

        Assert.Equal("inner\n", File.ReadAllText(Repository["real/inner.txt"]));
        Assert.Null(new DirectoryInfo(Repository["real"]).LinkTarget);
        Assert.Equal(
            ["new.txt", "secret.txt"], Directory.GetFiles(_engine["outside"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal("secret\nmore\n", File.ReadAllText(Path.Combine(_engine["outside"], "secret.txt")));
    }

    [Fact]
    public void Names_that_look_like_something_else_are_names()
    {
        var steps = OddNames.Select(name => Write($"./{name}", "task\n"));
        var task = _engine.Run(Steps([.. steps]));
        Assert.Equal(
            OddNames.Order(StringComparer.Ordinal),
            _engine.Engine.GetChanges(task.Id).Select(change => change.Path).Order(StringComparer.Ordinal));

        _engine.Engine.Approve(task.Id, null, path => path is "-rf" or "--output=x" or ":(exclude)*", force: false);
        Assert.Equal(3, Repository.GitEntries("ls-tree", "-r", "-z", "--name-only", "HEAD").Length - 1);
        _engine.Engine.Reject(task.Id, null, _ => true);

        Assert.Equal("", Repository.Git("status", "--short"));
        Assert.Equal(
            ["--output=x", "-rf", ":(exclude)*", "readme.md"],
            Directory.GetFiles(Repository.Root).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void One_that_belongs_to_somebody_else_is_refused_until_the_user_trusts_it()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can give files away.");
        Assert.Equal(0, TestRepository.Run("chown", Repository.Root, System.Text.Encoding.UTF8, "-R", "12345", Repository.Root).ExitCode);

        var error = Assert.Throws<ClaudeTaskException>(() => _engine.Start(Steps(Says("x"))));

        Assert.Equal(ClaudeTaskErrorId.NotARepository, error.ErrorId);
        Assert.Contains("another user", error.Message, StringComparison.Ordinal);
        Assert.Contains("safe.directory", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Empty(_engine.Engine.Query(new TaskQuery()));
    }

    [Fact]
    public void Somebody_elses_lock_on_the_index_disturbs_no_task()
    {
        var index = Repository[".git/index.lock"];
        File.WriteAllText(index, "");

        var task = _engine.Run(Steps(Write("new.txt", "new\n")));

        Assert.True(task.Status == ClaudeTaskStatus.WaitingApproval, task.ReasonText);
        Assert.Equal("new.txt", Assert.Single(_engine.Engine.GetChanges(task.Id)).Path);
        Assert.Equal("", File.ReadAllText(index));
        File.Delete(index);
        Assert.Equal(ClaudeTaskStatus.Completed, _engine.Engine.Approve(task.Id, null, _ => true, force: false).Status);
    }

    [Theory]
    [InlineData("rm -rf '{0}'", "is deleted")]
    [InlineData("mv '{0}' '{0}.moved'", "is moved")]
    [InlineData("rm -rf '{0}/.git'", "is a repository no more")]
    [InlineData("mv '{0}' '{0}.old'; git clone -q '{0}.old' '{0}'", "is cloned anew")]
    [InlineData("rm -rf '{0}'; ln -s /nowhere '{0}'", "becomes a link to nowhere")]
    public void One_that_goes_away_meanwhile_is_an_end_in_words_and_the_next_task_runs(string command, string what)
    {
        var shell = string.Format(System.Globalization.CultureInfo.InvariantCulture, command, Repository.Root);
        var task = _engine.Run(
            Steps(Write("new.txt", "new\n"), Bash(shell), Says("It is gone.")), new TaskSettings { PermissionMode = "bypassPermissions" });

        Assert.True(task.IsSettled && (task.Status == ClaudeTaskStatus.Completed || task.ReasonText is not null), $"{what}: {task.Status}");
        Assert.NotEqual(ClaudeTaskStatus.WaitingApproval, task.Status);
        Assert.Contains("It is gone.", _engine.Texts(task.Id, ClaudeTaskEventKind.Message));
        Assert.False(_engine.HoldsLease(task.Id));
        var other = new TestRepository(_engine["other"]);
        Assert.Equal(ClaudeTaskStatus.Completed, _engine.Run(Steps(Says("next")), repository: other.Root).Status);
    }

    [Fact]
    public void A_very_large_one_takes_the_same_way()
    {
        var count = LongMode.Of(3_000, 1_000_000);
        for (var i = 0; i < count; i++)
        {
            var folder = Repository[$"d{i / 1000}"];
            if (i % 1000 == 0)
            {
                Directory.CreateDirectory(folder);
            }

            File.WriteAllText(Path.Combine(folder, $"f{i}.txt"), $"{i}\n");
        }

        // git would pack what was committed behind the test's back, and beside what is measured.
        Repository.Git("config", "gc.auto", "0");
        Repository.Commit("Very many");
        var clock = Stopwatch.StartNew();
        var task = _engine.Run(Steps(Write("d0/f0.txt", "changed\n"), Write("d0/new.txt", "new\n")));
        var ran = clock.Elapsed;
        clock.Restart();
        Assert.Equal(ClaudeTaskStatus.Completed, _engine.Engine.Approve(task.Id, null, _ => true, force: false).Status);
        LongMode.Note(
            "a repository of so many files: seconds of a task that changes two, of its approval",
            $"{count} {ran.TotalSeconds:0.0} {clock.Elapsed.TotalSeconds:0.0}");
        Assert.Equal(2, task.FilesChanged);
        Assert.Equal("d0/f0.txt\nd0/new.txt", Repository.Git("show", "--format=", "--name-only", "HEAD"));
    }

    public void Dispose() => _engine.Dispose();

    /// <summary>A program that leaves a trace, also as every hook there is.</summary>
    private void SetTraps()
    {
        string[] hooks =
        [
            "pre-commit", "prepare-commit-msg", "commit-msg", "post-commit",
            "post-checkout", "post-merge", "post-index-change", "pre-auto-gc",
            "post-rewrite", "reference-transaction", "fsmonitor-watchman", "post-applypatch",
        ];
        foreach (var path in hooks.SelectMany(hook => new[] { Repository[$"hooks/{hook}"], Repository[$".git/hooks/{hook}"] }).Append(Trap))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, $"#!/bin/sh\necho \"$0 $*\" >> '{Sprung}'\n");
            UnixMode.Set(path, "755");
        }
    }
}
