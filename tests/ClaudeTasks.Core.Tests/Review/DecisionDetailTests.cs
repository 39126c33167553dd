using ClaudeTasks.Model;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests;

/// <summary>What a decision leaves as it was beside the content: the rights of files, the index that another git command holds.</summary>
public sealed class DecisionDetailTests : IDisposable
{
    private readonly EngineFixture _engine = new();

    private TestRepository Repository => _engine.Repository;

    [Fact]
    public void A_file_only_its_owner_may_read_stays_so()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Modes are Unix.");
        Repository.Write("secret.txt", "base\n");
        Repository.Write("run.sh", "base\n");
        Repository.Commit("Base");
        UnixMode.Set(Repository["secret.txt"], "600");
        UnixMode.Set(Repository["run.sh"], "700");
        Repository.Git("add", "run.sh");
        Repository.Commit("Executable");
        var task = _engine.Run(Steps(Write("secret.txt", "task\n"), Write("run.sh", "task\n")));

        _engine.Engine.Reject(task.Id, null, _ => true);
        Assert.Equal(
            ("base\n", "600", "700"),
            (File.ReadAllText(Repository["secret.txt"]), UnixMode.Of(Repository["secret.txt"]), UnixMode.Of(Repository["run.sh"])));

        _engine.Engine.Undo(task.Id);
        Assert.Equal(
            ("task\n", "600", "700"),
            (File.ReadAllText(Repository["secret.txt"]), UnixMode.Of(Repository["secret.txt"]), UnixMode.Of(Repository["run.sh"])));
    }

    [Fact]
    public void A_decision_waits_for_a_locked_index_and_touches_nothing_when_it_stays_locked()
    {
        var task = _engine.Run(Steps(Write("a.txt", "task\n")));
        var locked = Repository[".git/index.lock"];
        File.WriteAllText(locked, "");
        Locked(() => Approve(task));
        Locked(() => _engine.Engine.Reject(task.Id, null, _ => true));
        Assert.Equal(ClaudeTaskStatus.WaitingApproval, _engine.Engine.Get(task.Id).Status);

        File.Delete(locked);
        Approve(task);
        File.WriteAllText(locked, "");
        Locked(() => _engine.Engine.Undo(task.Id));
        Assert.Equal(ClaudeTaskStatus.Completed, _engine.Engine.Get(task.Id).Status);

        File.Delete(locked);
        Assert.Equal(ClaudeTaskStatus.WaitingApproval, _engine.Engine.Undo(task.Id).Status);

        void Locked(Action decide)
        {
            var before = RepositoryState.Of(Repository);
            var error = Assert.Throws<ClaudeTaskException>(decide);
            Assert.Contains("locked", error.Message, StringComparison.Ordinal);
            Assert.Contains(locked, error.RecommendedAction, StringComparison.Ordinal);
            Assert.Equal(before, RepositoryState.Of(Repository));
        }
    }

    [Fact]
    public void An_index_that_is_locked_by_the_hook_of_the_commit_is_followed_later()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The hook is a shell script.");
        var task = _engine.Run(Steps(Write("a.txt", "task\n")));
        var hook = Repository[".git/hooks/post-commit"];
        File.WriteAllText(hook, $"#!/bin/sh\ntouch '{Repository[".git/index.lock"]}'\n");
        UnixMode.Set(hook, "755");

        var error = Assert.Throws<ClaudeTaskException>(() => Approve(task));
        Assert.Contains("is committed as", error.Message, StringComparison.Ordinal);
        Assert.Contains($"Approve-ClaudeTask {task.Id}", error.RecommendedAction, StringComparison.Ordinal);

        File.Delete(hook);
        File.Delete(Repository[".git/index.lock"]);
        Assert.Equal(ClaudeTaskStatus.Completed, Approve(task).Status);
        Assert.Equal(("", "task"), (Repository.Git("status", "--short"), Repository.Git("show", "HEAD:a.txt")));
    }

    [Theory]
    [InlineData("Mend the build\nIt fails on Windows.\n\nSee the log.", "Mend the build", "> It fails on Windows.\n>\n> See the log.")]
    [InlineData("Mend the build", "Mend the build", "")]
    [InlineData("Mend\u001b[2J the\u0007 build\nIt\r\nfails\u009b\t.", "Mend[2J the build", "> It\n> fails\t.")]
    public void The_first_line_of_the_prompt_is_the_subject(string prompt, string subject, string body)
    {
        var settings = _engine.WithScenario($$"""{"steps":[{{Write("a.txt", "task\n")}}]}""");
        var task = _engine.Run(_engine.Request(prompt, settings));

        Approve(task);

        Assert.Equal(subject, Repository.Git("log", "-1", "--format=%s"));
        Assert.Equal(
            $"{body}{(body.Length > 0 ? "\n\n" : "")}Claude-Task: {task.TaskId}", Repository.Git("log", "-1", "--format=%b").Trim());
    }

    public void Dispose() => _engine.Dispose();

    private ClaudeTask Approve(ClaudeTask task) => _engine.Engine.Approve(task.Id, null, _ => true, force: false);
}
