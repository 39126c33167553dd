using ClaudeTasks.Engine;
using ClaudeTasks.Model;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests;

public sealed class PreFlightTests : IDisposable
{
    private readonly EngineFixture _engine = new();

    [Fact]
    public void A_tree_that_is_not_clean_stops_the_task_and_the_files_are_named()
    {
        _engine.Repository.Write("readme.md", "# Mine\n");
        for (var i = 0; i < 12; i++)
        {
            _engine.Repository.Write($"new {i:00}.txt", "");
        }

        var task = _engine.Run(Steps(Write("never", "")));

        Assert.Equal((ClaudeTaskStatus.Failed, ClaudeTaskReason.PreFlightFailed), (task.Status, task.Reason));
        Assert.Contains("readme.md, new 00.txt", task.ReasonText, StringComparison.Ordinal);
        Assert.Contains("and 3 more", task.ReasonText, StringComparison.Ordinal);
        Assert.Null(task.ConversationId);
        Assert.Null(task.FilesChanged);
        Assert.False(_engine.HoldsLease(task.Id));
        Assert.False(File.Exists(_engine.Repository["never"]));
        Assert.Equal(
            ClaudeTaskErrorId.DiffNotAvailable, Assert.Throws<ClaudeTaskException>(() => _engine.Engine.GetPatch(task.Id)).ErrorId);
    }

    [Fact]
    public void A_merge_in_progress_stops_the_task_and_says_how_to_end_it()
    {
        _engine.Repository.Git("checkout", "--quiet", "-b", "side");
        _engine.Repository.Write("readme.md", "side\n");
        _engine.Repository.Commit("Side");
        _engine.Repository.Git("checkout", "--quiet", "main");
        _engine.Repository.Write("readme.md", "main\n");
        _engine.Repository.Commit("Main");
        TestRepository.RunGit(_engine.Repository.Root, "merge", "side");

        var task = _engine.Run(Steps());

        Assert.Equal(ClaudeTaskReason.PreFlightFailed, task.Reason);
        Assert.Contains("A merge is in progress", task.ReasonText, StringComparison.Ordinal);
        Assert.Contains("--abort", task.ReasonText, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_is_not_logged_in_is_told_how_to()
    {
        var task = _engine.Run(
            "Do it", _engine.WithScenario("""{"account":{"tokenSource":"none","apiProvider":"firstParty"},"steps":[{"text":"never"}]}"""));

        Assert.Equal((ClaudeTaskStatus.Failed, ClaudeTaskReason.PreFlightFailed), (task.Status, task.Reason));
        Assert.Contains("not logged in", task.ReasonText, StringComparison.Ordinal);
        Assert.Contains("/login", task.ReasonText, StringComparison.Ordinal);
        Assert.Empty(_engine.Texts(task.Id, ClaudeTaskEventKind.Message));
    }

    [Theory]
    [InlineData("""{"initialize":"ignore"}""", "did not answer its first request")]
    [InlineData("""{"initialize":"error"}""", "did not answer its first request")]
    [InlineData("""{"stderrAtStart":"bad config","exitAtStart":1}""", "It said: bad config")]
    public void An_agent_that_does_not_start_well_fails_the_task(string scenario, string words)
    {
        var task = _engine.Run("Do it", _engine.WithScenario(scenario) with { StartTimeout = TimeSpan.FromSeconds(1.5) });

        Assert.Equal((ClaudeTaskStatus.Failed, ClaudeTaskReason.StartFailed), (task.Status, task.Reason));
        Assert.Contains(words, task.ReasonText, StringComparison.Ordinal);
        Assert.False(_engine.HoldsLease(task.Id));
    }

    [Theory]
    [InlineData("exit 1", "exit code 1")]
    [InlineData("echo oops >&2; exit 3", "exit code 3: oops")]
    [InlineData("echo hello world", "answered no version: 'hello world'")]
    [InlineData("printf '\\377\\000\\n'", "answered no version")]
    [InlineData("echo 1.9.9", "too old")]
    [InlineData("kill -9 $$", "exit code 137")]
    public void A_program_that_is_not_the_agent_is_refused_with_what_it_said(string script, string words)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Scripts.");
        File.WriteAllText(_engine["fake"], $"#!/bin/sh\n{script}\n");
        UnixMode.Set(_engine["fake"], "755");

        var task = _engine.Run("Do it", new TaskSettings { ClaudePath = _engine["fake"] });

        Assert.Equal((ClaudeTaskStatus.Failed, ClaudeTaskReason.PreFlightFailed), (task.Status, task.Reason));
        Assert.Contains(words, task.ReasonText, StringComparison.Ordinal);
    }

    [Fact]
    public void An_agent_that_is_missing_or_no_program_is_refused_with_how_to_install_it()
    {
        File.WriteAllText(_engine["text"], "not a program");

        foreach (var path in new[] { _engine["missing"], _engine["text"] })
        {
            var task = _engine.Run("Do it", new TaskSettings { ClaudePath = path });

            Assert.Equal(ClaudeTaskReason.PreFlightFailed, task.Reason);
            Assert.Contains(path, task.ReasonText, StringComparison.Ordinal);
            Assert.Contains("Install it", task.ReasonText, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_repository_that_is_gone_when_its_turn_comes_fails_the_task()
    {
        var (reached, goOn) = (_engine["reached"], _engine["go on"]);
        var first = _engine.Start(Steps(Pause(reached, goOn)));
        Until.True(() => File.Exists(reached), "the first runs");
        var second = _engine.Start(Steps());
        Directory.Move(_engine.Repository.Root, _engine["moved"]);
        File.WriteAllText(goOn, "");

        Assert.True(_engine.Settled(first.Id).IsSettled);
        var task = _engine.Settled(second.Id);
        Assert.Equal((ClaudeTaskStatus.Failed, ClaudeTaskReason.PreFlightFailed), (task.Status, task.Reason));
    }

    [Fact]
    public void What_can_not_be_a_task_leaves_none()
    {
        File.WriteAllText(_engine["file"], "");
        foreach (var (prompt, repository, id) in new[]
        {
            (" ", _engine.Repository.Root, ClaudeTaskErrorId.InvalidPrompt),
            ("Do it", _engine["missing"], ClaudeTaskErrorId.RepositoryNotFound),
            ("Do it", _engine["file"], ClaudeTaskErrorId.RepositoryNotFound),
            ("Do it", _engine.Home, ClaudeTaskErrorId.NotARepository),
        })
        {
            Assert.Equal(id, Assert.Throws<ClaudeTaskException>(() => _engine.Start(prompt, repository: repository)).ErrorId);
        }

        Assert.Empty(_engine.Engine.Query(new TaskQuery()));
    }

    [Fact]
    public async Task The_checks_can_be_made_alone()
    {
        _engine.Repository.Write("dirty.txt", "");

        var checks = await Prerequisites.CheckAsync(_engine.Repository.Root, Program, default);

        Assert.Equal(
            [
                ("Git", true), ("Repository", true), ("NoOperation", true), ("CleanTree", false), ("RepositorySettings", true),
                ("ClaudeCode", true), ("Login", true)
            ],
            checks.Select(check => (check.Name, check.Passed)));
        Assert.All(checks, check => Assert.Equal(check.Passed, check.Fix is null));
        Assert.Contains("dirty.txt", checks[3].Detail, StringComparison.Ordinal);
    }

    public void Dispose() => _engine.Dispose();
}
