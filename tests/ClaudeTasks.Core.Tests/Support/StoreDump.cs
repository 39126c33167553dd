using System.Globalization;
using System.IO.Compression;
using System.Text;
using ClaudeTasks.Store;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Tests.Support;

/// <summary>
/// Stores as earlier versions left them, kept as SQL text in <c>Stores</c>. Each was made by living through the versions: rows were written
/// under the version that brought their table, and went through the later steps.
/// </summary>
internal static class StoreDump
{
    private const string Settings =
        """{"PermissionMode":"acceptEdits","AllowedTools":[],"DisallowedTools":[],"Arguments":[],"Timeout":"00:10:00","StallTimeout":"00:07:00","StartTimeout":"00:01:00"}""";

    private const string Guids = "00000000-0000-4000-8000-00000000000";

    /// <summary>What was written under each version.</summary>
    private static readonly string[] Rows =
    [
        $$"""
        INSERT INTO repositories VALUES (1, '/work/api/.git', 1790000000000, 1790000000100), (2, '/work/übung/.git', 1790000000000, 0);
        INSERT INTO sessions VALUES (1, 1, 'Release 2', 1790000000000), (2, 2, 'pwsh', 1790000000000);
        INSERT INTO tasks (id, guid, repository_id, session_id, folder, prompt, settings, throttle_limit, worker, agent_process, status, reason, reason_text,
            created_at, updated_at, started_at, completed_at, model, permission_mode, conversation_id, starting_commit, starting_branch, base_tree, result_tree,
            files_changed, additions, deletions, cost_usd, input_tokens, output_tokens, turns, exit_code, result, denied_tools, committed_sha, commit_message)
        VALUES
            (1, '{{Guids}}1', 1, 1, '/work/api', 'Add a note', '{{Settings}}', 5, '{{Guids}}a', '100:1:boot', 'completed', 0, NULL,
                1790000000000, 1790000009000, 1790000000100, 1790000008000, 'claude-opus-5', 'acceptEdits', '{{Guids}}c', 'aaaa', 'main', 'bbbb', 'cccc',
                1, 1, 0, '0.0123', 1200, 340, 2, 0, 'Done.', '["Bash"]', 'dddd', 'Add a note'),
            (2, '{{Guids}}2', 1, 1, '/work/api', 'Zweite Aufgabe: größer', '{{Settings}}', 5, '{{Guids}}a', '101:1:boot', 'waiting_approval', 0, NULL,
                1790000010000, 1790000019000, 1790000010100, 1790000018000, 'claude-opus-5', 'acceptEdits', '{{Guids}}d', 'aaaa', 'main', 'bbbb', 'eeee',
                1, 1, 0, '0.0200', 900, 100, 1, 0, 'Done too.', '[]', NULL, NULL),
            (3, '{{Guids}}3', 1, 1, '/work/api', 'A third one', '{{Settings}}', 5, '{{Guids}}b', NULL, 'pending', 0, NULL,
                1790000020000, 1790000020000, NULL, NULL, NULL, 'plan', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
            (4, '{{Guids}}4', 2, 2, '/work/übung', 'Fails', '{{Settings}}', 5, '{{Guids}}b', NULL, 'failed', 3, 'Claude Code ended with exit code 1.',
                1790000030000, 1790000031000, 1790000030100, 1790000031000, NULL, 'acceptEdits', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1, NULL, '[]', NULL, NULL);
        INSERT INTO leases VALUES (1, 2, 1790000010100);
        INSERT INTO events VALUES (4294967297, 0, 1790000000000, 'Pending', NULL), (4294967298, 1, 1790000000200, 'I begin. 🙂', X'7b2274797065223a22617373697374616e74227d'),
            (4294967299, 0, 1790000008000, 'Completed', NULL), (8589934593, 0, 1790000010000, 'Pending', NULL), (8589934594, 13, 1790000010200, NULL, X'6572726f7220ff00'),
            (12884901889, 0, 1790000020000, 'Pending', NULL), (17179869185, 10, 1790000031000, 'Failed', NULL);
        INSERT INTO changes VALUES (1, 0, 'a.txt', NULL, 0, 1, 0, 0, '000000', '100644', 5), (2, 0, 'ä.txt', NULL, 0, 1, 0, 0, '000000', '100644', 5);
        INSERT INTO diffs SELECT id, $patch FROM tasks WHERE id IN (1, 2);
        DELETE FROM sqlite_sequence;
        INSERT INTO sqlite_sequence VALUES ('tasks', 9);
        """,
        "INSERT INTO decisions (id, task_id, kind, is_done, from_status, head, commit_sha, paths, decided_at) VALUES (1, 1, 0, 1, 'waiting_approval', 'aaaa', 'dddd', '[\"a.txt\"]', 1790000008000);",
        $"""
        INSERT INTO tasks (id, guid, repository_id, session_id, folder, prompt, settings, throttle_limit, worker, status, created_at, updated_at, permission_mode, worktree, branch)
        VALUES (5, '{Guids}5', 1, 1, '/work/api', 'In a work tree', '{Settings}', 5, '{Guids}b', 'pending', 1790000040000, 1790000040000, 'acceptEdits', '/store/worktrees/5-in', 'claude-task/5-in');
        """,
        """
        INSERT INTO gates VALUES (1, 1, 'build', 0, '{"Name":"build","Repository":"/work/api","Kind":0,"Command":"make","Arguments":[],"Order":0,"Timeout":"00:10:00","Environment":{},"IsRequired":true}');
        INSERT INTO gate_results VALUES (1, 2, 'build', 1, 1, 1, 0, 0, 1790000018000, 250, 'ok', '[]');
        """,
        "UPDATE changes SET new_hash = 'ffff', new_size = 2 WHERE task_id = 2;",
        """
        INSERT INTO dependencies VALUES (3, 2);
        UPDATE tasks SET needs = 0 WHERE id = 3;
        INSERT INTO rules VALUES (1, 1, '/work/api', 'Bash', 'make *', 1, 1790000000000);
        INSERT INTO attempts (task_id, number, purpose, started_at, ended_at, exit_code, turns, cost_usd) VALUES (2, 1, 'Run', 1790000010100, 1790000018000, 0, 1, '0.0200');
        INSERT INTO questions VALUES (1, 1, 0, 'Bash', 'May I?', '[]', '{}', 'toolu_1', 1, 1790000000300, NULL, 1790000000400, 'yes', 1);
        """,
        """
        INSERT INTO templates VALUES (1, 'Überprüfen', '{"Name":"Überprüfen","Prompt":"Check {{What}}"}');
        INSERT INTO options VALUES ('RetainDays', '90');
        """,
        "UPDATE repositories SET settings_told = 'abcd' WHERE id = 1;",
        "INSERT INTO events (key, kind, time, text, raw, raw_size) VALUES ((2 << 32) + 3, 13, 1790000010300, NULL, $patch, 5);",
        """INSERT INTO events (key, kind, time, text, raw, text_at) VALUES ((2 << 32) + 4, 1, 1790000010400, 'Said "once".', CAST('{"text":""}' AS BLOB), 9);""",
    ];

