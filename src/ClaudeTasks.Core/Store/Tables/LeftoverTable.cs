using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Store;

/// <summary>
/// The files of removed tasks, until they are deleted too. A row is added in the transaction that removes its task, so a process that dies
/// behind it leaves a note for the next one.
/// </summary>
internal static class LeftoverTable
{
    private static readonly ColumnList Columns = new("leftovers");
    private static readonly Column<Guid> TaskId = Columns.Guid("guid");
    private static readonly Column<string> Folder = Columns.Text("folder");
    private static readonly Column<string?> Worktree = Columns.TextOrNull("worktree");
    private static readonly Column<string?> Branch = Columns.TextOrNull("branch");
    private static readonly Column<string?> StartingCommit = Columns.TextOrNull("starting_commit");

    public static void Add(SqliteConnection connection, Leftover leftover) => connection.Insert(
        "leftovers",
        (TaskId.Name, leftover.TaskId.ToString()),
        (Folder.Name, leftover.Folder),
        (Worktree.Name, leftover.Worktree),
        (Branch.Name, leftover.Branch),
        (StartingCommit.Name, leftover.StartingCommit));

    public static List<Leftover> All(SqliteConnection connection) => connection.Query(
        $"SELECT {Columns.Sql} FROM leftovers",
        row => new Leftover(TaskId.Of(row), Folder.Of(row), Worktree.Of(row), Branch.Of(row), StartingCommit.Of(row)));

    public static void Remove(SqliteConnection connection, Guid task) =>
        connection.Execute("DELETE FROM leftovers WHERE guid = $guid", ("$guid", task.ToString()));
}
