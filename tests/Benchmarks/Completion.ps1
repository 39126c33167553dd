<#
.SYNOPSIS
How long completing takes with a store of many tasks, beside one of a hundred. It makes both stores in a temporary folder.
#>
param([int] $Tasks = 100000, [string] $Module = "$PSScriptRoot/../../out/ClaudeTasks")

$ErrorActionPreference = 'Stop'
$folder = Join-Path ([IO.Path]::GetTempPath()) "ct-bench-$([guid]::NewGuid().ToString('N').Substring(0, 8))"
Import-Module $Module

# Tasks of 200 repositories in 2,000 sessions, each with a prompt of some size; written by the module's own SQLite.
function New-Store([string] $Path, [int] $Count) {
    $env:CLAUDETASKS_HOME = $Path
    Get-ClaudeTaskOption | Out-Null
    $sqlite = [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -eq 'Microsoft.Data.Sqlite' }
    $connection = $sqlite.GetType('Microsoft.Data.Sqlite.SqliteConnection')::new("Data Source=$Path/tasks.db;Pooling=False")
    $connection.Open()
    $command = $connection.CreateCommand()
    $command.CommandText = @"
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
        INSERT INTO repositories (key, created_at, last_started_at) SELECT '/home/dev/src/repository-' || i || '/.git', 0, i FROM n;
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
        INSERT INTO sessions (repository_id, name, created_at) SELECT 1 + i % 200, 'Release ' || i, 0 FROM n;
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $Count)
        INSERT INTO tasks (guid, repository_id, session_id, folder, prompt, settings, throttle_limit, worker, status, created_at, updated_at, permission_mode, model)
        SELECT lower(substr(h, 1, 8) || '-' || substr(h, 9, 4) || '-' || substr(h, 13, 4) || '-' || substr(h, 17, 4) || '-' || substr(h, 21)),
            1 + i % 200, 1 + i % 2000, '/home/dev/src/repository-' || (1 + i % 200), 'Task ' || i || ' of many' || char(10) || hex(zeroblob(500)),
            '{}', 5, 'none', 'completed', unixepoch() * 1000 - i, unixepoch() * 1000, 'acceptEdits', 'claude-model-' || (i % 7)
        FROM (SELECT i, hex(randomblob(16)) h FROM n)
"@
    [void]$command.ExecuteNonQuery()
    $connection.Dispose()
}

function Measure-Completion([string] $Text) {
    $times = foreach ($i in 1..21) {
        $clock = [Diagnostics.Stopwatch]::StartNew()
        $found = (TabExpansion2 $Text $Text.Length).CompletionMatches.Count
        $clock.Elapsed.TotalMilliseconds
    }
    [pscustomobject]@{ Found = $found; First = [math]::Round($times[0], 1); Median = [math]::Round(($times | Sort-Object)[10], 1) }
}

try {
    foreach ($count in 100, $Tasks) { New-Store "$folder/$count" $count }
    $texts = 'Get-ClaudeTask ', 'Get-ClaudeTask -Id 9', 'Get-ClaudeTask abc', 'Get-ClaudeTask -Session ', 'Get-ClaudeTask -Session 199', 'Start-ClaudeTask x -Repository ',
        'Start-ClaudeTask x -Model ', "Get-ClaudeTask -Repository '$PSScriptRoot' -Session ", 'Start-ClaudeTask x -Gate ', 'Deny-ClaudeTask 1 -Reason '
    foreach ($text in $texts) {
        $result = [ordered]@{ Completed = $text.Replace($PSScriptRoot, '.') }
        foreach ($count in 100, $Tasks) {
            $env:CLAUDETASKS_HOME = "$folder/$count"
            $measured = Measure-Completion $text
            $result["Found $count"] = $measured.Found; $result["First ms $count"] = $measured.First; $result["Median ms $count"] = $measured.Median
        }
        [pscustomobject]$result
    }
}
finally { Remove-Item -LiteralPath $folder -Recurse -Force -ErrorAction Ignore }
