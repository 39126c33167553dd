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

    /// <summary>Removes the variables from the environment of our own call of git. The user's settings stay.</summary>
    /// <param name="environment">The environment.</param>
    public static void RemoveRepository(IDictionary<string, string?> environment) => Remove(environment, OfRepository);

    /// <summary>Removes the variables from the environment of an agent or a gate.</summary>
    /// <inheritdoc cref="RemoveRepository"/>
    public static void RemoveAll(IDictionary<string, string?> environment)
    {
        Remove(environment, OfRepository);
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
