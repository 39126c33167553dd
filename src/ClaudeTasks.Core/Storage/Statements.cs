using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Storage;

/// <summary>
/// The statements that were run on a connection, kept to be run again: to prepare one that reads a task takes SQLite longer than to run it.
/// For one thread at a time, as the connection is.
/// </summary>
internal sealed class Statements
{
    private const int MostKept = 100;

    private static readonly ConditionalWeakTable<SqliteConnection, Statements> All = [];

    private readonly Dictionary<string, SqliteCommand> _kept = [];

    /// <summary>Does something with a statement whose values are set.</summary>
    public static T Use<T>(SqliteConnection connection, string sql, (string Name, object? Value)[] values, Func<SqliteCommand, T> use)
    {
        var statements = All.GetOrCreateValue(connection);

        // Taken out meanwhile: what is done with it may run the same one.
        var command = statements._kept.Remove(sql, out var kept) ? kept : connection.Command(sql);
        try
        {
            command.SetValues(values);
            var result = use(command);
            statements.Keep(sql, command);
            return result;
        }
        catch
        {
            command.Dispose();
            throw;
        }
    }

    private void Keep(string sql, SqliteCommand command)
    {
        if (_kept.Count >= MostKept)
        {
            foreach (var old in _kept.Values)
            {
                old.Dispose();
            }

            _kept.Clear();
        }

        if (!_kept.TryAdd(sql, command))
        {
            command.Dispose();
        }
    }
}