    public static string PathOf(int version) => Path.Combine(
        SourceTree.Root, "tests", "ClaudeTasks.Core.Tests", "Stores", string.Create(CultureInfo.InvariantCulture, $"v{version}.sql"));

    /// <summary>Makes a store's file of the text.</summary>
    public static void Restore(int version, string path)
    {
        using var connection = Open(path);
        connection.RunScript("PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL");
        connection.RunScript(File.ReadAllText(PathOf(version)));
    }

    /// <summary>Writes the text of the version the code has now. Call it once a version, when its step is settled; a text is never written anew.</summary>
    public static void Write(int version)
    {
        using var connection = Open(":memory:");
        connection.Execute("PRAGMA foreign_keys = OFF");
        using var target = new MemoryStream();
        using (var compressor = new BrotliStream(target, CompressionLevel.Fastest))
        {
            compressor.Write("+new\n"u8);
        }

        var patch = target.ToArray();
        for (var step = 1; step <= version; step++)
        {
            Schema.Current.Run(connection, step - 1, step);
            connection.RunScript(Rows[step - 1].Replace("$patch", $"X'{Convert.ToHexString(patch)}'", StringComparison.Ordinal));
        }

        var text = new StringBuilder();
        foreach (var sql in connection.Query("SELECT sql FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL AND name <> 'sqlite_sequence' ORDER BY rowid", reader => reader.GetString(0)))
        {
            text.Append(sql).Append(";\n");
        }

        foreach (var table in connection.Query("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_stat*' ORDER BY name = 'sqlite_sequence', rowid", reader => reader.GetString(0)))
        {
            var columns = connection.Query("SELECT name FROM pragma_table_info($table)", reader => reader.GetString(0), ("$table", table));
            text.Append(table == "sqlite_sequence" ? "DELETE FROM sqlite_sequence;\n" : "");
            foreach (var row in connection.Query($"SELECT concat_ws(', ', {string.Join(", ", columns.Select(column => $"quote({column})"))}) FROM {table}", reader => reader.GetString(0)))
            {
                text.Append(CultureInfo.InvariantCulture, $"INSERT INTO {table} ({string.Join(", ", columns)}) VALUES ({row});\n");
            }
        }

        foreach (var sql in connection.Query("SELECT sql FROM sqlite_master WHERE type <> 'table' AND sql IS NOT NULL ORDER BY rowid", reader => reader.GetString(0)))
        {
            text.Append(sql).Append(";\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"PRAGMA user_version = {version};\n");
        File.WriteAllText(PathOf(version), text.ToString());
    }

    private static SqliteConnection Open(string path)
    {
        SQLitePCL.Batteries_V2.Init();
        var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        Database.AddFunctions(connection);
        return connection;
    }
}
