using ClaudeTasks.Model;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Store;

/// <summary>Reads and writes the user's options, by name.</summary>
internal static class OptionTable
{
    /// <summary>The options in force. One that only a newer version knows is ignored.</summary>
    /// <exception cref="ClaudeTaskException">The store has a value that an option cannot take.</exception>
    public static ClaudeTaskOptions Read(SqliteConnection connection)
    {
        var stored = ReadStored(connection);
        return SettingDefinition.OfOptions.Aggregate(
            ClaudeTaskOptions.Defaults,
            (options, definition) => stored.TryGetValue(definition.Name, out var text) ? definition.Set(options, text) : options);
    }

    /// <summary>All options, each with where its value comes from.</summary>
    /// <exception cref="ClaudeTaskException">The store has a value that an option cannot take.</exception>
    public static List<ClaudeTaskOption> All(SqliteConnection connection)
    {
        var (options, stored) = (Read(connection), ReadStored(connection));
        return [.. SettingDefinition.OfOptions.Select(definition => new ClaudeTaskOption(
            Enum.Parse<ClaudeTaskOptionName>(definition.Name),
            definition.Get(options),
            stored.ContainsKey(definition.Name) ? ClaudeTaskOptionOrigin.Store : ClaudeTaskOptionOrigin.Default,
            definition.Description))];
    }

    /// <summary>Sets options; those that are given null go back to their default.</summary>
    /// <exception cref="ClaudeTaskException">A value cannot be one of its option; nothing was set.</exception>
    public static void Write(SqliteConnection connection, IReadOnlyDictionary<ClaudeTaskOptionName, object?> values)
    {
        foreach (var (name, value) in values)
        {
            connection.Execute("DELETE FROM options WHERE name = $name", ("$name", name.ToString()));
            if (value is not null)
            {
                var definition = SettingDefinition.OfOptions.Single(definition => definition.Name == name.ToString());
                connection.Execute(
                    "INSERT INTO options (name, value) VALUES ($name, $value)",
                    ("$name", definition.Name),
                    ("$value", definition.ToStore(value)));
            }
        }
    }

    private static Dictionary<string, string> ReadStored(SqliteConnection connection) =>
        connection.Query("SELECT name, value FROM options", reader => (Name: reader.GetString(0), Value: reader.GetString(1)))
            .ToDictionary(row => row.Name, row => row.Value);
}
