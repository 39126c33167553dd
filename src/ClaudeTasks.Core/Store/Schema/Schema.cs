using System.Globalization;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Store;

/// <summary>
/// The store's schema as a list of steps; <c>user_version</c> says how many of them a file has had. A file that has data is copied beside
/// itself before a step changes it.
/// </summary>
internal sealed partial class Schema(IReadOnlyList<string> steps)
{
    private const string First = """
        CREATE TABLE repositories (
            id INTEGER PRIMARY KEY,
            key TEXT NOT NULL UNIQUE,
            created_at INTEGER NOT NULL,
            last_started_at INTEGER NOT NULL DEFAULT 0);

        CREATE TABLE sessions (
            id INTEGER PRIMARY KEY,
            repository_id INTEGER NOT NULL REFERENCES repositories ON DELETE CASCADE,
            name TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            UNIQUE (repository_id, name));

        CREATE TABLE tasks (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            guid TEXT NOT NULL UNIQUE,
            repository_id INTEGER NOT NULL REFERENCES repositories,
            session_id INTEGER NOT NULL REFERENCES sessions ON DELETE CASCADE,
            folder TEXT NOT NULL,
            prompt TEXT NOT NULL,
            settings TEXT NOT NULL,
            priority INTEGER NOT NULL DEFAULT 0,
            throttle_limit INTEGER NOT NULL,
            worker TEXT NOT NULL,
            agent_process TEXT,
            status TEXT NOT NULL,
            reason INTEGER NOT NULL DEFAULT 0,
            reason_text TEXT,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            started_at INTEGER,
            completed_at INTEGER,
            model TEXT,
            permission_mode TEXT NOT NULL,
            conversation_id TEXT,
            starting_commit TEXT,
            starting_branch TEXT,
            base_tree TEXT,
            result_tree TEXT,
            files_changed INTEGER,
            additions INTEGER,
            deletions INTEGER,
            cost_usd TEXT,
            input_tokens INTEGER,
            output_tokens INTEGER,
            cache_read_tokens INTEGER,
            cache_creation_tokens INTEGER,
            turns INTEGER,
            exit_code INTEGER,
            result TEXT,
            denied_tools TEXT,
            committed_sha TEXT,
            commit_message TEXT,
            rejected_at INTEGER,
            rejection_reason TEXT);

        CREATE INDEX tasks_by_session ON tasks (session_id, id);
        CREATE INDEX tasks_by_repository ON tasks (repository_id, id);
        CREATE INDEX tasks_by_status ON tasks (status, id);
        CREATE INDEX tasks_by_time ON tasks (created_at);
        CREATE INDEX tasks_by_worker ON tasks (worker, status);
        CREATE INDEX tasks_in_queue ON tasks (repository_id, priority DESC, id) WHERE status = 'pending';

        CREATE TABLE leases (
            repository_id INTEGER PRIMARY KEY REFERENCES repositories,
            task_id INTEGER NOT NULL UNIQUE REFERENCES tasks ON DELETE CASCADE,
            taken_at INTEGER NOT NULL);

        CREATE TABLE workers (
            id TEXT PRIMARY KEY,
            process TEXT NOT NULL,
            started INTEGER NOT NULL DEFAULT 0,
            created_at INTEGER NOT NULL) WITHOUT ROWID;

        CREATE TABLE stop_requests (
            task_id INTEGER PRIMARY KEY REFERENCES tasks ON DELETE CASCADE,
            requested_at INTEGER NOT NULL);

        -- The key is the task's id in the upper 32 bits and the event's sequence number in the lower: one tree, in reading order.
        CREATE TABLE events (
            key INTEGER PRIMARY KEY,
            kind INTEGER NOT NULL,
            time INTEGER NOT NULL,
            text TEXT,
            raw BLOB);

        CREATE TRIGGER events_go_with_their_task AFTER DELETE ON tasks BEGIN
            DELETE FROM events WHERE key BETWEEN old.id << 32 AND (old.id << 32) + 4294967295;
        END;

        CREATE TABLE changes (
            task_id INTEGER NOT NULL REFERENCES tasks ON DELETE CASCADE,
            ordinal INTEGER NOT NULL,
            path TEXT NOT NULL,
            old_path TEXT,
            kind INTEGER NOT NULL,
            additions INTEGER,
            deletions INTEGER,
            is_binary INTEGER NOT NULL,
            old_mode TEXT NOT NULL,
            new_mode TEXT NOT NULL,
            patch_length INTEGER NOT NULL,
            PRIMARY KEY (task_id, ordinal)) WITHOUT ROWID;

        CREATE TABLE diffs (
            task_id INTEGER PRIMARY KEY REFERENCES tasks ON DELETE CASCADE,
            patch BLOB NOT NULL);
        """;

    private const string Decisions = """
        CREATE TABLE decisions (
            id INTEGER PRIMARY KEY,
            task_id INTEGER NOT NULL REFERENCES tasks ON DELETE CASCADE,
            kind INTEGER NOT NULL,
            is_done INTEGER NOT NULL DEFAULT 0,
            from_status TEXT NOT NULL,
            head TEXT,
            commit_sha TEXT,
            reason TEXT,
            paths TEXT NOT NULL,
            decided_at INTEGER NOT NULL);

        CREATE INDEX decisions_by_task ON decisions (task_id, id);
        """;

