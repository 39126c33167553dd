using System.Security.Cryptography;

namespace ClaudeTasks.Tests.Support;

/// <summary>Everything of a repository that a person would miss, as comparable text: files with modes, index, refs, HEAD, stash.</summary>
internal static class RepositoryState
{
    /// <param name="repository">The repository.</param>
    /// <param name="except">Paths to leave out of files and index.</param>
    /// <param name="withRefs">Whether refs and HEAD count.</param>
    public static string Of(TestRepository repository, IReadOnlySet<string>? except = null, bool withRefs = true)
    {
        bool Counts(string path) => except is null || !except.Contains(path);
        var files = Files(repository.Root).Where(file => Counts(file.Path)).Select(file => $"{file.Path} {file.Content}");
        var index = repository.Git("ls-files", "--stage", "-z").Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => Counts(line[(line.IndexOf('\t', StringComparison.Ordinal) + 1)..]));
        var refs = withRefs
            ? repository.Git("for-each-ref", "--format=%(refname) %(objectname)").Split('\n').Where(line => !line.StartsWith("refs/claude-tasks/", StringComparison.Ordinal))
                .Append(repository.Git("rev-parse", "HEAD"))
            : [];
        return string.Join('\n', files.Concat(["-- index"]).Concat(index).Concat(["-- refs"]).Concat(refs).Append(repository.Git("stash", "list")));
    }

    private static IEnumerable<(string Path, string Content)> Files(string root) =>
        Below(new DirectoryInfo(root))
            .Select(item => (
                Path.GetRelativePath(root, item.FullName).Replace('\\', '/'),
                item.LinkTarget is { } target
                    ? "-> " + target
                    : Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(item.FullName))) + (OperatingSystem.IsWindows() ? "" : $" {File.GetUnixFileMode(item.FullName)}")))
            .OrderBy(item => item.Item1, StringComparer.Ordinal);

    /// <summary>Files and links; a link is not followed.</summary>
    private static IEnumerable<FileSystemInfo> Below(DirectoryInfo folder) => folder.EnumerateFileSystemInfos().SelectMany(item =>
        item is DirectoryInfo { LinkTarget: null } below ? below.Name == ".git" ? [] : Below(below) : new[] { item });
}
