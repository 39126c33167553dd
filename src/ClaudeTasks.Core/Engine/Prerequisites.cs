using ClaudeTasks.Model;
using ClaudeTasks.Running;

namespace ClaudeTasks.Engine;

/// <summary>The checks that a task goes through before its agent starts.</summary>
public static class Prerequisites
{
    /// <summary>Makes every check without spending anything.</summary>
    /// <param name="folder">A folder in the repository; null leaves the repository out.</param>
    /// <param name="claudePath">The agent's program, or null to look for it.</param>
    /// <param name="cancellation">Ends the checks.</param>
    public static async Task<IReadOnlyList<PrerequisiteCheck>> CheckAsync(
        string? folder, string? claudePath, CancellationToken cancellation)
    {
        var checks = new PreFlight(folder ?? "", claudePath, cancellation);
        var results = new List<PrerequisiteCheck> { await checks.CheckGitAsync().ConfigureAwait(false) };
        if (folder is not null && results[0].Passed)
        {
            results.Add(await checks.CheckRepositoryAsync().ConfigureAwait(false));
            if (results[^1].Passed)
            {
                results.Add(checks.CheckOperation());
                results.Add(await checks.CheckTreeAsync().ConfigureAwait(false));
                results.Add(await checks.CheckSettingsAsync().ConfigureAwait(false));
            }
        }

        results.Add(await checks.CheckClaudeAsync().ConfigureAwait(false));
        if (results[^1].Passed)
        {
            results.Add(await checks.CheckLoginAsync().ConfigureAwait(false));
        }

        return results;
    }
}
