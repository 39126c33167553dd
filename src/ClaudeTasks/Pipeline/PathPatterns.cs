using System.Management.Automation;
using ClaudeTasks.Model;

namespace ClaudeTasks.Pipeline;

/// <summary>
/// Which of a task's files a user named: wildcards over paths in the repository, a folder for all that is below it, a name as it stands
/// where a file has it, or a path from the current folder (./x) or the root. A renamed file goes by both its names.
/// </summary>
internal sealed class PathPatterns
{
    private readonly HashSet<string> _literals = new(StringComparer.Ordinal);
    private readonly List<WildcardPattern> _patterns = [];

    /// <param name="patterns">What the user wrote.</param>
    /// <param name="changes">The files there are to name.</param>
    /// <param name="roots">The work trees in which the task's files are, or will be.</param>
    /// <param name="resolve">Makes a path from the current folder a full one.</param>
    public PathPatterns(
        IEnumerable<string> patterns, IEnumerable<ClaudeTaskChange> changes, IEnumerable<string> roots, Func<string, string> resolve)
    {
        var known = changes.SelectMany(Paths).ToHashSet(StringComparer.Ordinal);
        foreach (var pattern in patterns.Select(
            pattern => known.Contains(pattern) ? pattern : InRepository(pattern, [.. roots], resolve)))
        {
            // A name may hold brackets or a backslash: one that is meant as it stands comes first. A star is never only a name: a file that
            // is called so must not hide the others.
            if (pattern.AsSpan().ContainsAny('*', '?') || !known.Contains(pattern))
            {
                _patterns.Add(WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase));
                _patterns.Add(WildcardPattern.Get(pattern + "/*", WildcardOptions.IgnoreCase));
            }

            _literals.Add(pattern);
        }
    }

    public bool Match(string path) =>
        _literals.Contains(path)
        || _literals.Any(folder => path.StartsWith(folder + "/", StringComparison.Ordinal))
        || _patterns.Exists(pattern => pattern.IsMatch(path));

    public bool Match(ClaudeTaskChange change) => Paths(change).Any(Match);

    private static string[] Paths(ClaudeTaskChange change) => change.OldPath is { } old ? [change.Path, old] : [change.Path];

    private static string InRepository(string pattern, string[] roots, Func<string, string> resolve)
    {
        var path = WithSlashes(pattern);
        if (!Path.IsPathRooted(path)
            && path is not ("." or "..")
            && !path.StartsWith("./", StringComparison.Ordinal)
            && !path.StartsWith("../", StringComparison.Ordinal))
        {
            return path.TrimEnd('/');
        }

        var full = resolve(path);
        var inside = roots.Select(root => WithSlashes(Path.GetRelativePath(root, full))).FirstOrDefault(
            relative => relative != ".." && !relative.StartsWith("../", StringComparison.Ordinal) && !Path.IsPathRooted(relative));
        return inside is "." ? "*" : inside ?? full;
    }

    /// <summary>Elsewhere than on Windows, a backslash is part of a name.</summary>
    private static string WithSlashes(string path) => OperatingSystem.IsWindows() ? path.Replace('\\', '/') : path;
}