    private const string Worktrees = """
        ALTER TABLE tasks ADD COLUMN allow_dirty INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE tasks ADD COLUMN worktree TEXT;
        ALTER TABLE tasks ADD COLUMN branch TEXT;
        ALTER TABLE tasks ADD COLUMN review_tree TEXT;
        ALTER TABLE changes ADD COLUMN source INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE decisions RENAME COLUMN is_done TO state;
        ALTER TABLE decisions ADD COLUMN plan TEXT;
        UPDATE tasks SET review_tree = base_tree WHERE result_tree IS NOT NULL;
        UPDATE decisions SET plan = json_object(
            'Head', head, 'Branch', 'HEAD', 'Checkout', (SELECT folder FROM tasks WHERE id = task_id),
            'Commit', json('[]'), 'Index', json('[]'), 'Files', json('[]')) WHERE kind = 0;
        DROP INDEX tasks_in_queue;
        CREATE INDEX tasks_in_queue ON tasks (repository_id, priority DESC, id) WHERE status = 'pending' AND worktree IS NULL;
        CREATE INDEX worktrees_in_queue ON tasks (priority DESC, id) WHERE status = 'pending' AND worktree IS NOT NULL;
        """;

    private const string Gates = """
        CREATE TABLE gates (
            id INTEGER PRIMARY KEY,
            repository_id INTEGER REFERENCES repositories ON DELETE CASCADE,
            name TEXT NOT NULL,
            position INTEGER NOT NULL,
            definition TEXT NOT NULL);

        CREATE UNIQUE INDEX gates_by_name ON gates (coalesce(repository_id, 0), lower(name));

        CREATE TABLE gate_results (
            id INTEGER PRIMARY KEY,
            task_id INTEGER NOT NULL REFERENCES tasks ON DELETE CASCADE,
            name TEXT NOT NULL,
            attempt INTEGER NOT NULL,
            is_required INTEGER NOT NULL,
            passed INTEGER NOT NULL,
            reason INTEGER NOT NULL,
            exit_code INTEGER,
            started_at INTEGER NOT NULL,
            duration INTEGER NOT NULL,
            output TEXT NOT NULL,
            changed_files TEXT NOT NULL);

        CREATE INDEX gate_results_by_task ON gate_results (task_id, id);
        ALTER TABLE tasks ADD COLUMN quality TEXT;
        ALTER TABLE tasks ADD COLUMN repairs INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE tasks ADD COLUMN gate_request TEXT;
        """;

    private const string Contents = """
        ALTER TABLE changes ADD COLUMN old_hash TEXT;
        ALTER TABLE changes ADD COLUMN new_hash TEXT;
        ALTER TABLE changes ADD COLUMN old_size INTEGER;
        ALTER TABLE changes ADD COLUMN new_size INTEGER;
        ALTER TABLE changes ADD COLUMN is_over_limit INTEGER NOT NULL DEFAULT 0;

        -- Patches of files whose own, among the others in diffs, is not UTF-8.
        CREATE TABLE binary_patches (
            task_id INTEGER NOT NULL REFERENCES tasks ON DELETE CASCADE,
            ordinal INTEGER NOT NULL,
            patch BLOB NOT NULL,
            PRIMARY KEY (task_id, ordinal));
        """;

