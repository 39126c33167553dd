<#
.SYNOPSIS
What reading takes in a store of very many tasks and events, beside one of a hundred tasks; and how many objects a second come out of it.
#>
param([int] $Tasks = 100000, [int] $Events = 10000000, [int] $Rounds = 21)

Import-Module "$PSScriptRoot/Bench.psm1"
$box = New-TestBox

# Tasks of 200 repositories in 2,000 sessions; the last task has a tenth of the events, the others share the rest.
function New-Store([string] $Path, [int] $Tasks, [int] $Events) {
    $env:CLAUDETASKS_HOME = $Path
    Get-ClaudeTaskOption | Out-Null
    $connection = Open-Store $Path
    $command = $connection.CreateCommand()
    $each = [math]::Max(1, [math]::Floor($Events * 0.9 / $Tasks))
    $last = [math]::Floor($Events / 10)
    $command.CommandText = @"
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
        INSERT INTO repositories (key, created_at, last_started_at) SELECT '/home/dev/src/repository-' || i || '/.git', 0, i FROM n;
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
        INSERT INTO sessions (repository_id, name, created_at) SELECT 1 + i % 200, 'Release ' || i, 0 FROM n;
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $Tasks)
        INSERT INTO tasks (guid, repository_id, session_id, folder, prompt, settings, throttle_limit, worker, status, created_at, updated_at, permission_mode, model)
        SELECT lower(substr(h, 1, 8) || '-' || substr(h, 9, 4) || '-' || substr(h, 13, 4) || '-' || substr(h, 17, 4) || '-' || substr(h, 21)),
            1 + i % 200, 1 + i % 2000, '/home/dev/src/repository-' || (1 + i % 200), 'Task ' || i || ' of many' || char(10) || hex(zeroblob(500)),
            '{}', 5, '00000000-0000-0000-0000-000000000000', iif(i % 10, 'completed', 'failed'), unixepoch() * 1000 - i, unixepoch() * 1000, 'acceptEdits', 'claude-model-' || (i % 7)
        FROM (SELECT i, hex(randomblob(16)) h FROM n);
        WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ($Tasks - 1) * $each - 1)
        INSERT INTO events (key, kind, time, text) SELECT ((1 + i / $each) << 32) + 1 + i % $each, 4, i, 'A line of some words' FROM n;
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $last)
        INSERT INTO events (key, kind, time, text) SELECT ($Tasks << 32) + i, 4, i, 'A line of some words' FROM n;
        PRAGMA wal_checkpoint(TRUNCATE);
"@
    $command.CommandTimeout = 0
    [void]$command.ExecuteNonQuery()
    $connection.Dispose()
}

try {
    $sizes = [ordered]@{ small = @(100, 10000); big = @($Tasks, $Events) }
    foreach ($size in $sizes.Keys) { New-Store "$($box.Folder)/$size" $sizes[$size][0] $sizes[$size][1] }
    $reads = [ordered]@{
        'Get-ClaudeTask -First 50' = { Get-ClaudeTask -First 50 }
        'Get-ClaudeTask -Newest 50' = { Get-ClaudeTask -Newest 50 }
        'Get-ClaudeTask -Status Failed -First 10' = { Get-ClaudeTask -Status Failed -First 10 }
        'Get-ClaudeTask 77' = { Get-ClaudeTask 77 }
        'Receive-ClaudeTask, the last 100 events' = { Receive-ClaudeTask $task -AfterEvent ($count - 100) }
        'complete Get-ClaudeTask -Id 9' = { TabExpansion2 'Get-ClaudeTask -Id 9' 20 }
    }
    foreach ($read in $reads.Keys) {
        $times = Measure-InTurn ([ordered]@{
                small = { $env:CLAUDETASKS_HOME = "$($box.Folder)/small"; $task = 100; $count = 1000; . $reads[$read] }
                big = { $env:CLAUDETASKS_HOME = "$($box.Folder)/big"; $task = $Tasks; $count = [math]::Floor($Events / 10); . $reads[$read] }
            }) $Rounds
        $ratio = (Get-Median $times.big) / (Get-Median $times.small)
        New-Row "$($Tasks.ToString('N0')) tasks, $($Events.ToString('N0')) events: $read" (Format-Spread $times.big ms) '100 tasks' (Format-Spread $times.small ms) (Format-Figure $ratio '') '<= 30 ms, 1.5' ((Get-Median $times.big) -le 30 -and $ratio -le 1.5)
    }

    $env:CLAUDETASKS_HOME = "$($box.Folder)/big"
    $rates = [ordered]@{
        "$($Tasks.ToString('N0')) tasks to Where-Object" = $Tasks, { Get-ClaudeTask | Where-Object Id -LT 0 }
        "$([math]::Floor($Events / 10).ToString('N0')) events through Receive-ClaudeTask" = [math]::Floor($Events / 10), { Receive-ClaudeTask $Tasks }
        '100,000 numbers to Where-Object (PowerShell itself)' = 100000, { 1..100000 | Where-Object { $_ -lt 0 } }
    }
    foreach ($rate in $rates.Keys) {
        $count, $block = $rates[$rate]
        $times = @((Measure-InTurn ([ordered]@{ it = $block }) 3).it)
        $rate_ = $count / (Get-Median $times) * 1000
        $isOurs = $rate -notlike '*itself*'
        New-Row $rate "$($rate_.ToString('N0')) objects/s" -Goal ($isOurs ? '>= 100,000/s' : '') -Met ($isOurs ? $rate_ -ge 100000 : $null)
    }
}
finally { $env:CLAUDETASKS_HOME = $box.Home; Remove-TestBox $box }
