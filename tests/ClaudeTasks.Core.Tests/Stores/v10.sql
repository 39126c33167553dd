CREATE TABLE repositories (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    last_started_at INTEGER NOT NULL DEFAULT 0, settings_told TEXT);
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
    rejection_reason TEXT, allow_dirty INTEGER NOT NULL DEFAULT 0, worktree TEXT, branch TEXT, review_tree TEXT, quality TEXT, repairs INTEGER NOT NULL DEFAULT 0, gate_request TEXT, continuation TEXT, continues INTEGER, resumes INTEGER NOT NULL DEFAULT 0, opening TEXT, is_held INTEGER NOT NULL DEFAULT 0, not_before INTEGER, skip_late INTEGER, needs INTEGER, even_if_failed INTEGER NOT NULL DEFAULT 0, template TEXT);
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
    requested_at INTEGER NOT NULL, suspends INTEGER NOT NULL DEFAULT 0);
CREATE TABLE events (
    key INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    time INTEGER NOT NULL,
    text TEXT,
    raw BLOB, raw_size INTEGER, text_at INTEGER);
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
    patch_length INTEGER NOT NULL, source INTEGER NOT NULL DEFAULT 0, old_hash TEXT, new_hash TEXT, old_size INTEGER, new_size INTEGER, is_over_limit INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (task_id, ordinal)) WITHOUT ROWID;
CREATE TABLE diffs (
    task_id INTEGER PRIMARY KEY REFERENCES tasks ON DELETE CASCADE,
    patch BLOB NOT NULL);
CREATE TABLE decisions (
    id INTEGER PRIMARY KEY,
    task_id INTEGER NOT NULL REFERENCES tasks ON DELETE CASCADE,
    kind INTEGER NOT NULL,
    state INTEGER NOT NULL DEFAULT 0,
    from_status TEXT NOT NULL,
    head TEXT,
    commit_sha TEXT,
    reason TEXT,
    paths TEXT NOT NULL,
    decided_at INTEGER NOT NULL, plan TEXT);