    private const string Conversations = """
        ALTER TABLE tasks ADD COLUMN continuation TEXT;
        ALTER TABLE tasks ADD COLUMN continues INTEGER;

        -- Whether the next agent resumes the conversation, and what it is told then; without it the prompt is.
        ALTER TABLE tasks ADD COLUMN resumes INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE tasks ADD COLUMN opening TEXT;
        ALTER TABLE tasks ADD COLUMN is_held INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE tasks ADD COLUMN not_before INTEGER;
        ALTER TABLE tasks ADD COLUMN skip_late INTEGER;

        -- Null: depends on nothing; 0: on all of its dependencies; 1: on any of them.
        ALTER TABLE tasks ADD COLUMN needs INTEGER;
        ALTER TABLE tasks ADD COLUMN even_if_failed INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE stop_requests ADD COLUMN suspends INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX tasks_by_conversation ON tasks (conversation_id) WHERE conversation_id IS NOT NULL;
        CREATE INDEX tasks_that_may_be_hopeless ON tasks (id) WHERE status = 'pending' AND (needs IS NOT NULL OR skip_late IS NOT NULL);

        -- A task that is gone must be seen to be.
        CREATE TABLE dependencies (
            task_id INTEGER NOT NULL REFERENCES tasks ON DELETE CASCADE,
            on_task INTEGER NOT NULL,
            PRIMARY KEY (task_id, on_task)) WITHOUT ROWID;

        CREATE TABLE questions (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            task_id INTEGER NOT NULL REFERENCES tasks ON DELETE CASCADE,
            kind INTEGER NOT NULL,
            tool TEXT NOT NULL,
            text TEXT NOT NULL,
            options TEXT NOT NULL,
            input TEXT NOT NULL,
            tool_use_id TEXT NOT NULL,
            state INTEGER NOT NULL,
            asked_at INTEGER NOT NULL,
            deadline INTEGER,
            answered_at INTEGER,
            answer TEXT,
            is_delivered INTEGER NOT NULL DEFAULT 0);

        CREATE INDEX questions_by_task ON questions (task_id, state);
        CREATE INDEX open_questions ON questions (id) WHERE state = 0;

        CREATE TABLE rules (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            repository_id INTEGER NOT NULL REFERENCES repositories ON DELETE CASCADE,
            folder TEXT NOT NULL,
            tool TEXT NOT NULL,
            pattern TEXT NOT NULL,
            is_allowed INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            UNIQUE (repository_id, tool, pattern));

        CREATE TABLE messages (
            id INTEGER PRIMARY KEY,
            task_id INTEGER NOT NULL REFERENCES tasks ON DELETE CASCADE,
            text TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            sent_at INTEGER);

        CREATE INDEX messages_to_send ON messages (task_id, id) WHERE sent_at IS NULL;

        CREATE TABLE attempts (
            task_id INTEGER NOT NULL REFERENCES tasks ON DELETE CASCADE,
            number INTEGER NOT NULL,
            purpose TEXT NOT NULL,
            started_at INTEGER NOT NULL,
            ended_at INTEGER,
            reason INTEGER NOT NULL DEFAULT 0,
            reason_text TEXT,
            exit_code INTEGER,
            turns INTEGER,
            cost_usd TEXT,
            input_tokens INTEGER,
            output_tokens INTEGER,
            cache_read_tokens INTEGER,
            cache_creation_tokens INTEGER,
            PRIMARY KEY (task_id, number)) WITHOUT ROWID;
        """;

    /// <summary>What a repository makes Claude Code run was told to the user, as a hash of it; decisions that were cut off are found fast.</summary>
    private const string Trust = """
        ALTER TABLE repositories ADD COLUMN settings_told TEXT;
        CREATE INDEX open_decisions ON decisions (id, task_id) WHERE state <> 1;
        """;

    /// <summary>A long line is packed; then its size stands beside it.</summary>
    private const string Packing = "ALTER TABLE events ADD COLUMN raw_size INTEGER";

    /// <summary>What a line says is not kept in it a second time; then the place of the text in it stands beside it.</summary>
    private const string TakingOut = "ALTER TABLE events ADD COLUMN text_at INTEGER";

    public static Schema Current { get; } = new([First, Decisions, Worktrees, Gates, Contents, Conversations, Settings, Trust, Packing, TakingOut]);

    /// <summary>The number of steps, which is what a file that has had them all carries.</summary>
    public int Version => steps.Count;

    /// <summary>Brings the file up to date, or makes what is in an empty one.</summary>
    /// <param name="connection">A connection to it.</param>
    /// <param name="path">The file.</param>
    /// <param name="isInUse">Whether somebody is at work who knows the file as it is; asked under the write lock, so that nobody can begin.</param>
    /// <exception cref="Model.ClaudeTaskException">The file is of a newer version, or an older one is at work on it.</exception>
    public void Apply(SqliteConnection connection, string path, Func<SqliteConnection, bool> isInUse)
    {
        if (IsCurrent(ReadVersion(connection), path))
        {
            return;
        }

        // Both settings are kept in the file. The first can only be made while it is empty.
        connection.RunScript("PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL");
        using var transaction = StoreTransaction.BeginWriting(connection);
        var version = ReadVersion(connection);
        if (IsCurrent(version, path))
        {
            return;
        }

        if (version > 0)
        {
            if (isInUse(connection))
            {
                throw StoreErrors.OlderAtWork(path, version, Version);
            }

            BackUp(path, version);
        }

        Run(connection, version, Version);
        transaction.Commit();
    }

    /// <summary>Runs the steps that lead from one version to another.</summary>
    public void Run(SqliteConnection connection, int from, int to)
    {
        foreach (var step in steps.Take(to).Skip(from))
        {
            connection.RunScript(step);
        }

        connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {to}"));
    }

    /// <summary>Whether a file has exactly this schema.</summary>
    public bool IsOf(SqliteConnection connection) => ReadVersion(connection) == Version;

    private bool IsCurrent(int version, string path) =>
        version <= Version ? version == Version : throw StoreErrors.TooNew(path, version, Version);

    public static int ReadVersion(SqliteConnection connection) =>
        Convert.ToInt32(connection.Scalar("PRAGMA user_version"), CultureInfo.InvariantCulture);

    /// <summary>Copies what is committed. The caller's write lock keeps others from changing it meanwhile.</summary>
    private static void BackUp(string path, int version)
    {
        var backup = string.Create(CultureInfo.InvariantCulture, $"{path}.v{version}.backup");
        using var reader = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString);
        reader.Open();
        File.Delete(backup);
        reader.Execute("VACUUM INTO $backup", ("$backup", backup));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(backup, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }
}
