namespace ClaudeTasks.Store;

/// <content>Templates, options, and when old tasks were last removed.</content>
internal sealed partial class Schema
{
    private const string Settings = """
        CREATE TABLE templates (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            definition TEXT NOT NULL);

        CREATE UNIQUE INDEX templates_by_name ON templates (lower(name));

        CREATE TABLE options (
            name TEXT PRIMARY KEY,
            value TEXT NOT NULL) WITHOUT ROWID;

        -- Its one row is what decides between two processes that both want to remove old tasks.
        CREATE TABLE retention (last_run INTEGER NOT NULL);
        INSERT INTO retention VALUES (0);

        ALTER TABLE tasks ADD COLUMN template TEXT;

        -- When a task spent its money: what was spent since a moment is asked before every start.
        CREATE INDEX tasks_by_start ON tasks (coalesce(started_at, created_at), cost_usd);
        """;
}