CREATE TABLE gates (
    id INTEGER PRIMARY KEY,
    repository_id INTEGER REFERENCES repositories ON DELETE CASCADE,
    name TEXT NOT NULL,
    position INTEGER NOT NULL,
    definition TEXT NOT NULL);
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
CREATE TABLE binary_patches (
    task_id INTEGER NOT NULL REFERENCES tasks ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    patch BLOB NOT NULL,
    PRIMARY KEY (task_id, ordinal));
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
CREATE TABLE templates (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    definition TEXT NOT NULL);
CREATE TABLE options (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE retention (last_run INTEGER NOT NULL);
INSERT INTO repositories (id, key, created_at, last_started_at, settings_told) VALUES (1, '/work/api/.git', 1790000000000, 1790000000100, 'abcd');
INSERT INTO repositories (id, key, created_at, last_started_at, settings_told) VALUES (2, '/work/übung/.git', 1790000000000, 0, NULL);
INSERT INTO sessions (id, repository_id, name, created_at) VALUES (1, 1, 'Release 2', 1790000000000);
INSERT INTO sessions (id, repository_id, name, created_at) VALUES (2, 2, 'pwsh', 1790000000000);
INSERT INTO tasks (id, guid, repository_id, session_id, folder, prompt, settings, priority, throttle_limit, worker, agent_process, status, reason, reason_text, created_at, updated_at, started_at, completed_at, model, permission_mode, conversation_id, starting_commit, starting_branch, base_tree, result_tree, files_changed, additions, deletions, cost_usd, input_tokens, output_tokens, cache_read_tokens, cache_creation_tokens, turns, exit_code, result, denied_tools, committed_sha, commit_message, rejected_at, rejection_reason, allow_dirty, worktree, branch, review_tree, quality, repairs, gate_request, continuation, continues, resumes, opening, is_held, not_before, skip_late, needs, even_if_failed, template) VALUES (1, '00000000-0000-4000-8000-000000000001', 1, 1, '/work/api', 'Add a note', '{"PermissionMode":"acceptEdits","AllowedTools":[],"DisallowedTools":[],"Arguments":[],"Timeout":"00:10:00","StallTimeout":"00:07:00","StartTimeout":"00:01:00"}', 0, 5, '00000000-0000-4000-8000-00000000000a', '100:1:boot', 'completed', 0, NULL, 1790000000000, 1790000009000, 1790000000100, 1790000008000, 'claude-opus-5', 'acceptEdits', '00000000-0000-4000-8000-00000000000c', 'aaaa', 'main', 'bbbb', 'cccc', 1, 1, 0, '0.0123', 1200, 340, NULL, NULL, 2, 0, 'Done.', '["Bash"]', 'dddd', 'Add a note', NULL, NULL, 0, NULL, NULL, 'bbbb', NULL, 0, NULL, NULL, NULL, 0, NULL, 0, NULL, NULL, NULL, 0, NULL);
INSERT INTO tasks (id, guid, repository_id, session_id, folder, prompt, settings, priority, throttle_limit, worker, agent_process, status, reason, reason_text, created_at, updated_at, started_at, completed_at, model, permission_mode, conversation_id, starting_commit, starting_branch, base_tree, result_tree, files_changed, additions, deletions, cost_usd, input_tokens, output_tokens, cache_read_tokens, cache_creation_tokens, turns, exit_code, result, denied_tools, committed_sha, commit_message, rejected_at, rejection_reason, allow_dirty, worktree, branch, review_tree, quality, repairs, gate_request, continuation, continues, resumes, opening, is_held, not_before, skip_late, needs, even_if_failed, template) VALUES (2, '00000000-0000-4000-8000-000000000002', 1, 1, '/work/api', 'Zweite Aufgabe: größer', '{"PermissionMode":"acceptEdits","AllowedTools":[],"DisallowedTools":[],"Arguments":[],"Timeout":"00:10:00","StallTimeout":"00:07:00","StartTimeout":"00:01:00"}', 0, 5, '00000000-0000-4000-8000-00000000000a', '101:1:boot', 'waiting_approval', 0, NULL, 1790000010000, 1790000019000, 1790000010100, 1790000018000, 'claude-opus-5', 'acceptEdits', '00000000-0000-4000-8000-00000000000d', 'aaaa', 'main', 'bbbb', 'eeee', 1, 1, 0, '0.0200', 900, 100, NULL, NULL, 1, 0, 'Done too.', '[]', NULL, NULL, NULL, NULL, 0, NULL, NULL, 'bbbb', NULL, 0, NULL, NULL, NULL, 0, NULL, 0, NULL, NULL, NULL, 0, NULL);
INSERT INTO tasks (id, guid, repository_id, session_id, folder, prompt, settings, priority, throttle_limit, worker, agent_process, status, reason, reason_text, created_at, updated_at, started_at, completed_at, model, permission_mode, conversation_id, starting_commit, starting_branch, base_tree, result_tree, files_changed, additions, deletions, cost_usd, input_tokens, output_tokens, cache_read_tokens, cache_creation_tokens, turns, exit_code, result, denied_tools, committed_sha, commit_message, rejected_at, rejection_reason, allow_dirty, worktree, branch, review_tree, quality, repairs, gate_request, continuation, continues, resumes, opening, is_held, not_before, skip_late, needs, even_if_failed, template) VALUES (3, '00000000-0000-4000-8000-000000000003', 1, 1, '/work/api', 'A third one', '{"PermissionMode":"acceptEdits","AllowedTools":[],"DisallowedTools":[],"Arguments":[],"Timeout":"00:10:00","StallTimeout":"00:07:00","StartTimeout":"00:01:00"}', 0, 5, '00000000-0000-4000-8000-00000000000b', NULL, 'pending', 0, NULL, 1790000020000, 1790000020000, NULL, NULL, NULL, 'plan', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, 0, NULL, 0, NULL, NULL, 0, 0, NULL);
INSERT INTO tasks (id, guid, repository_id, session_id, folder, prompt, settings, priority, throttle_limit, worker, agent_process, status, reason, reason_text, created_at, updated_at, started_at, completed_at, model, permission_mode, conversation_id, starting_commit, starting_branch, base_tree, result_tree, files_changed, additions, deletions, cost_usd, input_tokens, output_tokens, cache_read_tokens, cache_creation_tokens, turns, exit_code, result, denied_tools, committed_sha, commit_message, rejected_at, rejection_reason, allow_dirty, worktree, branch, review_tree, quality, repairs, gate_request, continuation, continues, resumes, opening, is_held, not_before, skip_late, needs, even_if_failed, template) VALUES (4, '00000000-0000-4000-8000-000000000004', 2, 2, '/work/übung', 'Fails', '{"PermissionMode":"acceptEdits","AllowedTools":[],"DisallowedTools":[],"Arguments":[],"Timeout":"00:10:00","StallTimeout":"00:07:00","StartTimeout":"00:01:00"}', 0, 5, '00000000-0000-4000-8000-00000000000b', NULL, 'failed', 3, 'Claude Code ended with exit code 1.', 1790000030000, 1790000031000, 1790000030100, 1790000031000, NULL, 'acceptEdits', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1, NULL, '[]', NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, 0, NULL, 0, NULL, NULL, NULL, 0, NULL);
INSERT INTO tasks (id, guid, repository_id, session_id, folder, prompt, settings, priority, throttle_limit, worker, agent_process, status, reason, reason_text, created_at, updated_at, started_at, completed_at, model, permission_mode, conversation_id, starting_commit, starting_branch, base_tree, result_tree, files_changed, additions, deletions, cost_usd, input_tokens, output_tokens, cache_read_tokens, cache_creation_tokens, turns, exit_code, result, denied_tools, committed_sha, commit_message, rejected_at, rejection_reason, allow_dirty, worktree, branch, review_tree, quality, repairs, gate_request, continuation, continues, resumes, opening, is_held, not_before, skip_late, needs, even_if_failed, template) VALUES (5, '00000000-0000-4000-8000-000000000005', 1, 1, '/work/api', 'In a work tree', '{"PermissionMode":"acceptEdits","AllowedTools":[],"DisallowedTools":[],"Arguments":[],"Timeout":"00:10:00","StallTimeout":"00:07:00","StartTimeout":"00:01:00"}', 0, 5, '00000000-0000-4000-8000-00000000000b', NULL, 'pending', 0, NULL, 1790000040000, 1790000040000, NULL, NULL, NULL, 'acceptEdits', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, '/store/worktrees/5-in', 'claude-task/5-in', NULL, NULL, 0, NULL, NULL, NULL, 0, NULL, 0, NULL, NULL, NULL, 0, NULL);
INSERT INTO leases (repository_id, task_id, taken_at) VALUES (1, 2, 1790000010100);
INSERT INTO events (key, kind, time, text, raw, raw_size, text_at) VALUES (4294967297, 0, 1790000000000, 'Pending', NULL, NULL, NULL);
INSERT INTO events (key, kind, time, text, raw, raw_size, text_at) VALUES (4294967298, 1, 1790000000200, 'I begin. 🙂', X'7B2274797065223A22617373697374616E74227D', NULL, NULL);
INSERT INTO events (key, kind, time, text, raw, raw_size, text_at) VALUES (4294967299, 0, 1790000008000, 'Completed', NULL, NULL, NULL);
INSERT INTO events (key, kind, time, text, raw, raw_size, text_at) VALUES (8589934593, 0, 1790000010000, 'Pending', NULL, NULL, NULL);
INSERT INTO events (key, kind, time, text, raw, raw_size, text_at) VALUES (8589934594, 13, 1790000010200, NULL, X'6572726F7220FF00', NULL, NULL);
INSERT INTO events (key, kind, time, text, raw, raw_size, text_at) VALUES (8589934595, 13, 1790000010300, NULL, X'0B02802B6E65770A03', 5, NULL);
INSERT INTO events (key, kind, time, text, raw, raw_size, text_at) VALUES (8589934596, 1, 1790000010400, 'Said "once".', X'7B2274657874223A22227D', NULL, 9);
INSERT INTO events (key, kind, time, text, raw, raw_size, text_at) VALUES (12884901889, 0, 1790000020000, 'Pending', NULL, NULL, NULL);
INSERT INTO events (key, kind, time, text, raw, raw_size, text_at) VALUES (17179869185, 10, 1790000031000, 'Failed', NULL, NULL, NULL);
INSERT INTO changes (task_id, ordinal, path, old_path, kind, additions, deletions, is_binary, old_mode, new_mode, patch_length, source, old_hash, new_hash, old_size, new_size, is_over_limit) VALUES (1, 0, 'a.txt', NULL, 0, 1, 0, 0, '000000', '100644', 5, 0, NULL, NULL, NULL, NULL, 0);
INSERT INTO changes (task_id, ordinal, path, old_path, kind, additions, deletions, is_binary, old_mode, new_mode, patch_length, source, old_hash, new_hash, old_size, new_size, is_over_limit) VALUES (2, 0, 'ä.txt', NULL, 0, 1, 0, 0, '000000', '100644', 5, 0, NULL, 'ffff', NULL, 2, 0);
INSERT INTO diffs (task_id, patch) VALUES (1, X'0B02802B6E65770A03');
INSERT INTO diffs (task_id, patch) VALUES (2, X'0B02802B6E65770A03');
INSERT INTO decisions (id, task_id, kind, state, from_status, head, commit_sha, reason, paths, decided_at, plan) VALUES (1, 1, 0, 1, 'waiting_approval', 'aaaa', 'dddd', NULL, '["a.txt"]', 1790000008000, '{"Head":"aaaa","Branch":"HEAD","Checkout":"/work/api","Commit":[],"Index":[],"Files":[]}');
INSERT INTO gates (id, repository_id, name, position, definition) VALUES (1, 1, 'build', 0, '{"Name":"build","Repository":"/work/api","Kind":0,"Command":"make","Arguments":[],"Order":0,"Timeout":"00:10:00","Environment":{},"IsRequired":true}');
INSERT INTO gate_results (id, task_id, name, attempt, is_required, passed, reason, exit_code, started_at, duration, output, changed_files) VALUES (1, 2, 'build', 1, 1, 1, 0, 0, 1790000018000, 250, 'ok', '[]');
INSERT INTO dependencies (task_id, on_task) VALUES (3, 2);
INSERT INTO questions (id, task_id, kind, tool, text, options, input, tool_use_id, state, asked_at, deadline, answered_at, answer, is_delivered) VALUES (1, 1, 0, 'Bash', 'May I?', '[]', '{}', 'toolu_1', 1, 1790000000300, NULL, 1790000000400, 'yes', 1);
INSERT INTO rules (id, repository_id, folder, tool, pattern, is_allowed, created_at) VALUES (1, 1, '/work/api', 'Bash', 'make *', 1, 1790000000000);
INSERT INTO attempts (task_id, number, purpose, started_at, ended_at, reason, reason_text, exit_code, turns, cost_usd, input_tokens, output_tokens, cache_read_tokens, cache_creation_tokens) VALUES (2, 1, 'Run', 1790000010100, 1790000018000, 0, NULL, 0, 1, '0.0200', NULL, NULL, NULL, NULL);
INSERT INTO templates (id, name, definition) VALUES (1, 'Überprüfen', '{"Name":"Überprüfen","Prompt":"Check {{What}}"}');
INSERT INTO options (name, value) VALUES ('RetainDays', '90');
INSERT INTO retention (last_run) VALUES (0);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence (name, seq) VALUES ('tasks', 9);
INSERT INTO sqlite_sequence (name, seq) VALUES ('rules', 1);
INSERT INTO sqlite_sequence (name, seq) VALUES ('questions', 1);
CREATE INDEX tasks_by_session ON tasks (session_id, id);
CREATE INDEX tasks_by_repository ON tasks (repository_id, id);
CREATE INDEX tasks_by_status ON tasks (status, id);
CREATE INDEX tasks_by_time ON tasks (created_at);
CREATE INDEX tasks_by_worker ON tasks (worker, status);
CREATE TRIGGER events_go_with_their_task AFTER DELETE ON tasks BEGIN
    DELETE FROM events WHERE key BETWEEN old.id << 32 AND (old.id << 32) + 4294967295;
END;
CREATE INDEX decisions_by_task ON decisions (task_id, id);
CREATE INDEX tasks_in_queue ON tasks (repository_id, priority DESC, id) WHERE status = 'pending' AND worktree IS NULL;
CREATE INDEX worktrees_in_queue ON tasks (priority DESC, id) WHERE status = 'pending' AND worktree IS NOT NULL;
CREATE UNIQUE INDEX gates_by_name ON gates (coalesce(repository_id, 0), lower(name));
CREATE INDEX gate_results_by_task ON gate_results (task_id, id);
CREATE INDEX tasks_by_conversation ON tasks (conversation_id) WHERE conversation_id IS NOT NULL;
CREATE INDEX tasks_that_may_be_hopeless ON tasks (id) WHERE status = 'pending' AND (needs IS NOT NULL OR skip_late IS NOT NULL);
CREATE INDEX questions_by_task ON questions (task_id, state);
CREATE INDEX open_questions ON questions (id) WHERE state = 0;
CREATE INDEX messages_to_send ON messages (task_id, id) WHERE sent_at IS NULL;
CREATE UNIQUE INDEX templates_by_name ON templates (lower(name));
CREATE INDEX tasks_by_start ON tasks (coalesce(started_at, created_at), cost_usd);
CREATE INDEX open_decisions ON decisions (id, task_id) WHERE state <> 1;
PRAGMA user_version = 10;
