using ClaudeTasks.Model;
using ClaudeTasks.Tests.Support;
using ClaudeTasks.Text;

namespace ClaudeTasks.Tests;

public sealed class CiCommandsTests
{
    [Theory]
    [InlineData("::set-env name=PATH::/evil", ": :set-env name=PATH::/evil")]
    [InlineData("  \t ::add-mask::x", "  \t : :add-mask::x")]
    [InlineData("first\n::stop-commands::x\n\n ::error::y", "first\n: :stop-commands::x\n\n : :error::y")]
    [InlineData("\u00a0::anything at all", "\u00a0: :anything at all")]
    [InlineData(":::add-mask::x", ": : :add-mask::x")]
    [InlineData("a ##[error]b", "a # #[error]b")]
    [InlineData("###[group]", "## #[group]")]
    [InlineData("a ##vso[task.setvariable variable=x]y", "a # #vso[task.setvariable variable=x]y")]
    [InlineData("a ##VSO[Task.SetVariable variable=x]y", "a # #VSO[Task.SetVariable variable=x]y")]
    [InlineData("##[command]a ##vso[b]", "# #[command]a # #vso[b]")]
    public void What_a_service_would_take_for_a_command_is_broken_up(string text, string expected)
    {
        Assert.Equal(expected, CiCommands.Defuse(text, CiService.GitHubActions));
        Assert.Equal(expected, CiCommands.Defuse(text, CiService.AzurePipelines));
    }

    [Theory]
    [InlineData("set-env name=x")]
    [InlineData("SET-OUTPUT name=x")]
    [InlineData("save-state name=x")]
    [InlineData("add-mask")]
    [InlineData("add-path")]
    [InlineData("add-matcher")]
    [InlineData("remove-matcher owner=x")]
    [InlineData("stop-commands")]
    [InlineData("internal-set-repo-path repoFullName=x")]
    [InlineData("debug")]
    [InlineData("echo")]
    [InlineData("notice file=x")]
    [InlineData("warning")]
    [InlineData("error")]
    [InlineData("group")]
    [InlineData("endgroup")]
    public void A_command_in_the_middle_stays_none_where_a_view_breaks_the_line_before_it(string command)
    {
        var text = CiCommands.Defuse($"long text::{command}::value", CiService.GitHubActions);

        for (var width = 1; width < text.Length; width++)
        {
            Assert.False(text[width..].TrimStart().StartsWith("::" + command, StringComparison.Ordinal), text[width..]);
        }
    }

    [Theory]
    [InlineData("std::vector<std::string> a; use std::collections::HashMap; [IO.Path]::Combine($a)")]
    [InlineData("log::error!(x); std::error_code e; a ? b::c : ::d")]
    [InlineData("## Heading\n# [link](x) #[derive(Debug)] #vso[x] ##vso")]
    public void Code_and_headings_are_left_as_they_are(string text) => Assert.Equal(text, CiCommands.Defuse(text, CiService.GitHubActions));

    [Fact]
    public void Nothing_is_changed_where_there_is_no_service()
    {
        const string Text = "::add-mask::x\n##[error]y ##vso[task.complete]z";

        Assert.Equal(Text, CiCommands.Defuse(Text, CiService.None));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_front_end_shows_no_command_and_keeps_the_text(bool json)
    {
        const string Text = "::add-mask::x\n##[error]y ##vso[task.complete]z";
        using var processes = new ProcessesFixture();
        processes.Front.Environment["GITHUB_ACTIONS"] = "true";
        string[] format = json ? ["--json"] : [];

        var run = processes.Front.Start(["run", .. format, "-C", processes.Repository.Root, "-"], Simulated.Steps(Simulated.Says(Text)));

        Assert.Equal(0, run.WaitForExit());
        Assert.DoesNotContain(run.Lines, line => line.TrimStart().StartsWith("::", StringComparison.Ordinal));
        Assert.DoesNotContain(
            run.Lines, line => line.Contains("##[", StringComparison.Ordinal) || line.Contains("##vso", StringComparison.Ordinal));
        Assert.Equal(Text, Assert.Single(processes.Engine.Query(new TaskQuery())).Result);
        Assert.Equal(json, run.Lines.Any(line => line.Contains("\\u0023\\u0023[error]y", StringComparison.Ordinal)));
    }
}
