<#
.SYNOPSIS
What reading takes in a store of very many tasks and events, beside one of a hundred tasks; and how many objects a second come out of it.
#>
param([int] $Tasks = 100000, [int] $Events = 10000000, [int] $Rounds = 21)

Import-Module "$PSScriptRoot/Bench.psm1"
$box = New-TestBox

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
