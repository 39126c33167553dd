using ClaudeTasks.Model;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Model.ClaudeTaskChangeKind;

namespace ClaudeTasks.Tests;

public sealed class TreeDiffTests : IDisposable
{
    private static readonly string Long = string.Concat(Enumerable.Range(0, 40).Select(i => $"line {i}\n"));

    private readonly TempFolder _folder = new();
    private readonly TestRepository _repository;

    public TreeDiffTests()
    {
        _repository = new TestRepository(_folder["repository"]);
        _repository.Write("a.txt", Long);
        _repository.Write("b.txt", "b\n");
        _repository.Write("image.bin", [0, 1, 2, 3, 254, 255, 10, 13]);
        _repository.Write("empty", "");
        _repository.Write("crlf.txt", "one\r\ntwo\r\n");
        _repository.Write("folder/x.txt", "x\n");
        _repository.Commit("Files");
    }

    public static TheoryData<string> OddNames =>
    [
        "with space", " leading", "trailing ", "tab\there", "quo\"te", "back\\slash",
        "new\nline", "ünï 修正 😀", "-dash", ":(glob)x", "[a]*", "a => b", "{x,y}", "a\rb", "\u0001"
    ];

    [Fact]
    public async Task Nothing_changed_is_an_empty_diff() => Assert.Empty(await Changes());

    [Fact]
    public async Task Every_kind_of_change_is_told_and_counted()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Modes and links.");
        _repository.Write("added.txt", "1\n2\n");
        _repository.Write("b.txt", "b\nc");
        File.Delete(_repository["crlf.txt"]);
        _repository.Write("empty2", "");
        _repository.Write("image.bin", [9, 0, 1, 2]);
        UnixMode.Set(_repository["folder/x.txt"], "755");
        File.Move(_repository["a.txt"], _repository["moved.txt"]);
        File.AppendAllText(_repository["moved.txt"], "more\n");
        File.Delete(_repository["readme.md"]);
        File.CreateSymbolicLink(_repository["readme.md"], "b.txt");
        File.CreateSymbolicLink(_repository["dangling"], "no\nwhere");

        var changes = await Changes();

