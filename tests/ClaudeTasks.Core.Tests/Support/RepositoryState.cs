using System.Security.Cryptography;
using System.Text;
using ClaudeTasks.Git;

namespace ClaudeTasks.Tests.Support;

/// <summary>
/// Everything of a repository that a person would miss, as comparable text: files with modes, index with flags, refs, HEAD, stash.
/// </summary>
internal static class RepositoryState
{
    /// <param name="repository">The repository.</param>
    /// <param name="except">Paths to leave out of files and index.</param>
    /// <param name="withRefs">Whether refs and HEAD count.</param>
    public static string Of(TestRepository repository, IReadOnlySet<string>? except = null, bool withRefs = true)
    {
        bool Counts(string path) => except is null || !except.Contains(path);
        var files = Files(repository.Root).Where(file => Counts(file.Path)).Select(file => $"{file.Path} {file.Content}");

        // The letters tell entries that are outside a sparse checkout or assumed unchanged; the other listing, those that are only
        // intended.
        var index = repository.GitEntries("ls-files", "-v", "--stage", "-z")
            .Select(line => line.Split('\t', 2))
            .Select(line => (Text: line[0], Path: Name(line[1])));
        var intended = repository.GitEntries("diff-files", "--name-only", "--diff-filter=A", "-z")
            .Select(path => (Text: "intended", Path: Name(path)));
        var entries = index.Concat(intended).Where(entry => Counts(entry.Path)).Select(entry => $"{entry.Text} {entry.Path}");
        var refs = withRefs
            ? repository.Git("for-each-ref", "--format=%(refname) %(objectname)")
                .Split('\n')
                .Where(line => !line.StartsWith("refs/claude-tasks/", StringComparison.Ordinal))
                .Append(TestRepository.RunGit(repository.Root, "rev-parse", "HEAD").Output)
            : [];
        return string.Join(
            '\n',
            files.Concat(["-- index"]).Concat(entries).Concat(["-- refs"]).Concat(refs).Append(repository.Git("stash", "list")));
    }

    /// <summary>Fails with the lines that differ, and no others.</summary>
    public static void AssertSame(string expected, string actual)
    {
        var (before, after) = (expected.Split('\n'), actual.Split('\n'));
        Assert.True(
            expected == actual,
            string.Join(
                '\n',
                before.Except(after)
                    .Select(line => "- " + line)
                    .Concat(after.Except(before).Select(line => "+ " + line))
                    .Prepend("The state differs:")));
    }

    /// <summary>A path as the changes of a task tell it.</summary>
    public static string Name(string rawPath) => TreeDiff.Decode(Encoding.Latin1.GetBytes(rawPath));

    private static IEnumerable<(string Path, string Content)> Files(string root) =>
        (OperatingSystem.IsLinux() ? FilesByShell(root) : FilesByName(root)).OrderBy(item => item.Path, StringComparer.Ordinal);

    /// <summary>.NET cannot open a file whose name is not UTF-8.</summary>
    private static IEnumerable<(string Path, string Content)> FilesByShell(string root)
    {
        const string Script = """
            find . -name .git -prune -o -type l -printf '-> %l\t%P\0' -o -type f -printf '%m\t%P\0'
            find . -name .git -prune -o -type f -print0 | xargs -0 -r sha256sum -z | sed -z 's,  \./,\t,'
            """;
        return TestRepository.Run("/bin/sh", root, Encoding.Latin1, "-c", Script).Output.Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('\t', 2)).Select(line => (Name(line[1]), line[0])).Order();
    }

    private static IEnumerable<(string Path, string Content)> FilesByName(string root) => Below(new DirectoryInfo(root)).Select(item => (
        Path.GetRelativePath(root, item.FullName).Replace('\\', '/'),
        item.LinkTarget is { } target
            ? "-> " + target
            : Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(item.FullName)))
                + (OperatingSystem.IsWindows() ? "" : $" {File.GetUnixFileMode(item.FullName)}")));

    /// <summary>Files and links; a link is not followed.</summary>
    private static IEnumerable<FileSystemInfo> Below(DirectoryInfo folder) => folder.EnumerateFileSystemInfos().SelectMany(item =>
        item is DirectoryInfo { LinkTarget: null } below ? below.Name == ".git" ? [] : Below(below) : new[] { item });
}
