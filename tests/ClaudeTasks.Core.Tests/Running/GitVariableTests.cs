using ClaudeTasks.Model;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests;

/// <summary>A task that is started where Git has named a repository, as in a hook, works on its own repository and on no other.</summary>
public sealed class GitVariableTests : IDisposable
{
    private readonly EngineFixture _engine = new();
    private readonly TestRepository _other;
    private readonly FrontEnd _front;

    public GitVariableTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The agent's commands and the hooks are shell scripts.");
        _other = new TestRepository(_engine["other"]);
        _front = new FrontEnd(_engine.Home);
    }

    [Fact]
    public async Task The_agent_and_the_gates_inherit_no_variable_that_names_a_repository()
    {
        string[] names = [.. _other.Git("rev-parse", "--local-env-vars").Split('\n'), "GIT_NAMESPACE", "GIT_QUARANTINE_PATH"];
        foreach (var name in names)
        {
            _front.Environment[name] = name switch
            {
                "GIT_DIR" or "GIT_COMMON_DIR" => _other[".git"],
                "GIT_INDEX_FILE" => _other[".git/index"],
                "GIT_OBJECT_DIRECTORY" or "GIT_ALTERNATE_OBJECT_DIRECTORIES" or "GIT_QUARANTINE_PATH" => _other[".git/objects"],
                "GIT_WORK_TREE" => _other.Root,
                "GIT_CONFIG_COUNT" => "0",
                "GIT_CONFIG_PARAMETERS" => "'core.bare=false'",
                _ => "",
            };
        }

        var seen = _engine["seen"];
        var list = $"env | grep -oE '^({string.Join('|', names)})=' >> '{seen}'";
        await _engine.Engine.Gates.RegisterAsync(
            new ClaudeTaskGate
            {
                Name = "env", Repository = _engine.Repository.Root, Kind = ClaudeTaskGateKind.CommandLine, Command = $"{list}; true",
            },
            default);
        var before = RepositoryState.Of(_other);
        var prompt = Steps(Bash($"{list}; echo x > new.txt; git add new.txt; git commit -qm 'By the agent'"), Write("b.txt", "b\n"));

        var process = _front.StartRun(_engine.Repository.Root, prompt);
        process.WaitForExit();

        var task = Assert.Single(_engine.Engine.Query(new TaskQuery()));
        Assert.True(task.Status == ClaudeTaskStatus.WaitingApproval, $"{task.Status}: {task.ReasonText} {process.Error}");
        Assert.Equal("", File.ReadAllText(seen));
        RepositoryState.AssertSame(before, RepositoryState.Of(_other));
        Assert.Equal(["b.txt", "new.txt"], _engine.Engine.GetChanges(task.Id).Select(change => change.Path).Order());
        Assert.Equal("By the agent", _engine.Repository.Git("log", "-1", "--format=%s"));
    }

    [Theory]
    [InlineData("pre-commit", "git commit -q --allow-empty -m x")]
    [InlineData("post-commit", "git commit -q --allow-empty -m x")]
    [InlineData("post-commit", "git -c user.name=Other commit -q --allow-empty -m x")]
    [InlineData("post-checkout", "git checkout -q -b side")]
    [InlineData("pre-rebase", "git rebase -q --force-rebase HEAD~1")]
    [InlineData("post-rewrite", "git commit -q --amend --allow-empty -m x")]
    [InlineData("pre-push", "git push -q ../received HEAD:refs/heads/pushed")]
    [InlineData("pre-receive", "git -C ../pushing push -q ../other HEAD:refs/heads/pushed")]
    [InlineData("post-receive", "git -C ../pushing push -q ../other HEAD:refs/heads/pushed")]
    public void A_task_can_be_started_from_a_hook_of_another_repository(string hook, string command)
    {
        _other.Commit("Second");
        TestRepository.RunGit(_engine.Home, "clone", "--quiet", _other.Root, _engine["pushing"]);
        string[] newCommit = ["-c", "user.name=T", "-c", "user.email=t@t", "commit", "--quiet", "--allow-empty", "-m", "New"];
        TestRepository.RunGit(_engine["pushing"], newCommit);
        TestRepository.RunGit(_engine.Home, "init", "--quiet", "--bare", _engine["received"]);
        File.WriteAllText(_engine["prompt"], Steps(Bash("echo x > new.txt; git add new.txt; git commit -qm 'By the agent'")));
        _other.Write(
            $".git/hooks/{hook}",
            $"""
            #!/bin/sh
            export CLAUDETASKS_HOME='{_engine.Home}' CLAUDE_CODE_PATH='{Simulated.Program}'
            '{FrontEnd.Program}' run --json -C '{_engine.Repository.Root}' - < '{_engine["prompt"]}' > '{_engine["out"]}' 2>&1
            exit 0

            """);
        UnixMode.Set(_other[$".git/hooks/{hook}"], "755");

        var done = TestRepository.Run("/bin/sh", _other.Root, System.Text.Encoding.UTF8, "-c", command);

        Assert.True(done.ExitCode == 0, done.Error);
        var task = Assert.Single(_engine.Engine.Query(new TaskQuery()));
        Assert.True(task.Status == ClaudeTaskStatus.WaitingApproval, task.ReasonText);
        Assert.Equal("By the agent", _engine.Repository.Git("log", "-1", "--format=%s"));
        Assert.False(File.Exists(_other["new.txt"]));
        Assert.DoesNotContain("By the agent", _other.Git("log", "--all", "--format=%s"), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _engine.AwaitWorkers();
        _front?.Dispose();
        _engine.Dispose();
    }
}
