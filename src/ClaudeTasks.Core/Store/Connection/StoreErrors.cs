using ClaudeTasks.Model;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Store;

/// <summary>What goes wrong with the store, as errors of the catalogue: each says what it is, and what to do about it.</summary>
internal static class StoreErrors
{
    private const string Look =
        "Test-ClaudeTaskStore tells what is wrong; Repair-ClaudeTaskStore saves what can be read and keeps the old file. "
        + "Nothing in your repositories depends on it.";

    /// <summary>Whether an error is the store's own and not one of a single task's data, so that nothing can be recorded.</summary>
    public static bool IsFailure(Exception e) => e is SqliteException
        or ClaudeTaskException { ErrorId: ClaudeTaskErrorId.StoreBusy or ClaudeTaskErrorId.StoreUnusable or ClaudeTaskErrorId.StoreTooNew }
        or ClaudeTaskException { ErrorId: ClaudeTaskErrorId.StoreCorrupt, InnerException: SqliteException };

    public static ClaudeTaskException From(SqliteException e, string path) => e.SqliteErrorCode switch
    {
        5 or 6 => new ClaudeTaskException(
            ClaudeTaskErrorId.StoreBusy,
            $"Another process held the store '{path}' for over {Database.CommandTimeoutSeconds} seconds.",
            path,
            "Look for a program that keeps the file open, such as a backup or a database browser, then try again.",
            e),
        11 or 26 => new ClaudeTaskException(
            ClaudeTaskErrorId.StoreCorrupt, $"The store '{path}' is damaged or is no SQLite database: {e.Message}", path, Look, e),
        8 => Unusable(path, "it may not be written", e),
        10 => Unusable(path, "the disk reports an error, or a quota is used up", e),
        13 => Unusable(path, "the disk is full", e),
        14 => Unusable(path, "it cannot be opened for reading and writing", e),
        _ => Unusable(path, "SQLite refuses", e),
    };

    public static ClaudeTaskException Unusable(string path, string what, Exception e) => new(
        ClaudeTaskErrorId.StoreUnusable,
        $"The store '{path}' cannot be used: {what} ({e.Message.TrimEnd('.')}).",
        path,
        "Check that the disk has room and that you may write there, or set "
            + $"{StoreLocation.HomeVariable} in the environment to another folder.",
        e);

    /// <summary>The file that is open is no longer the one under its name: what was written to it, nobody would ever see.</summary>
    public static ClaudeTaskException Moved(string path) => new(
        ClaudeTaskErrorId.StoreUnusable,
        $"The store '{path}' was deleted, moved or replaced while it was in use.",
        path,
        "The next command opens what is there then. If the old file still exists somewhere, put it back first, with the files beside it.");

    public static ClaudeTaskException TooNew(string path, int version, int known) => new(
        ClaudeTaskErrorId.StoreTooNew,
        $"The store '{path}' was written by a newer ClaudeTasks (schema {version}; this one knows {known}). It was left alone.",
        path,
        $"Update ClaudeTasks and start a new PowerShell, or use another store: set {StoreLocation.HomeVariable} in the environment.");

    /// <summary>An older version's worker would not understand what a newer one makes of the store.</summary>
    public static ClaudeTaskException OlderAtWork(string path, int version, int known) => new(
        ClaudeTaskErrorId.StoreBusy,
        $"An older ClaudeTasks is at work on the store '{path}' (schema {version}; this one has {known}), "
            + "so it cannot be brought up to date now. It was left alone.",
        path,
        "Let its tasks end, or stop them with the older version; then try again. "
            + $"Or use another store meanwhile: set {StoreLocation.HomeVariable} in the environment.");

    public static ClaudeTaskException RepairCutOff(string path) => new(
        ClaudeTaskErrorId.StoreUnusable,
        $"A repair of the store '{path}' was cut off just before its end.",
        path,
        "Run Repair-ClaudeTaskStore again: it finishes what was begun.");
}
