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
    private readonly long? _repository;

    private ClaudeTaskSuggestions(SqliteConnection connection, long? repository) => (_connection, _repository) = (connection, repository);

    /// <summary>Opens the user's store. Returns null if there is none, or another version made it.</summary>
    /// <param name="repository">A folder in the only repository whose tasks, sessions and gates are suggested; null for all.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="ClaudeTaskException">The file is not a store.</exception>
    public static async Task<ClaudeTaskSuggestions?> TryOpenAsync(string? repository, CancellationToken cancellation)
    {
        if (Database.TryOpenForReading(StoreLocation.Find()) is not { } connection)
        {
            return null;
        }

        try
        {
            return new ClaudeTaskSuggestions(connection, await FindKeyAsync(connection, repository, cancellation).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            connection.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    /// <summary>Tasks by the beginning of their number or GUID, newest first.</summary>
    /// <param name="beginning">The first characters, or nothing for the newest tasks.</param>
    /// <param name="most">How many at most.</param>
    public IReadOnlyList<SuggestedTask> FindTasks(string beginning, int most)
    {
        ArgumentNullException.ThrowIfNull(beginning);
        if (!beginning.All(character => char.IsAsciiHexDigit(character) || character == '-'))
        {
            return [];
        }

        var byNumber = beginning.All(char.IsAsciiDigit) ? SuggestionTable.TasksByNumber(_connection, beginning, _repository, most) : [];
        return byNumber.Count > 0 || beginning.Length == 0
            ? byNumber
            : SuggestionTable.TasksByGuid(_connection, beginning, _repository, most);
    }

    /// <summary>The newest sessions whose name matches.</summary>
    /// <param name="matches">Looks at a name.</param>
    /// <param name="most">How many at most.</param>
    public IReadOnlyList<SuggestedSession> FindSessions(Func<string, bool> matches, int most) =>
        SuggestionTable.Sessions(_connection, _repository, matches, most);

    /// <summary>The work trees of the repositories there are tasks, sessions or gates of; the one used last first.</summary>
    public IReadOnlyList<string> GetRepositories() => SuggestionTable.Repositories(_connection);

    /// <summary>The gates that would run in the repository, or all.</summary>
    public IReadOnlyList<ClaudeTaskGate> GetGates() =>
        _repository is { } key ? GateTable.ForRepository(_connection, key) : GateTable.All(_connection);

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

    /// <summary>
    /// The repository that a folder is in. A repository that the store does not know has the number 0, which no repository has.
    /// </summary>
    private static async Task<long?> FindKeyAsync(SqliteConnection connection, string? folder, CancellationToken cancellation)
    {
        try
        {
            return folder is null
                ? null
                : RepositoryTable.Find(
                    connection, (await GitRepository.FindAsync(folder, cancellation).ConfigureAwait(false)).CommonFolder) ?? 0;
        }
        catch (ClaudeTaskException)
        {
            return 0;
        }
    }
}
