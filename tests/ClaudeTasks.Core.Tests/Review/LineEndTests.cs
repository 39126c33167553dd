using ClaudeTasks.Model;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests;

/// <summary>
/// Git keeps what conversions and filters make of a file. A denial brings the user's bytes back all the same, and taking it back those of
/// the task; <c>git status</c> says what it said before.
/// </summary>
public sealed class LineEndTests : IDisposable
{
    private const string Mixed = "one\r\ntwo\n";

    private readonly EngineFixture _engine = new();

    public LineEndTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "The filters and the agent's commands are shell's.");

    private TestRepository Repository => _engine.Repository;

    public static TheoryData<string, string> Conversions => new()
    {
        { "core.autocrlf=true", "" },
        { "core.autocrlf=input", "" },
        { "core.eol=crlf", "* text=auto\n" },
        { "", "* text=auto eol=crlf\n" },
        { "", "*.txt text eol=crlf\n" },
        { "", "* ident\n" },
        { "", "* ident text eol=crlf\n" },
        { "", "*.txt working-tree-encoding=UTF-16LE eol=crlf\n" },
        { "filter.lossy.clean=sed s/secret/gone/", "*.txt filter=lossy\n" },
        { "filter.lossy.clean=tr a-z A-Z", "*.txt filter=lossy\n" },
    };

    [Theory]
    [MemberData(nameof(Conversions))]
    public void Uncommitted_bytes_and_those_of_the_task_come_back_exactly(string setting, string attributes)
    {
        Prepare(setting, attributes);

        // Committed files as a checkout writes them: of these, git has everything.
        TestRepository.Run("/bin/sh", Repository.Root, System.Text.Encoding.UTF8, "-c", "rm *.txt; git checkout -q .");
        var isWide = attributes.Contains("UTF-16", StringComparison.Ordinal);
        byte[] Bytes(string text) => isWide ? System.Text.Encoding.Unicode.GetBytes(text) : System.Text.Encoding.UTF8.GetBytes(text);
        Repository.Write("a.txt", Bytes("secret $Id$\r\n" + Mixed));
        Repository.Write("untracked.txt", Bytes(Mixed + "a secret\n"));
        Repository.Write("staged.txt", Bytes("staged\n"));
        Repository.Git("add", "staged.txt");
        Repository.Write("staged.txt", Bytes("staged\r\nand edited\n"));
        File.WriteAllBytes(_engine["theirs"], Bytes("task secret $Id: x$\n" + Mixed));
        var (before, status) = (Files(), Status());
        var work = "for f in a.txt untracked.txt staged.txt new.txt; do cp '" + _engine["theirs"] + "' $f; done; rm -f b.txt";
        var task = _engine.Run(_engine.Request(Steps(Bash(work))) with { AllowDirty = true });
        Assert.True(task.Status == ClaudeTaskStatus.WaitingApproval, task.ReasonText);
        var (after, statusAfter) = (Files(), Status());

        for (var round = 0; round < 2; round++)
        {
            _engine.Engine.Reject(task.Id, null, _ => true);
            Assert.Equal(before, Files());
            Assert.Equal(status, Status());
            _engine.Engine.Undo(task.Id);
            Assert.Equal(after, Files());
            Assert.Equal(statusAfter, Status());
        }
    }

    [Theory]
    [MemberData(nameof(Conversions))]
    public void A_denial_leaves_no_phantom_change(string setting, string attributes)
    {
        Prepare(setting, attributes);

        // Files as the user wrote them, not as a checkout would.
        Assert.Equal("", Status());
        var task = _engine.Run(Steps(Bash("cat b.txt >> a.txt; mv b.txt new.txt")));
        Assert.True(task.Status == ClaudeTaskStatus.WaitingApproval, task.ReasonText);

        _engine.Engine.Reject(task.Id, null, _ => true);

        Assert.Equal("", Status());
        var next = _engine.Run(Steps(Write("c.txt", "c\n")));
        Assert.True(next.Status == ClaudeTaskStatus.WaitingApproval, next.ReasonText);
        _engine.Engine.Approve(next.Id, null, _ => true, force: false);
        Assert.Equal("", Status());
        _engine.Engine.Undo(next.Id);
        Assert.Equal("?? c.txt", Status());
    }

    [Fact]
    public void What_the_task_committed_itself_leaves_no_phantom_change_either()
    {
        Prepare("", "* text=auto eol=crlf\n");
        var task = _engine.Run(Steps(Bash("printf 'a\\n' > new.txt; printf 'b\\n' >> a.txt; git add -A; git commit -qm Own")));
        var (after, status) = (Files(), Status());

        _engine.Engine.Reject(task.Id, null, _ => true);
        _engine.Engine.Undo(task.Id);

        Assert.Equal(after, Files());
        Assert.Equal(status, Status());
    }

    [Fact]
    public void A_worktree_that_is_made_again_has_the_bytes_of_the_task()
    {
        Prepare("", "* text=auto eol=crlf\n");
        var work = Steps(Bash("printf 'a\\n' > new.txt; printf 'x\\r\\ny\\n' > mixed.txt"));
        var task = _engine.Run(_engine.Request(work) with { Worktree = true });

        foreach (var approve in new[] { true, false })
        {
            _ = approve
                ? _engine.Engine.Approve(task.Id, null, _ => true, force: false)
                : _engine.Engine.Reject(task.Id, null, _ => true);
            Assert.False(Directory.Exists(task.Worktree));
            _engine.Engine.Undo(task.Id);
            Assert.Equal("a\n", File.ReadAllText(Path.Combine(task.Worktree!, "new.txt")));
            Assert.Equal("x\r\ny\n", File.ReadAllText(Path.Combine(task.Worktree!, "mixed.txt")));
            Assert.Equal("", Status());
        }
    }

    public void Dispose() => _engine.Dispose();

    private void Prepare(string setting, string attributes)
    {
        if (setting.Split('=', 2) is [var name, var value])
        {
            Repository.Git("config", name, value);
        }

        var isWide = attributes.Contains("UTF-16", StringComparison.Ordinal);
        Repository.Write(".gitattributes", attributes);
        foreach (var file in new[] { "a.txt", "b.txt" })
        {
            var text = $"{file} $Id$\nsecond\n";
            Repository.Write(file, isWide ? System.Text.Encoding.Unicode.GetBytes(text) : System.Text.Encoding.UTF8.GetBytes(text));
        }

        Repository.Commit("Base");
    }

    private string Status() => Repository.Git("status", "--short");

    private string Files() => string.Join(
        '\n',
        Directory.EnumerateFiles(Repository.Root).Order(StringComparer.Ordinal)
            .Select(file => $"{Path.GetFileName(file)} {Convert.ToHexString(File.ReadAllBytes(file))}"));
}
