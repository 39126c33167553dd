using ClaudeTasks.Model;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Store;

/// <summary>Standing answers to permission requests, of a repository each.</summary>
internal static class RuleTable
{
    /// <summary>Makes a rule, in place of one for the same tool and text.</summary>
    public static void Save(SqliteConnection connection, long repository, ClaudeTaskRule rule) => connection.Execute(
        """
        INSERT INTO rules (repository_id, folder, tool, pattern, is_literal, is_allowed, created_by, created_at)
        VALUES ($repository, $folder, $tool, $pattern, $literal, $allowed, $by, $now)
        ON CONFLICT (repository_id, tool, pattern, is_literal) DO UPDATE
            SET is_allowed = excluded.is_allowed, created_by = excluded.created_by, created_at = excluded.created_at
        """,
        ("$repository", repository),
        ("$folder", rule.Repository),
        ("$tool", rule.Tool),
        ("$pattern", rule.Pattern),
        ("$literal", rule.IsLiteral),
        ("$allowed", rule.IsAllowed),
        ("$by", rule.CreatedBy),
        ("$now", DateTime.UtcNow.ToStoreTime()));

    public static bool Remove(SqliteConnection connection, int id) =>
        connection.Execute("DELETE FROM rules WHERE id = $id", ("$id", id)) == 1;

    /// <summary>The rules of a repository, or all; denials first, as they win.</summary>
    public static List<ClaudeTaskRule> List(SqliteConnection connection, long? repository) => connection.Query(
        """
        SELECT id, folder, tool, pattern, is_literal, is_allowed, created_by, created_at FROM rules
        WHERE $repository IS NULL OR repository_id = $repository ORDER BY is_allowed, id
        """,
        reader => new ClaudeTaskRule
        {
            Id = reader.GetInt32(0),
            Repository = reader.GetString(1),
            Tool = reader.GetString(2),
            Pattern = reader.GetString(3),
            IsLiteral = reader.GetBoolean(4),
            IsAllowed = reader.GetBoolean(5),
            CreatedBy = reader.GetString(6),
            CreatedAt = SqlExtensions.FromStoreTime(reader.GetInt64(7)),
        },
        ("$repository", repository));
}
