namespace ClaudeTasks.Processes;

/// <summary>
/// The environment variables by which a CI service gives a job its tokens and command files. Agents, gates, hooks and filters can run code
/// that Claude wrote: with a token it could push, and a line in a command file would run it in a later step. So they don't inherit these
/// variables unless the user names them. Thread-safe.
/// </summary>
internal static class ServiceVariables
{
    /// <summary>Variables that only a service sets. They are withheld on every machine.</summary>
    private static readonly string[] OfServices =
    [
        // GitHub Actions, and the services that follow it.
        "GITHUB_TOKEN", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_OUTPUT", "GITHUB_STATE", "GITHUB_STEP_SUMMARY",
        "ACTIONS_RUNTIME_TOKEN", "ACTIONS_RUNTIME_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_URL",
        "ACTIONS_CACHE_URL", "ACTIONS_RESULTS_URL",

        // Azure Pipelines. Its NuGet task puts the job's token into the last two.
        "SYSTEM_ACCESSTOKEN", "SYSTEM_OIDCREQUESTURI", "VSS_NUGET_ACCESSTOKEN", "VSS_NUGET_EXTERNAL_FEED_ENDPOINTS",

        // GitLab CI. The address of the repository contains the job's token.
        "CI_JOB_TOKEN", "CI_JOB_JWT", "CI_JOB_JWT_V1", "CI_JOB_JWT_V2", "CI_BUILD_TOKEN", "CI_REPOSITORY_URL", "CI_REGISTRY_PASSWORD",
        "CI_DEPLOY_PASSWORD", "CI_DEPENDENCY_PROXY_PASSWORD",
    ];

    /// <summary>Tokens that people set for the services' own command lines. They are withheld only in a job of a service.</summary>
    private static readonly string[] OfPeople =
    [
        "GH_TOKEN", "GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN", "AZURE_DEVOPS_EXT_PAT", "GITLAB_TOKEN",
    ];

    private static readonly string[] Services = ["GITHUB_ACTIONS", "TF_BUILD", "GITLAB_CI", "CI"];

    /// <summary>Removes the variables from the environment of a process that is about to be started.</summary>
    /// <param name="environment">The environment.</param>
    /// <param name="inherited">The names that the user wants inherited. Case is ignored.</param>
    /// <returns>The names of the variables that were removed.</returns>
    public static IReadOnlyList<string> Withhold(IDictionary<string, string?> environment, IReadOnlyList<string>? inherited)
    {
        var isJob = Services.Any(name => environment.TryGetValue(name, out var value) && !string.IsNullOrEmpty(value));
        var removed = (isJob ? OfServices.Concat(OfPeople) : OfServices)
            .Where(name => inherited?.Contains(name, StringComparer.OrdinalIgnoreCase) != true && environment.ContainsKey(name))
            .ToList();
        removed.ForEach(name => environment.Remove(name));
        return removed;
    }

    /// <summary>Returns those variables of this process that are withheld by default and that the user wants inherited.</summary>
    /// <param name="inherited">The names that the user wants inherited. Case is ignored.</param>
    public static IEnumerable<KeyValuePair<string, string>> Named(IReadOnlyList<string>? inherited) =>
        from name in OfServices.Concat(OfPeople)
        where inherited?.Contains(name, StringComparer.OrdinalIgnoreCase) == true
        let value = Environment.GetEnvironmentVariable(name)
        where value is not null
        select KeyValuePair.Create(name, value);
}
