using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Store;

/// <summary>Repositories, known by git's resolved common directory.</summary>
internal static class RepositoryTable
{
    public static long GetOrAdd(SqliteConnection connection, string key) =>
        (long)(connection.Scalar("SELECT id FROM repositories WHERE key = $key", ("$key", key))
            ?? connection.Scalar(
                "INSERT INTO repositories (key, created_at) VALUES ($key, $now) RETURNING id",
                ("$key", key),
                ("$now", DateTime.UtcNow.ToStoreTime()))!);

    /// <summary>Notes what was told of a repository; false when it was told before.</summary>
    public static bool Tell(SqliteConnection connection, long id, string told) => connection.Execute(
        "UPDATE repositories SET settings_told = $told WHERE id = $id AND settings_told IS NOT $told", ("$id", id), ("$told", told)) > 0;

    /// <summary>
    /// A submodule's key, or a bare repository's with work trees, does not tell where the files are; a task's folder does.
    /// </summary>
    public static string WorkTreeOf(string key, string? folder) =>
        Path.GetFileName(key) == ".git" ? Path.GetDirectoryName(key)! : folder ?? key;

    public static long? Find(SqliteConnection connection, string key) =>
        (long?)connection.Scalar("SELECT id FROM repositories WHERE key = $key", ("$key", key));
}
