using System.Text.Json;
using ClaudeTasks.Model;
using ClaudeTasks.Running;
using ClaudeTasks.Tests.Support;

namespace ClaudeTasks.Tests;

/// <summary>What a rule decides, and what slips through no rule.</summary>
public sealed class RuleMatchTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Repository => Directory.CreateDirectory(_folder["repository"]).FullName;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("find . -name \"*.tmp\" -delete", "find . -name \"x\" -exec PROGRAM ; -name \".tmp\" -delete")]
    [InlineData("ls *", "ls /home")]
    [InlineData("*", "rm -rf /")]
    [InlineData("git log", "git  log")]
    [InlineData("git log", "GIT log")]
    public void An_exact_rule_allows_the_same_command_only(string allowed, string other)
    {
        var rule = Rule("Bash", allowed, isLiteral: true);

        Assert.True(RuleMatch.Decides(rule, Bash(allowed)));
        Assert.False(RuleMatch.Decides(rule, Bash(other)));
    }

    [Fact]
    public void An_exact_rule_for_a_file_whose_name_has_a_star_allows_that_file_only()
    {
        var rule = Rule("Write", "docs/*", isLiteral: true);

        Assert.True(RuleMatch.Decides(rule, File("Write", "docs/*")));
        Assert.False(RuleMatch.Decides(rule, File("Write", "docs/a.md")));
    }

    [Theory]
    [InlineData("git *", "git log", true)]
    [InlineData("git *", "git push origin feature/x", true)]
    [InlineData("git *", "git push -u origin HEAD:refs/heads/x", true)]
    [InlineData("git *", "git fetch https://example.com/x.git main", true)]
    [InlineData("git *", "git pull git@example.com:x/y.git", true)]
    [InlineData("git *", "git remote -v", true)]
    [InlineData("git push ./copy *", "git push ./copy main", true)]
    [InlineData("git *", "git log -- 'a*b'", true)]
    [InlineData("dotnet test*", "dotnet test --no-build", true)]
    [InlineData("git * --stat", "git log --stat", true)]
    [InlineData("a*b*c", "a1b2c", true)]
    [InlineData("a*b*c", "acb", false)]
    [InlineData("ab*ba", "aba", false)]
    [InlineData("git *", "git log; rm -rf .", false)]
    [InlineData("git *", "git log $(rm x)", false)]
    [InlineData("git *", "git log `rm x`", false)]
    [InlineData("git *", "git log && rm x", false)]
    [InlineData("git *", "git log\nrm x", false)]
    [InlineData("git *", "git log\rrm x", false)]
    [InlineData("git *", "git log\u2028rm x", false)]
    [InlineData("git *", "git log\u2029rm x", false)]
    [InlineData("git *", "git log\u0085rm x", false)]
    [InlineData("git *", "git log\u000brm x", false)]
    [InlineData("git *", "git log\u001b[2Krm x", false)]
    [InlineData("git *", "git log > x", false)]
    [InlineData("git *", "git log | sh", false)]
    [InlineData("*", "a; b", true)]
    public void A_wildcard_allows_one_command(string pattern, string command, bool allows) => Assert.All(
        new[] { "Bash", "PowerShell", "Monitor" },
        tool => Assert.Equal(allows, RuleMatch.Decides(Rule(tool, pattern), Use(tool, new { command }))));

    [Theory]
    [InlineData("git -c alias.z='!touch x' z")]
    [InlineData("git push ./vendor/x.git HEAD:refs/heads/z")]
    [InlineData("git push vendor/x.git HEAD:refs/heads/z")]
    [InlineData("git push -- ./vendor/x.git HEAD")]
    [InlineData("git push -o opt ../x.git HEAD")]
    [InlineData("git push file:///tmp/x.git HEAD")]
    [InlineData("git fetch ~/x.git")]
    [InlineData("git pull 'ext::sh -c x'")]
    [InlineData("git remote add x /tmp/x.git")]
    [InlineData("git remote set-url origin ./vendor/x.git")]
    [InlineData("git -calias.z=!x z")]
    [InlineData("git -C /other log")]
    [InlineData("git --git-dir=/other/.git log")]
    [InlineData("git --exec-path=/tmp log")]
    [InlineData("git --config-env=alias.z=Z z")]
    [InlineData("git log --output=/home/user/.bashrc")]
    [InlineData("git log --outpu=/home/user/.bashrc")]
    [InlineData("git log \"--output\"=/home/user/.bashrc")]
    [InlineData("git diff --ext-diff")]
    [InlineData("git grep -Otouch x")]
    [InlineData("git grep -nOtouch x")]
    [InlineData("git grep --open-files-in-pager=touch x")]
    [InlineData("git fetch --upload-pack=/tmp/x origin")]
    [InlineData("git push --receive-pack=/tmp/x origin")]
    [InlineData("git clone -u /tmp/x a b")]
    [InlineData("git rebase -x 'touch x' main")]
    [InlineData("git rebase --exec='touch x' main")]
    [InlineData("git bisect run touch x")]
    [InlineData("git submodule foreach 'touch x'")]
    [InlineData("git config alias.z '!touch x'")]
    [InlineData("git 'config' alias.z x")]
    [InlineData("git difftool -x touch")]
    [InlineData("git \"-c\" alias.z='!touch P1' z")]
    [InlineData("git “-c” alias.z=!x z")]
    [InlineData("git --namespace foo -c alias.z='!touch P2' z")]
    [InlineData("git \"rebase\" -x 'touch P4' HEAD~1")]
    [InlineData("git re\\base -x 'touch P4' HEAD~1")]
    [InlineData("git log --outpu?=* -1")]
    [InlineData("git log *")]
    [InlineData("git lo[g] -1")]
    [InlineData("git archive -o /path HEAD")]
    [InlineData("git checkout-index --prefix=/path- a")]
    [InlineData("git format-patch -o /dir HEAD")]
    [InlineData("git bundle create /path HEAD")]
    [InlineData("git fast-export --export-marks=/path HEAD")]
    [InlineData("git worktree add /path")]
    [InlineData("git init --bare /path")]
    [InlineData("git clone . /path")]
    [InlineData("git merge-index PROGRAM -a")]
    [InlineData("git update-index --assume-unchanged a")]
    [InlineData("git {-c,alias.z=!touch} z")]
    [InlineData("git {-c,'alias.z=!touch x'} z")]
    public void A_wildcard_behind_git_starts_no_program_that_the_arguments_name(string command)
    {
        Assert.False(RuleMatch.Decides(Rule("Bash", "git *"), Bash(command)));
        Assert.True(RuleMatch.Decides(Rule("Bash", command, isLiteral: true), Bash(command)));
    }

    [Theory]
    [InlineData("git add -u")]
    [InlineData("git switch -c topic")]
    [InlineData("git clean -x -n")]
    [InlineData("git log --oneline --color -- docs")]
    [InlineData("git commit -m 'Fix -c'")]
    [InlineData("git show HEAD@{1}")]
    [InlineData("git --no-pager log -1")]
    [InlineData("git add -- *.cs")]
    public void A_wildcard_behind_git_allows_ordinary_options(string command) =>
        Assert.True(RuleMatch.Decides(Rule("Bash", "git *"), Bash(command)));

    [Theory]
    [InlineData("/usr/bin/git *", "/usr/bin/git -c alias.z=!x z")]
    [InlineData("\"git\" *", "\"git\" -c alias.z=!x z")]
    public void Git_is_git_however_it_is_called(string pattern, string command) =>
        Assert.False(RuleMatch.Decides(Rule("Bash", pattern), Bash(command)));

    [Fact]
    public void A_pattern_that_names_an_option_of_git_allows_it() =>
        Assert.True(RuleMatch.Decides(Rule("Bash", "git -C sub *"), Bash("git -C sub log")));

    [Theory]
    [InlineData("git push*", "git  push origin")]
    [InlineData("git push*", "git\tpush origin")]
    [InlineData("git push*", "  git push origin")]
    [InlineData("git  push*", "git push origin")]
    [InlineData("rm *", "rm a; ls")]
    public void A_denial_is_the_same_for_every_white_space_and_covers_more_commands(string pattern, string command) =>
        Assert.True(RuleMatch.Decides(Rule("Bash", pattern, isAllowed: false), Bash(command)));

    [Fact]
    public void A_link_leads_no_path_out_of_what_a_rule_allows()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        var outside = Directory.CreateDirectory(_folder["outside"]).FullName;
        Directory.CreateDirectory(Path.Combine(Repository, "docs"));
        Directory.CreateSymbolicLink(Path.Combine(Repository, "docs", "out"), outside);
        System.IO.File.CreateSymbolicLink(Path.Combine(Repository, "docs", "dangling.md"), Path.Combine(outside, "new.md"));
        System.IO.File.CreateSymbolicLink(Path.Combine(Repository, "docs", "circle"), "circle");
        var allowed = Rule("Write", "docs/*");

        Assert.True(RuleMatch.Decides(allowed, File("Write", "docs/a.md")));
        Assert.False(RuleMatch.Decides(allowed, File("Write", "docs/out/.bashrc")));
        Assert.False(RuleMatch.Decides(allowed, File("Write", "docs/dangling.md")));
        Assert.False(RuleMatch.Decides(allowed, File("Write", "docs/circle")));
        Assert.False(RuleMatch.Decides(allowed, File("Write", "docs/../other.md")));
        Assert.False(RuleMatch.Decides(Rule("Write", "~/*"), File("Write", "~/.bashrc")));
        Assert.True(RuleMatch.Decides(Rule("Write", "docs/*", isAllowed: false), File("Write", "docs/out/.bashrc")));
        Assert.True(RuleMatch.Decides(Rule("Write", outside + "/*", isAllowed: false), File("Write", "docs/out/.bashrc")));
    }

    [Fact]
    public void A_link_that_stays_inside_is_judged_by_where_it_leads()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        Directory.CreateDirectory(Path.Combine(Repository, "docs"));
        Directory.CreateDirectory(Path.Combine(Repository, "src"));
        Directory.CreateSymbolicLink(Path.Combine(Repository, "docs", "code"), "../src");

        Assert.False(RuleMatch.Decides(Rule("Write", "docs/*"), File("Write", "docs/code/a.cs")));
        Assert.True(RuleMatch.Decides(Rule("Write", "src/*"), File("Write", "docs/code/a.cs")));
    }

    [Fact]
    public void A_repository_that_is_reached_through_a_link_has_the_same_paths()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        Directory.CreateSymbolicLink(_folder["link"], Repository);
        var input = JsonSerializer.Serialize(new { file_path = Path.Combine(Repository, "docs", "a.md") });
        var use = ToolUse.Of("Write", input, _folder["link"]);

        Assert.True(RuleMatch.Decides(Rule("Write", "docs/*"), use));
    }

    [Theory]
    [InlineData("""{"command":"make all","file_path":"docs/a"}""")]
    [InlineData("""{"command":"make all","command":"touch x"}""")]
    [InlineData("""{"command":"make all","dangerouslyDisableSandbox":true}""")]
    [InlineData("""{"command":"make all","dangerouslyDisableSandbox":"yes"}""")]
    [InlineData("""{"command":"make all","environment":{"LD_PRELOAD":"x.so"}}""")]
    public void What_rides_along_with_a_command_is_never_allowed_by_a_rule(string input)
    {
        var use = ToolUse.Of("Bash", input, Repository);

        Assert.False(RuleMatch.Decides(Rule("Bash", "make *"), use));
        Assert.False(RuleMatch.Decides(Rule("Bash", "make all", isLiteral: true), use));
        Assert.False(RuleMatch.Decides(Rule("Bash", "*"), use));
        Assert.True(RuleMatch.Decides(Rule("Bash", "*", isAllowed: false), use));
    }

    [Theory]
    [InlineData("""{"description":"Build","timeout":1000,"command":"make all","run_in_background":false}""")]
    [InlineData("""{"command":"make all","dangerouslyDisableSandbox":false}""")]
    public void Members_that_change_nothing_are_left_open(string input) =>
        Assert.True(RuleMatch.Decides(Rule("Bash", "make *"), ToolUse.Of("Bash", input, Repository)));

    [Fact]
    public void A_rule_for_another_tool_is_about_its_whole_input()
    {
        const string Tool = "mcp__mail__send";
        var asked = ToolUse.Of(Tool, """{"to":"a@example.com", "body":"Hello"}""", Repository);
        var rule = Rule(Tool, asked.Subject, isLiteral: true);

        Assert.True(RuleMatch.Decides(rule, ToolUse.Of(Tool, """{"body":"Hello","to":"a@example.com"}""", Repository)));
        Assert.False(RuleMatch.Decides(rule, ToolUse.Of(Tool, """{"body":"Hello","to":"b@example.com"}""", Repository)));
        Assert.False(RuleMatch.Decides(rule, ToolUse.Of(Tool, """{"body":"Hello","to":"a@example.com","bcc":"x"}""", Repository)));
    }

    [Theory]
    [InlineData("""{"command":"make watch"}""", true)]
    [InlineData("""{"command":"make watch; touch x"}""", false)]
    [InlineData("""{"command":"make watch\ntouch x"}""", false)]
    [InlineData("""{"command":"make watch\u2028touch x"}""", false)]
    [InlineData("""{"command":"make watch\u003b touch x"}""", false)]
    [InlineData("""{"command":"make \"x\""}""", false)]
    [InlineData("""{"command":"make watch","cwd":"/other"}""", false)]
    [InlineData("""{"command":"make watch","more":{"command":"touch x"}}""", false)]
    public void A_wildcard_ends_with_the_value_it_is_in(string input, bool allows) => Assert.Equal(
        allows, RuleMatch.Decides(Rule("mcp__shell__run", """{"command":"make *"}"""), ToolUse.Of("mcp__shell__run", input, Repository)));

    [Fact]
    public void Many_stars_take_no_time()
    {
        var pattern = "git " + string.Concat(Enumerable.Repeat("a*", 50)) + "b";
        var subject = "git " + new string('a', 200_000);

        // A matcher that goes back over the text would need longer than the universe exists.
        Assert.False(RuleMatch.Decides(Rule("Bash", pattern), Bash(subject)));
    }

    [Theory]
    [InlineData("Bash", "*", "every use of Bash")]
    [InlineData("Bash", "git *", "'git' can run any program")]
    [InlineData("Bash", "/usr/bin/env *", "'env' can run any program")]
    [InlineData("Monitor", "make *", "'make' can run any program")]
    [InlineData("Bash", "*test*", "programs of any name")]
    [InlineData("Bash", "touch *", null)]
    [InlineData("Bash", "git log", null)]
    [InlineData("Write", "docs/*", null)]
    public void A_pattern_that_allows_more_than_it_seems_is_warned_of(string tool, string pattern, string? warning)
    {
        var risk = RuleRisk.Of(tool, pattern);

        Assert.Equal(warning is null, risk is null);
        Assert.Contains(warning ?? "", risk ?? "", StringComparison.Ordinal);
    }

    private static ClaudeTaskRule Rule(string tool, string pattern, bool isLiteral = false, bool isAllowed = true) =>
        new() { Tool = tool, Pattern = pattern, IsLiteral = isLiteral, IsAllowed = isAllowed };

    private ToolUse Bash(string command) => Use("Bash", new { command });

    private ToolUse File(string tool, string path) => Use(tool, new { file_path = path });

    private ToolUse Use(string tool, object input) => ToolUse.Of(tool, JsonSerializer.Serialize(input), Repository);
}
