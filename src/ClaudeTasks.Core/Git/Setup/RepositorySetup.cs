using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClaudeTasks.Git;

/// <summary>
/// What of a repository is in no tree, and still decides what its user's next command does: the branch, an operation in progress, the
/// settings in <c>.git/config</c>, the hooks, and the files that hide or convert others. Settings that may hold a secret, and files, are
/// known by a hash.
/// </summary>
/// <param name="Branch">The short name of the branch that is checked out; null for none, and for a task's own worktree.</param>
/// <param name="Operation">The operation in progress; null for none, and for a task's own worktree.</param>
/// <param name="Settings">The settings by their names, in lower case.</param>
/// <param name="Files">Hashes of the files, by their paths in git's common folder.</param>
internal sealed partial record RepositorySetup(
    string? Branch, string? Operation, IReadOnlyDictionary<string, string> Settings, IReadOnlyDictionary<string, string> Files)
{
    private static readonly string[] ShownSections = ["core.", "user.", "author.", "committer.", "commit."];

    private static readonly string[] OtherFiles = ["info/exclude", "info/attributes", "info/sparse-checkout", "config.worktree"];

    /// <summary>Whether a setting is known by its value: it names a program or a person, and holds no secret.</summary>
    public static bool IsShown(string setting) => ShownSections.Any(section => setting.StartsWith(section, StringComparison.Ordinal));

    /// <summary>Reads the setup of now.</summary>
    /// <param name="repository">The working tree.</param>
    /// <param name="isOwn">Whether it is a task's own: its branch and operations are the task's.</param>
    public static async Task<RepositorySetup> ReadAsync(GitRepository repository, bool isOwn)
    {
        var listing = await repository.Git.TryRunAsync(["config", "--local", "--null", "--list"]).ConfigureAwait(false);
        var settings = listing.Text.Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(entry => entry.Split('\n', 2))
            .Where(entry => !entry[0].StartsWith("branch.", StringComparison.Ordinal))

            // A name alone means true.
            .GroupBy(entry => entry[0], entry => entry.ElementAtOrDefault(1) ?? "true", StringComparer.Ordinal)
            .ToDictionary(entry => entry.Key, entry => Known(entry.Key, string.Join('\n', entry)), StringComparer.Ordinal);
        var branch = isOwn ? null : await repository.FindBranchAsync().ConfigureAwait(false);
        var hooks = await HooksFolder.FindAsync(repository, repository).ConfigureAwait(false);
        return new RepositorySetup(
            branch?["refs/heads/".Length..],
            isOwn ? null : repository.FindOperation()?.Name,
            settings,
            ReadFiles(repository.CommonFolder, hooks.Path));
    }

    /// <summary>Reads a setup that was saved; null when none was.</summary>
    public static RepositorySetup? Load(string path) =>
        File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllText(path), SetupJson.Default.RepositorySetup) : null;

    /// <summary>Saves it to a file that only the user can read. A reader finds the file before or after, and nothing between.</summary>
    public void Save(string path)
    {
        PrivateFiles.CreateFolder(Path.GetDirectoryName(path)!);
        File.Delete(path + ".new");
        using (var file = PrivateFiles.Append(path + ".new"))
        {
            JsonSerializer.Serialize(file, this, SetupJson.Default.RepositorySetup);
        }

        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>What is different in a later setup.</summary>
    public List<SetupChange> ChangesTo(RepositorySetup later) =>
    [
        .. Branch == later.Branch ? [] : new[] { new SetupChange(SetupKind.Branch, later.Branch ?? "", Branch, later.Branch) },
        .. Operation == later.Operation ? [] : new[] { new SetupChange(SetupKind.Operation, "", Operation, later.Operation) },
        .. Compare(SetupKind.Setting, Settings, later.Settings),
        .. Compare(SetupKind.File, Files, later.Files),
    ];

    private static IEnumerable<SetupChange> Compare(
        SetupKind kind, IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after) =>
        from name in before.Keys.Union(after.Keys).Order(StringComparer.Ordinal)
        let change = new SetupChange(kind, name, before.GetValueOrDefault(name), after.GetValueOrDefault(name))
        where change.Before != change.After
        select change;

    private static string Known(string setting, string value) => IsShown(setting) ? value : Hash(Encoding.UTF8.GetBytes(value));

    private static Dictionary<string, string> ReadFiles(string folder, string hooksFolder)
    {
        var hooks = new DirectoryInfo(hooksFolder);
        var files = hooks.Exists ? hooks.EnumerateFiles().Select(file => (Name: "hooks/" + file.Name, File: file)) : [];
        return files.Where(item => !item.Name.EndsWith(".sample", StringComparison.Ordinal))
            .Concat(OtherFiles.Select(name => (Name: name, File: new FileInfo(Path.Combine(folder, name)))))
            .Where(item => item.File.Exists)
            .ToDictionary(item => item.Name, item => Hash(item.File), StringComparer.Ordinal);
    }

    private static string Hash(FileInfo file)
    {
        try
        {
            var mode = OperatingSystem.IsWindows() ? default : file.UnixFileMode;
            return $"{Hash(File.ReadAllBytes(file.FullName))} {(mode & UnixFileMode.UserExecute) != 0}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "unreadable";
        }
    }

    private static string Hash(byte[] bytes) => Convert.ToHexString(SHA256.HashData(bytes));

    [JsonSerializable(typeof(RepositorySetup))]
    private sealed partial class SetupJson : JsonSerializerContext;
}
