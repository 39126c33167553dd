using ClaudeTasks.Model;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Store;

/// <summary>The templates a user registered, by name, whatever the case.</summary>
internal static class TemplateTable
{
    /// <summary>Adds a template, or replaces the one of that name.</summary>
    public static void Save(SqliteConnection connection, ClaudeTaskTemplate template)
    {
        Remove(connection, template.Name);
        connection.Execute(
            "INSERT INTO templates (name, definition) VALUES ($name, $definition)",
            ("$name", template.Name),
            ("$definition", StoreJson.Write(template)));
    }

    public static bool Remove(SqliteConnection connection, string name) =>
        connection.Execute("DELETE FROM templates WHERE lower(name) = lower($name)", ("$name", name)) > 0;

    public static List<ClaudeTaskTemplate> All(SqliteConnection connection) =>
        connection.Query("SELECT definition FROM templates ORDER BY lower(name)", reader => StoreJson.ReadTemplate(reader.GetString(0)));

    public static ClaudeTaskTemplate? Find(SqliteConnection connection, string name) =>
        connection.Query(
            "SELECT definition FROM templates WHERE lower(name) = lower($name)",
            reader => StoreJson.ReadTemplate(reader.GetString(0)),
            ("$name", name)).SingleOrDefault();
}
