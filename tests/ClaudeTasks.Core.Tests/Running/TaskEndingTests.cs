using ClaudeTasks.Model;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests;

/// <summary>How a run ends, and that what it did and printed is kept for every ending.</summary>
public sealed class TaskEndingTests : IDisposable
{
    private readonly EngineFixture _engine = new();

    [Fact]
    public void A_complete_result_counts_although_the_agent_hangs_after_it()
    {
        var task = _engine.Run(Scenario($$"""{"ignore":["eof"],"steps":[{{Write("a.txt", "a\n")}}]}"""));

        Assert.True(task.Status == ClaudeTaskStatus.WaitingApproval, task.ReasonText);
        Assert.Contains(
            _engine.Texts(task.Id, ClaudeTaskEventKind.Warning), text => text.Contains("did not end by itself", StringComparison.Ordinal));
    }

    [Fact]
    public void A_success_with_changes_waits_for_approval_and_keeps_its_repository()
    {
        var start = _engine.Repository.Git("rev-parse", "HEAD");

        var task = _engine.Run(Steps(Says("On it."), Write("src/new.cs", "class New;\n"), Says("Done.")));

        Assert.Equal(
            (ClaudeTaskStatus.WaitingApproval, ClaudeTaskReason.None, "approval"), (task.Status, task.Reason, task.WaitingFor?.ToString()));
        Assert.Equal((start, "main"), (task.StartingCommit, task.StartingBranch));
        Assert.Equal((1, 1, 0, 0), (task.FilesChanged, task.Additions, task.Deletions, task.ExitCode));
        Assert.NotNull(task.ConversationId);
        Assert.True(task.StartedAt <= task.CompletedAt);
        Assert.True(_engine.HoldsLease(task.Id));
        Assert.Equal("src/new.cs", Assert.Single(_engine.Engine.GetChanges(task.Id)).Path);
        Assert.Equal(
            ["Pending", "PreFlight", "Running", "WaitingQa", "WaitingApproval"], _engine.Texts(task.Id, ClaudeTaskEventKind.Status));
        Assert.Contains("Writing: src/new.cs", _engine.Texts(task.Id, ClaudeTaskEventKind.ToolUse));
        Assert.Equal(["On it.", "Done."], _engine.Texts(task.Id, ClaudeTaskEventKind.Message));
    }

    [Fact]
    public void A_success_without_a_change_is_complete_and_frees_its_repository()
    {
        var task = _engine.Run(Steps(Says("All is well.")));

        Assert.Equal((ClaudeTaskStatus.Completed, ClaudeTaskReason.None), (task.Status, task.Reason));
        Assert.Equal((0, "All is well."), (task.FilesChanged, task.Result));
        Assert.False(_engine.HoldsLease(task.Id));
        Assert.Empty(_engine.Engine.GetPatch(task.Id));
    }

    [Fact]
    public void Cost_tokens_turns_and_answer_are_recorded()
    {
        var task = _engine.Run(
            Scenario("""
                {"costUsd":1.25,
                 "usage":{"input_tokens":11,"output_tokens":22,"cache_creation_input_tokens":33,"cache_read_input_tokens":44},
                 "steps":[{"text":"a"},{"text":"the answer 😀"}]}
                """),
            new TaskSettings { Model = "some-model" });

        Assert.Equal((1.25m, 2, "the answer 😀", "some-model"), (task.CostUsd, task.Turns, task.Result, task.Model));
        Assert.Equal((11L, 22L, 33L, 44L), (task.InputTokens, task.OutputTokens, task.CacheCreationTokens, task.CacheReadTokens));
    }

    [Fact]
    public void An_error_of_the_service_fails_the_task_and_keeps_what_was_done()
    {
        var task = _engine.Run(Scenario("""
            {"exitCode":1,"steps":[{"tool":"Write","input":{"file_path":"half.txt","content":"half"}}],
             "result":{"is_error":true,"terminal_reason":"api_error","api_error_status":529,"result":"Overloaded"}}
            """));

        Assert.Equal((ClaudeTaskStatus.Failed, ClaudeTaskReason.ApiError), (task.Status, task.Reason));
        Assert.Contains("Overloaded (HTTP 529)", task.ReasonText, StringComparison.Ordinal);
        Assert.Equal("half.txt", Assert.Single(_engine.Engine.GetChanges(task.Id)).Path);
        Assert.False(_engine.HoldsLease(task.Id));
    }

