namespace ClaudeTasks.Store;

/// <summary>The tables of version 1. Once it is released, a later version changes them by a step of its own.</summary>
internal static class FirstSchema
{
    /// <summary>Long texts stand last: SQLite reads a row from its front, and follows it to further pages only as far as it must.</summary>
    public const string Script = """
        CREATE TABLE repositories (
            id INTEGER PRIMARY KEY,
            key TEXT NOT NULL UNIQUE,
            created_at INTEGER NOT NULL,
            last_started_at INTEGER NOT NULL DEFAULT 0,
            -- A hash of the settings with which the repository makes Claude Code run programs, once the user was told of them.
            settings_told TEXT);

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
            status TEXT NOT NULL,
            reason INTEGER NOT NULL DEFAULT 0,
            priority INTEGER NOT NULL DEFAULT 0,
            throttle_limit INTEGER NOT NULL,
            worker TEXT NOT NULL,
            agent_process TEXT,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            started_at INTEGER,
            completed_at INTEGER,

            -- When it may start. "needs" is null where it depends on no task, 0 where on all of its dependencies, 1 where on any of them.
            is_held INTEGER NOT NULL DEFAULT 0,
            not_before INTEGER,
            skip_late INTEGER,
            needs INTEGER,
            even_if_failed INTEGER NOT NULL DEFAULT 0,

            -- Where it works.
            folder TEXT NOT NULL,
            worktree TEXT,
            branch TEXT,
            starting_commit TEXT,
            starting_branch TEXT,
            base_tree TEXT,
            review_tree TEXT,
            result_tree TEXT,

            -- What its agents reported. A cost is the decimal text of the report.
            model TEXT,
            permission_mode TEXT NOT NULL,
            conversation_id TEXT,
            continues INTEGER,
            resumes INTEGER NOT NULL DEFAULT 0,
            cost_usd TEXT,
            input_tokens INTEGER,
            output_tokens INTEGER,
            cache_read_tokens INTEGER,
            cache_creation_tokens INTEGER,
            turns INTEGER,
            exit_code INTEGER,

            -- What it changed, and what became of that.
            files_changed INTEGER,
            additions INTEGER,
            deletions INTEGER,
            repairs INTEGER NOT NULL DEFAULT 0,
            gate_request TEXT,
            committed_sha TEXT,
            rejected_at INTEGER,

            template TEXT,
            settings TEXT NOT NULL,
            denied_tools TEXT,
            reason_text TEXT,
            rejection_reason TEXT,
            commit_message TEXT,
            -- The message that the next agent gets when it resumes the conversation; without it, it gets the prompt.
            opening TEXT,
            prompt TEXT NOT NULL,
            result TEXT);

        CREATE INDEX tasks_by_session ON tasks (session_id, id);
        CREATE INDEX tasks_by_repository ON tasks (repository_id, id);
        CREATE INDEX tasks_by_status ON tasks (status, id);
        CREATE INDEX tasks_by_time ON tasks (created_at);
        CREATE INDEX tasks_by_worker ON tasks (worker, status);
        CREATE INDEX tasks_by_conversation ON tasks (conversation_id) WHERE conversation_id IS NOT NULL;
        -- The daily cost limit sums the cost of the tasks that began since a moment, before every start.
        CREATE INDEX tasks_by_start ON tasks (coalesce(started_at, created_at), cost_usd);
        CREATE INDEX tasks_in_queue ON tasks (repository_id, priority DESC, id) WHERE status = 'pending' AND worktree IS NULL;
        CREATE INDEX worktrees_in_queue ON tasks (priority DESC, id) WHERE status = 'pending' AND worktree IS NOT NULL;
        CREATE INDEX tasks_that_may_be_hopeless ON tasks (id) WHERE status = 'pending' AND (needs IS NOT NULL OR skip_late IS NOT NULL);

        -- "on_task" is no reference: a task must see that one on which it depends was removed.
        CREATE TABLE dependencies (
            task_id INTEGER NOT NULL REFERENCES tasks ON DELETE CASCADE,
            on_task INTEGER NOT NULL,
            PRIMARY KEY (task_id, on_task)) WITHOUT ROWID;

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
            requested_at INTEGER NOT NULL,
            suspends INTEGER NOT NULL DEFAULT 0);

        -- The key is the task's id in the upper 32 bits and the event's sequence number in the lower: one tree, in reading order.
        CREATE TABLE events (
            key INTEGER PRIMARY KEY,
            kind INTEGER NOT NULL,
            time INTEGER NOT NULL,
            text TEXT,
            raw BLOB,
            -- The size of a long line, which is packed; null where it is stored as it is.
            raw_size INTEGER,
            -- Where the text was cut out of the line, so that it is stored once; null where it was not.
            text_at INTEGER);

        CREATE TRIGGER events_go_with_their_task AFTER DELETE ON tasks BEGIN
            DELETE FROM events WHERE key BETWEEN old.id << 32 AND (old.id << 32) + 4294967295;
        END;

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
            -- What it may cost at most, which is kept from the limit of the day until it ends.
            reserved_usd TEXT,
            PRIMARY KEY (task_id, number)) WITHOUT ROWID;

        CREATE INDEX reservations ON attempts (task_id) WHERE ended_at IS NULL AND reserved_usd IS NOT NULL;

        -- What a dead worker or an interrupted decision left, until it is recovered.
        CREATE TABLE recoveries (
            task_id INTEGER PRIMARY KEY REFERENCES tasks ON DELETE CASCADE,
            is_lost INTEGER NOT NULL,
            tries INTEGER NOT NULL DEFAULT 0,
            next_at INTEGER NOT NULL,
            problem TEXT);

        CREATE TABLE messages (
            id INTEGER PRIMARY KEY,
            task_id INTEGER NOT NULL REFERENCES tasks ON DELETE CASCADE,
            text TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            sent_at INTEGER);

        CREATE INDEX messages_to_send ON messages (task_id, id) WHERE sent_at IS NULL;

        CREATE TABLE questions (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            task_id INTEGER NOT NULL REFERENCES tasks ON DELETE CASCADE,
            kind INTEGER NOT NULL,
            tool TEXT NOT NULL,
            text TEXT NOT NULL,
            options TEXT NOT NULL,
            input TEXT NOT NULL,
            tool_use_id TEXT NOT NULL,
            reason TEXT,
            target TEXT,
            can_remember INTEGER NOT NULL,
            state INTEGER NOT NULL,
            asked_at INTEGER NOT NULL,
            deadline INTEGER,
            answered_at INTEGER,
            answered_by TEXT,
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
            is_literal INTEGER NOT NULL,
            is_allowed INTEGER NOT NULL,
            created_by TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            UNIQUE (repository_id, tool, pattern, is_literal));

        CREATE TABLE changes (
            task_id INTEGER NOT NULL REFERENCES tasks ON DELETE CASCADE,
            ordinal INTEGER NOT NULL,
            source INTEGER NOT NULL DEFAULT 0,
            path TEXT NOT NULL,
            old_path TEXT,
            kind INTEGER NOT NULL,
            additions INTEGER,
            deletions INTEGER,
            is_binary INTEGER NOT NULL,
            old_mode TEXT NOT NULL,
            new_mode TEXT NOT NULL,
            old_hash TEXT,
            new_hash TEXT,
            old_size INTEGER,
            new_size INTEGER,
            is_over_limit INTEGER NOT NULL DEFAULT 0,
            patch_length INTEGER NOT NULL,
            PRIMARY KEY (task_id, ordinal)) WITHOUT ROWID;

        -- All patches of a task, one behind the other as its changes are, compressed as one.
        CREATE TABLE diffs (
            task_id INTEGER PRIMARY KEY REFERENCES tasks ON DELETE CASCADE,
            patch BLOB NOT NULL);

        -- Patches for git of files whose readable patch, among the others in diffs, is not UTF-8.
        CREATE TABLE binary_patches (
            task_id INTEGER NOT NULL REFERENCES tasks ON DELETE CASCADE,
            ordinal INTEGER NOT NULL,
            patch BLOB NOT NULL,
            PRIMARY KEY (task_id, ordinal));

        CREATE TABLE decisions (
            id INTEGER PRIMARY KEY,
            task_id INTEGER NOT NULL REFERENCES tasks ON DELETE CASCADE,
            kind INTEGER NOT NULL,
            state INTEGER NOT NULL DEFAULT 0,
            from_status TEXT NOT NULL,
            commit_sha TEXT,
            reason TEXT,
            plan TEXT,
            paths TEXT NOT NULL,
            decided_at INTEGER NOT NULL);

        CREATE INDEX decisions_by_task ON decisions (task_id, id);
        CREATE INDEX open_decisions ON decisions (id, task_id) WHERE state <> 1;

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

        CREATE TABLE templates (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            definition TEXT NOT NULL);

        CREATE UNIQUE INDEX templates_by_name ON templates (lower(name));

        CREATE TABLE options (
            name TEXT PRIMARY KEY,
            value TEXT NOT NULL) WITHOUT ROWID;

        -- Its one row decides between two processes that both want to remove old tasks, or to sweep folders.
        CREATE TABLE retention (last_run INTEGER NOT NULL, last_sweep INTEGER NOT NULL);
        INSERT INTO retention VALUES (0, 0);

        -- The files of removed tasks, until they are deleted too. A row is added in the transaction that removes its task.
        CREATE TABLE leftovers (
            guid TEXT PRIMARY KEY,
            folder TEXT NOT NULL,
            worktree TEXT,
            branch TEXT,
            starting_commit TEXT) WITHOUT ROWID;
        """;
}