        Assert.Equal(
            [
                ("added.txt", Added, 2, 0), ("b.txt", Modified, 1, 0), ("crlf.txt", Deleted, 0, 2),
                ("dangling", Added, 2, 0), ("empty2", Added, 0, 0), ("folder/x.txt", ModeChanged, 0, 0),
                ("image.bin", Modified, null, null), ("moved.txt", Renamed, 1, 0), ("readme.md", TypeChanged, 1, 1),
            ],
            changes.Select(change => (change.Path, change.Kind, change.Additions, change.Deletions))
                .OrderBy(change => change.Path, StringComparer.Ordinal));
        Assert.Equal("a.txt", changes.Single(change => change.Kind == Renamed).OldPath);
        Assert.Equal(["image.bin"], changes.Where(change => change.IsBinary).Select(change => change.Path));
        Assert.Equal(
            ("100644", "100755"),
            changes.Where(change => change.Kind == ModeChanged).Select(change => (change.OldMode, change.NewMode)).Single());
        Assert.Equal(
            ("100644", "120000"),
            changes.Where(change => change.Kind == TypeChanged).Select(change => (change.OldMode, change.NewMode)).Single());
    }

    [Theory]
    [MemberData(nameof(OddNames))]
    public async Task A_file_of_any_name_keeps_it(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such names.");
        _repository.Write(name, "new\n");
        _repository.Write($"{name}/../{name}.d/{name}", "deep\n");

        var changes = await Changes();

        Assert.Equal(
            new[] { name, $"{name}.d/{name}" }.Order(StringComparer.Ordinal),
            changes.Select(change => change.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Text_without_a_last_line_end_CRLF_and_bytes_of_any_kind_come_back()
    {
        _repository.Write("crlf.txt", "one\r\nthree\r\nfour");
        _repository.Write("latin1.txt", [0xe4, 0xf6, 0xfc, (byte)'\n', (byte)'\r', 0xff]);
        _repository.Write("b.txt", "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n\\ No newline at end of file\n");
        _repository.Write("a.txt", "no line end at all");
        _repository.Write("empty", "no more");
        _repository.Write("big.bin", [.. Enumerable.Range(0, 200_000).Select(i => (byte)(i * i))]);

        Assert.Equal(6, (await Changes()).Count);
    }

    [Fact]
    public async Task A_file_may_become_a_folder_and_a_folder_a_file()
    {
        File.Delete(_repository["b.txt"]);
        _repository.Write("b.txt/inside", "x\n");
        Directory.Delete(_repository["folder"], recursive: true);
        _repository.Write("folder", "a file now\n");

        Assert.Equal(
            ["b.txt", "b.txt/inside", "folder", "folder/x.txt"],
            (await Changes()).SelectMany(Paths).Order(StringComparer.Ordinal).Distinct());
    }

    [Fact]
    public async Task A_copy_of_a_changed_file_is_told_with_its_source_and_one_of_an_unchanged_file_is_new()
    {
        File.Copy(_repository["a.txt"], _repository["copy.txt"]);
        File.AppendAllText(_repository["copy.txt"], "more\n");
        File.AppendAllText(_repository["a.txt"], "also more\n");
        File.Copy(_repository["crlf.txt"], _repository["crlf2.txt"]);

        var changes = await Changes();

        Assert.Equal(
            [("a.txt", Modified), ("copy.txt", Copied), ("crlf2.txt", Added)], changes.Select(change => (change.Path, change.Kind)));
        Assert.Equal(
            ("a.txt", 1, 0),
            changes.Where(change => change.Kind == Copied).Select(change => (change.OldPath, change.Additions, change.Deletions)).Single());
    }

    [Fact]
    public async Task Many_renames_at_once_come_back()
    {
        for (var i = 0; i < 60; i++)
        {
            _repository.Write($"old/{i}.txt", $"{i}\n{Long}{i * 17}\n");
        }

        _repository.Commit("Many");
        Directory.Move(_repository["old"], _repository["new"]);

        Assert.Equal(60, (await Changes()).Count(change => change.Kind == Renamed));
    }

    [Fact]
    public async Task Settings_of_the_user_do_not_change_the_patch()
    {
        foreach (var (name, value) in new[]
        {
            ("diff.noprefix", "true"), ("diff.mnemonicPrefix", "true"), ("diff.renames", "copies"), ("color.ui", "always"),
            ("core.quotePath", "false"), ("diff.suppressBlankEmpty", "true"), ("diff.interHunkContext", "5"),
            ("diff.context", "0"), ("diff.relative", "true"), ("core.abbrev", "4"), ("diff.wsErrorHighlight", "all"),
            ("diff.colorMoved", "zebra"), ("diff.submodule", "log"), ("diff.wordRegex", "."), ("diff.algorithm", "patience"),
        })
        {
            _repository.Git("config", name, value);
        }

        _repository.Write("a.txt", Long.Replace("line 20\n", "\nline twenty\n\n", StringComparison.Ordinal));
        _repository.Write("ü.txt", "x\n");

        Assert.Equal(["a.txt", "ü.txt"], (await Changes()).Select(change => change.Path));
    }

    [Fact]
    public async Task Names_that_are_not_UTF8_stay_apart()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux takes any bytes for a name.");
        var shell = new System.Diagnostics.ProcessStartInfo("/bin/sh", ["-c", ": > \"$(printf 'a\\377')\" && : > \"$(printf 'a\\376')\""])
        {
            WorkingDirectory = _repository.Root,
        };
        await System.Diagnostics.Process.Start(shell)!.WaitForExitAsync();

        Assert.Equal(["\"a\\376\"", "\"a\\377\""], (await Changes()).Select(change => change.Path));
    }

    public void Dispose() => _folder.Dispose();

    private static IEnumerable<string> Paths(ClaudeTaskChange change) => change.OldPath is { } old ? [change.Path, old] : [change.Path];

    private Task<List<ClaudeTaskChange>> Changes() => DiffProof.ChangesAsync(_repository, _folder);
}
