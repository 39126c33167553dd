namespace ClaudeTasks.Git;

/// <summary>One thing of a repository's setup that is not as it was.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">The setting, the file, or the branch that is checked out now.</param>
/// <param name="Before">What it was; null for nothing.</param>
/// <param name="After">What it is; null for nothing.</param>
internal sealed record SetupChange(SetupKind Kind, string Name, string? Before, string? After)
{
    private static readonly string[] Deciding =
    [
        "core.hookspath", "core.fsmonitor", "core.worktree", "core.bare", "user.", "author.", "committer.", "commit.", "gpg.", "filter.",
        "include.", "includeif.", "extensions.worktreeconfig",
    ];

    /// <summary>Whether it decides which commit is made: where, by whom, with which hooks, and of which content.</summary>
    public bool Decides => Kind switch
    {
        SetupKind.Setting => Deciding.Any(name => Name.StartsWith(name, StringComparison.Ordinal)),
        SetupKind.File => Name == "config.worktree" || Name.StartsWith("hooks/", StringComparison.Ordinal),
        _ => Kind == SetupKind.Branch,
    };

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        SetupKind.Branch when After is null => $"HEAD is detached; it was on the branch '{Before}'",
        SetupKind.Branch when Before is null => $"the branch '{After}' is checked out; HEAD was detached",
        SetupKind.Branch => $"the branch '{After}' is checked out instead of '{Before}'",
        SetupKind.Operation => After is null ? $"the {Before} is no longer in progress" : $"a {After} is in progress",
        SetupKind.File => $".git/{Name} was {Verb}",
        _ when RepositorySetup.IsShown(Name) => $"{Name} is {Shown(After)} instead of {Shown(Before)}",
        _ => $"{Name} was {Verb}",
    };

    private string Verb => Before is null ? "added" : After is null ? "removed" : "changed";

    private static string Shown(string? value) => value is null ? "not set" : $"'{value}'";
}
