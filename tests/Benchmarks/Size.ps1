<#
.SYNOPSIS
What the store grows by, beside the raw bytes of what agents printed: the recorded transcripts of the real CLI, again and again.
#>
param([int] $Repeat = 50)

Import-Module "$PSScriptRoot/Bench.psm1"
$box = New-TestBox
try {
    $repository = New-TestRepository $box
    $lines = Get-ChildItem "$PSScriptRoot/../ClaudeTasks.Core.Tests/Transcripts/*.jsonl" | Get-Content | Where-Object { $_ -notmatch '"type":"(control_|result)|session_state_changed' }
    $agent = Get-BareAgent $box @{ repeat = $Repeat; steps = @($lines | ForEach-Object { @{ raw = $_ } }) }
    Start-ClaudeTask (Get-Prompt 'First') -Repository $repository -InProcess | Wait-ClaudeTask | Out-Null
    # The log is written back first: its size is a matter of the moment, up to some MB, and not of how much is stored.
    function Get-Size {
        Get-Scalar 'PRAGMA wal_checkpoint(TRUNCATE)' | Out-Null
        (Get-Item "$($box.Home)/tasks.db").Length
    }
    function Get-Scalar([string] $Sql) {
        $connection = Open-Store $box.Home
        $command = $connection.CreateCommand()
        $command.CommandText = $Sql
        $command.ExecuteScalar()
        $connection.Dispose()
    }
    $before = Get-Size
    $task = Start-ClaudeTask 'Do it' -Repository $repository -AgentArgument $agent.TaskArgument | Wait-ClaudeTask
    $events = @(Receive-ClaudeTask $task).Count
    Wait-Until { @(Get-BoxProcess $box).Count -eq 0 } | Out-Null
    $raw = (Receive-ClaudeTask $task -Raw | ForEach-Object { [Text.Encoding]::UTF8.GetByteCount($_) + 1 } | Measure-Object -Sum).Sum
    $stored = (Get-Size) - $before
    New-Row "store, $($events.ToString('N0')) events of real transcripts: for 1,000" (Format-Figure ($stored / $events * 1000 / 1kB) kB) 'raw bytes' (Format-Figure ($raw / $events * 1000 / 1kB) kB) (Format-Figure ($stored / $raw) '') '<= 1.1' ($stored / $raw -le 1.1)
}
finally { Remove-TestBox $box }
