using System.Management.Automation;
using ClaudeTasks.Engine;
using ClaudeTasks.Model;

namespace ClaudeTasks.Pipeline;

/// <summary>Sessions by name, as users name them: with wildcards, whatever the case.</summary>
internal static class SessionSearch
{
    /// <summary>The sessions with such a name; a pattern may match none.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="name">The name or pattern.</param>
    /// <param name="repository">A folder in the only repository to look in, or null.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <exception cref="ClaudeTaskException">None has the name, and it is no pattern.</exception>
    public static async Task<List<ClaudeTaskSession>> FindAsync(
        ClaudeTaskEngine engine, string name, string? repository, CancellationToken cancellation)
    {
        // A name may hold brackets: one that is meant as it stands comes first.
        var all = await engine.Sessions.GetAllAsync(repository, cancellation).ConfigureAwait(false);
        var found = all.Where(session => string.Equals(session.Name, name, StringComparison.OrdinalIgnoreCase)).ToList();
        if (found.Count == 0)
        {
            var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
            found = [.. all.Where(session => pattern.IsMatch(session.Name))];
        }

        return found.Count > 0 || WildcardPattern.ContainsWildcardCharacters(name) ? found : throw NotFound(name, repository);
    }

    /// <summary>The sessions with such a name, of which there must be one, also for a pattern.</summary>
    public static async Task<List<ClaudeTaskSession>> FindAnyAsync(
        ClaudeTaskEngine engine, string name, string? repository, CancellationToken cancellation) =>
        await FindAsync(engine, name, repository, cancellation).ConfigureAwait(false) is { Count: > 0 } found
            ? found
            : throw NotFound(name, repository);

    /// <summary>Makes sure that a session which is to restrict a search is there; a pattern may match none.</summary>
    /// <exception cref="ClaudeTaskException">None has the name, and it is no pattern.</exception>
    public static void Check(ClaudeTaskEngine engine, string? name)
    {
        if (name is not null
            && !WildcardPattern.ContainsWildcardCharacters(name)
            && !engine.Sessions.Exists(name)
            && !engine.Sessions.Exists(WildcardPattern.Unescape(name)))
        {
            throw NotFound(name, null);
        }
    }

    private static ClaudeTaskException NotFound(string name, string? repository) => new(
        ClaudeTaskErrorId.SessionNotFound,
        repository is null ? $"There is no session '{name}'." : $"There is no session '{name}' in '{repository}'.",
        name,
        "Get-ClaudeTaskSession lists the sessions there are.");
}
