using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Storage;

/// <summary>Repositories, known by git's resolved common directory, and the sessions in them.</summary>
internal static class RepositoryTable
{
    public static long GetOrAdd(SqliteConnection connection, string key) =>
        (long)(connection.Scalar("SELECT id FROM repositories WHERE key = $key", ("$key", key))
            ?? connection.Scalar(
                "INSERT INTO repositories (key, created_at) VALUES ($key, $now) RETURNING id",
                ("$key", key),
                ("$now", DateTime.UtcNow.ToStoreTime()))!);

    public static bool HasSession(SqliteConnection connection, string name) =>
        connection.Scalar("SELECT 1 FROM sessions WHERE lower(name) = lower($name)", ("$name", name)) is not null;

    public static long GetOrAddSession(SqliteConnection connection, long repository, string name) =>
        (long)(connection.Scalar(
                "SELECT id FROM sessions WHERE repository_id = $repository AND name = $name", ("$repository", repository), ("$name", name))
            ?? connection.Scalar(
                "INSERT INTO sessions (repository_id, name, created_at) VALUES ($repository, $name, $now) RETURNING id",
                ("$repository", repository),
                ("$name", name),
                ("$now", DateTime.UtcNow.ToStoreTime()))!);
}