    [Theory]
    [InlineData("""{"exitCode":3,"steps":[]}""", ClaudeTaskReason.MissingEvidence, "exit code was 3")]
    [InlineData("""{"steps":[],"result":{"num_turns":0}}""", ClaudeTaskReason.MissingEvidence, "made no turn")]
    [InlineData("""{"steps":[],"result":{"terminal_reason":"tool_deferred"}}""", ClaudeTaskReason.MissingEvidence, "tool_deferred")]
    [InlineData(
        """
        {"steps":[
            {"raw":"{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":false,\"terminal_reason\":\"completed\",\"num_turns\":1}"},
            {"exit":0}]}
        """,
        ClaudeTaskReason.MissingEvidence, "never became idle")]
    [InlineData("""{"steps":[{"text":"bye"},{"exit":0}]}""", ClaudeTaskReason.AgentError, "exit code 0 before it gave a result")]
    [InlineData("""{"steps":[{"stderr":"out of luck"},{"exit":7}]}""",
        ClaudeTaskReason.AgentError, "exit code 7 before it gave a result. It said: out of luck")]
    [InlineData(
        """{"steps":[],"exitCode":1,"result":{"subtype":"error_max_budget_usd","is_error":true,"errors":["Reached maximum budget"]}}""",
        ClaudeTaskReason.BudgetExceeded, "Reached maximum budget")]
    [InlineData(
        """
        {"steps":[],"exitCode":1,"result":{"subtype":"error_max_turns","is_error":true,"terminal_reason":"max_turns",
            "errors":["Reached maximum number of turns"]}}
        """,
        ClaudeTaskReason.AgentError, "Reached maximum number of turns")]
    public void An_end_without_all_evidence_is_a_failure_that_names_what_is_missing(string scenario, ClaudeTaskReason reason, string words)
    {
        var task = _engine.Run(Scenario(scenario));

        Assert.Equal((ClaudeTaskStatus.Failed, reason), (task.Status, task.Reason));
        Assert.Contains(words, task.ReasonText, StringComparison.Ordinal);
    }

    [Fact]
    public void A_crash_keeps_the_output_and_the_diff()
    {
        var task = _engine.Run(Steps(Says("last words"), Write("half.txt", "half\n"), """{"kill":true}"""));

        Assert.Equal((ClaudeTaskStatus.Failed, ClaudeTaskReason.AgentError), (task.Status, task.Reason));
        Assert.Equal(OperatingSystem.IsWindows() ? -1 : 137, task.ExitCode);
        Assert.Equal(["last words"], _engine.Texts(task.Id, ClaudeTaskEventKind.Message));
        Assert.Single(_engine.Engine.GetChanges(task.Id));
    }

    [Fact]
    public void A_denied_tool_stands_beside_the_success_and_holds_nothing_up()
    {
        var task = _engine.Run(Steps(Bash("touch never", true), Says("I was not allowed.")));

        Assert.Equal(ClaudeTaskStatus.Completed, task.Status);
        Assert.Equal(["Bash"], task.DeniedTools);
        Assert.Equal(
            ["Asks: Running: touch never", "Denied, as nobody is there to answer: Running: touch never"],
            _engine.Texts(task.Id, ClaudeTaskEventKind.Permission));
        Assert.False(File.Exists(_engine.Repository["never"]));
    }

    [Fact]
    public void What_the_agent_writes_to_standard_error_is_kept()
    {
        var task = _engine.Run(Steps("""{"stderr":"warning: one"}""", """{"stderr":"ünï \u001b[31m two"}"""));

        Assert.Equal(["warning: one", "ünï \u001b[31m two"], _engine.Texts(task.Id, ClaudeTaskEventKind.StandardError));
    }

    [Fact]
    public void The_patch_makes_the_start_into_the_result()
    {
        _engine.Repository.Write("keep.txt", "one\ntwo\n");
        var commit = _engine.Repository.Commit("Keep");
        var task = _engine.Run(Steps(
            Write("ünï/new file.txt", "new"),
            """{"tool":"Edit","input":{"file_path":"keep.txt","old_string":"two","new_string":"2"} }""",
            """{"tool":"Delete","input":{"file_path":"readme.md"} }"""));

        var clone = _engine["clone"];
        _engine.Repository.Git("clone", "--quiet", _engine.Repository.Root, clone);
        File.WriteAllBytes(_engine["task.patch"], _engine.Engine.GetPatch(task.Id));

        Assert.Equal((0, "", ""), TestRepository.RunGit(clone, "apply", _engine["task.patch"]));
        Assert.Equal(commit, task.StartingCommit);
        Assert.Equal("one\n2\n", File.ReadAllText(Path.Combine(clone, "keep.txt")));
        Assert.Equal("new", File.ReadAllText(Path.Combine(clone, "ünï/new file.txt")));
        Assert.False(File.Exists(Path.Combine(clone, "readme.md")));
    }

    [Fact]
    public void What_the_agent_commits_itself_is_in_the_diff_too()
    {
        var task = _engine.Run(
            Steps(Write("a.txt", "a\n"), Bash("git add a.txt && git commit -qm own", false), Write("b.txt", "b\n")),
            new TaskSettings { PermissionMode = "bypassPermissions" });

        Assert.Equal(["a.txt", "b.txt"], _engine.Engine.GetChanges(task.Id).Select(change => change.Path));
    }

    [Fact]
    public void A_repository_without_a_commit_works()
    {
        var empty = new TestRepository(_engine["empty"], withCommit: false);

        var task = _engine.Run(Steps(Write("first.txt", "1\n")), repository: empty.Root);

        Assert.Equal((ClaudeTaskStatus.WaitingApproval, null, "main"), (task.Status, task.StartingCommit, task.StartingBranch));
        Assert.Equal(ClaudeTaskChangeKind.Added, Assert.Single(_engine.Engine.GetChanges(task.Id)).Kind);
    }

    public void Dispose() => _engine.Dispose();
}
