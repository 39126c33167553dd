using System.Data;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Store;

/// <summary>
/// The statements that were run on a connection, kept to be run again: to prepare one that reads a task takes SQLite longer than to run it.
/// For one thread at a time, as the connection is.
/// </summary>
internal sealed class Statements
{
    private const int MostKept = 100;

    private static readonly ConditionalWeakTable<SqliteConnection, Statements> All = [];

    private readonly Dictionary<string, Statement> _kept = [];

    /// <summary>Does something with a statement.</summary>
    public static T Use<T>(SqliteConnection connection, string sql, Func<Statement, T> use)
    {
        var statements = All.GetValue(connection, Attach);

        // Taken out meanwhile: what is done with it may run the same one.
        var statement = statements._kept.Remove(sql, out var kept) ? kept : new Statement(connection, sql);
        try
        {
            var result = use(statement);
            statement.Clear();
            statements.Keep(sql, statement);
            return result;
        }
        catch
        {
            statement.Dispose();
            throw;
        }
    }

    /// <summary>SQLite keeps a closed file open for as long as there is a statement.</summary>
    private static Statements Attach(SqliteConnection connection)
    {
        var statements = new Statements();
        connection.StateChange += (_, change) =>
        {
            if (change.CurrentState == ConnectionState.Closed)
            {
                statements.DisposeAll();
            }
        };
        return statements;
    }

    private void Keep(string sql, Statement statement)
    {
        if (_kept.Count >= MostKept)
        {
            DisposeAll();
        }

        if (!_kept.TryAdd(sql, statement))
        {
            statement.Dispose();
        }
    }

    private void DisposeAll()
    {
        foreach (var statement in _kept.Values)
        {
            statement.Dispose();
        }

        _kept.Clear();
    }
}
