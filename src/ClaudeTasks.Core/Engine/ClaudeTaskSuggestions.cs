using ClaudeTasks.Git;
using ClaudeTasks.Model;
using ClaudeTasks.Store;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Engine;

/// <summary>
/// What a person may be about to type, read from the store without touching it: it makes none, brings none up to date, waits for nobody and
/// takes over no task. Not thread-safe.
/// </summary>
public sealed class ClaudeTaskSuggestions : IDisposable
{
    private readonly SqliteConnection _connection;

    private ClaudeTaskSuggestions(SqliteConnection connection) => _connection = connection;

    /// <summary>Opens the user's store; null where there is none, or it is another version's.</summary>
    /// <exception cref="ClaudeTaskException">The file is no store.</exception>
    public static ClaudeTaskSuggestions? TryOpen() =>
        Database.TryOpenForReading(StoreLocation.Find()) is { } connection ? new ClaudeTaskSuggestions(connection) : null;

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    /// <summary>Tasks by the beginning of their number or GUID, newest first.</summary>
    /// <param name="beginning">The first characters, or nothing for the newest tasks.</param>
    /// <param name="repository">Only those of the repository this folder is in.</param>
    /// <param name="most">How many at most.</param>
    public IReadOnlyList<SuggestedTask> FindTasks(string beginning, string? repository, int most)
    {
        ArgumentNullException.ThrowIfNull(beginning);
        if (!beginning.All(character => char.IsAsciiHexDigit(character) || character == '-'))
        {
            return [];
        }

        var key = FindKey(repository);
        var byNumber = beginning.All(char.IsAsciiDigit) ? SuggestionTable.TasksByNumber(_connection, beginning, key, most) : [];
        return byNumber.Count > 0 || beginning.Length == 0 ? byNumber : SuggestionTable.TasksByGuid(_connection, beginning, key, most);
    }

    /// <summary>The newest sessions whose name matches.</summary>
    /// <param name="matches">Looks at a name.</param>
    /// <param name="repository">Only those of the repository this folder is in.</param>
    /// <param name="most">How many at most.</param>
    public IReadOnlyList<SuggestedSession> FindSessions(Func<string, bool> matches, string? repository, int most) =>
        SuggestionTable.Sessions(_connection, FindKey(repository), matches, most);

    /// <summary>The work trees of the repositories there are tasks, sessions or gates of; the one used last first.</summary>
    public IReadOnlyList<string> GetRepositories() => SuggestionTable.Repositories(_connection);

    /// <summary>The gates that would run in a repository, or all.</summary>
    public IReadOnlyList<ClaudeTaskGate> GetGates(string? repository) =>
        repository is null ? GateTable.All(_connection) : GateTable.ForRepository(_connection, FindKey(repository));

    /// <summary>The templates, by name.</summary>
    public IReadOnlyList<ClaudeTaskTemplate> GetTemplates() => TemplateTable.All(_connection);

    /// <summary>The models of the newest tasks.</summary>
    public IReadOnlyList<string> GetModels() => SuggestionTable.Models(_connection);

    /// <summary>The questions that wait for an answer.</summary>
    public IReadOnlyList<ClaudeTaskQuestion> GetQuestions() => QuestionTable.List(_connection, null, all: false);

    /// <summary>The standing rules.</summary>
    public IReadOnlyList<ClaudeTaskRule> GetRules() => RuleTable.List(_connection, null);

    /// <summary>The options with their values.</summary>
    public IReadOnlyList<ClaudeTaskOption> GetOptions() => OptionTable.All(_connection);

    /// <summary>The reasons of the newest decisions.</summary>
    public IReadOnlyList<string> GetReasons() => SuggestionTable.Reasons(_connection);

    /// <summary>The repository a folder is in; one that the store does not know has the number of none.</summary>
    private long? FindKey(string? folder)
    {
        if (folder is null)
        {
            return null;
        }

        try
        {
            return RepositoryTable.Find(_connection, GitRepository.FindAsync(folder).GetAwaiter().GetResult().CommonFolder) ?? 0;
        }
        catch (ClaudeTaskException)
        {
            return 0;
        }
    }
}
