using System.Management.Automation;
using ClaudeTasks.Tasks;

namespace ClaudeTasks.Pipeline;

/// <summary>Which files a user named: wildcards over paths in the repository, where a renamed file goes by both its names.</summary>
internal sealed class PathPatterns(IEnumerable<string> patterns)
{
    private readonly WildcardPattern[] _patterns =
        [.. patterns.Select(pattern => WildcardPattern.Get(pattern.Replace('\\', '/'), WildcardOptions.IgnoreCase))];

    public bool Match(string path) => _patterns.Any(pattern => pattern.IsMatch(path));

    public bool Match(ClaudeTaskChange change) => Match(change.Path) || (change.OldPath is { } old && Match(old));
}
