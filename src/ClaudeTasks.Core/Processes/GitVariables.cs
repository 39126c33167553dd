namespace ClaudeTasks.Processes;

/// <summary>
/// The environment variables by which git names one repository to a hook, an alias or <c>rebase --exec</c>. A process that inherits them
/// works on that repository, whatever its folder is. So neither git, nor an agent, nor a gate inherits them. Thread-safe.
/// </summary>
internal static class GitVariables
{
    /// <summary>What <c>git rev-parse --local-env-vars</c> lists, in any version, and what a push sets for its hooks.</summary>
    private static readonly string[] OfRepository =
    [
        "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR", "GIT_DIR", "GIT_GRAFT_FILE", "GIT_IMPLICIT_WORK_TREE", "GIT_INDEX_FILE",
        "GIT_INTERNAL_SUPER_PREFIX", "GIT_NO_REPLACE_OBJECTS", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX", "GIT_REPLACE_REF_BASE",
        "GIT_SHALLOW_FILE", "GIT_WORK_TREE", "GIT_NAMESPACE", "GIT_QUARANTINE_PATH", "GIT_PUSH_OPTION_COUNT",
    ];

    /// <summary>
    /// Those of the list that hold settings. git gives them to the hooks of <c>git -c</c>, but a user may also set them for good, such as
    /// <c>safe.directory</c> in a container.
    /// </summary>
    private static readonly string[] OfSettings = ["GIT_CONFIG", "GIT_CONFIG_PARAMETERS", "GIT_CONFIG_COUNT"];

    /// <summary>What git gives to the hooks of one commit: its author, its date and no editor.</summary>
    private static readonly string[] OfCommit =
    [
        "GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_AUTHOR_DATE", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "GIT_COMMITTER_DATE",
        "GIT_EDITOR",
    ];

    /// <summary>Removes the variables from the environment of our own call of git. The user's settings stay.</summary>
    /// <param name="environment">The environment.</param>
    public static void RemoveRepository(IDictionary<string, string?> environment)
    {
        // Elsewhere than in a hook, the user has set these for good.
        if (environment.ContainsKey("GIT_INDEX_FILE") || environment.ContainsKey("GIT_DIR"))
        {
            Remove(environment, OfCommit);
        }

        Remove(environment, OfRepository);
    }

    /// <summary>Removes the variables from the environment of an agent or a gate.</summary>
    /// <inheritdoc cref="RemoveRepository"/>
    public static void RemoveAll(IDictionary<string, string?> environment)
    {
        RemoveRepository(environment);
        Remove(environment, OfSettings);
    }

    private static void Remove(IDictionary<string, string?> environment, string[] names)
    {
        foreach (var name in names)
        {
            environment.Remove(name);
        }
    }
}
