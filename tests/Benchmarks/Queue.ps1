<#
.SYNOPSIS
Very many tasks of an instant agent submitted in one pipeline, and what they take over eight repositories beside plain loops of the same agent.
.PARAMETER Tasks
How many are submitted while nothing of them may run.
.PARAMETER Drained
How many are run then, the others still behind them; and as many again without any others.
#>
param([int] $Tasks = 10000, [int] $Drained = 200)

Import-Module "$PSScriptRoot/Bench.psm1"
$box = New-TestBox
try {
    $repositories = 1..8 | ForEach-Object { New-TestRepository $box }
    $agent = Get-BareAgent $box @{ text = 'Hello.' }
    $common = @{ AgentArgument = $agent.TaskArgument }
    $others = @(Get-Process pwsh).Id
    $holders = $repositories | ForEach-Object { Start-ClaudeTask (Get-Prompt 'Hold' @{ hang = $true }) -Repository $_ -ThrottleLimit 8 }
    $holders | Wait-ClaudeTask -Until Running | Out-Null
    $items = foreach ($i in 1..$Tasks) { [pscustomobject]@{ Prompt = "Do number $i"; Repository = $repositories[$i % 8] } }
    [GC]::Collect()
    $before = (Get-Process -Id $PID).WorkingSet64
    $workers = @(Get-Process pwsh | Where-Object Id -NotIn $others)
    $workerBefore = ($workers | Measure-Object WorkingSet64 -Sum).Sum
    $time = Measure-Ms { $items | Start-ClaudeTask @common | Out-Null }
    $rate = $Tasks / $time * 1000
    New-Row "$($Tasks.ToString('N0')) tasks submitted in one pipeline" "$($rate.ToString('N0')) tasks/s" -Goal '>= 2,000/s' -Met ($rate -ge 2000)
    [GC]::Collect()
    $grown = ((Get-Process -Id $PID).WorkingSet64 - $before) / $Tasks / 1kB
    New-Row '  memory of the session for each' (Format-Figure $grown kB) -Goal '< 10 kB' -Met ($grown -lt 10)
    $workers | ForEach-Object { $_.Refresh() }
    $grown = (($workers | Measure-Object WorkingSet64 -Sum).Sum - $workerBefore) / $Tasks / 1kB
    New-Row '  memory of the worker for each' (Format-Figure $grown kB) -Goal '< 10 kB' -Met ($grown -lt 10)

    # By the times of the tasks themselves: the holders take their own time to end.
    $first = @(Get-ClaudeTask -Status Pending -First $Drained)
    $holders | Stop-ClaudeTask
    $first = $first | Wait-ClaudeTask
    Get-ClaudeTask -Status Pending | Stop-ClaudeTask
    Get-ClaudeTask | Where-Object { -not $_.IsEnded } | Wait-ClaudeTask | Out-Null
    if ($first | Where-Object Status -NE Completed) { throw 'A task was not completed.' }
    $time = (($first.CompletedAt | Measure-Object -Maximum).Maximum - ($first.StartedAt | Measure-Object -Minimum).Minimum).TotalMilliseconds
    $agents = Measure-Ms { $first | ForEach-Object -Parallel { $agent = $using:agent; $agent.Message | & $agent.Program @($agent.Arguments) } -ThrottleLimit 5 }
    New-Row "the first $Drained of them run, five at a time: each" (Format-Figure ($time / $Drained) ms) 'ForEach-Object -Parallel, each' (Format-Figure ($agents / $Drained) ms) (Format-Figure ($time / $agents) '')

    $items = foreach ($i in 1..$Drained) { [pscustomobject]@{ Prompt = 'Do it'; Repository = $repositories[$i % 8] } }
    $loop = Measure-Ms { foreach ($item in $items) { $agent.Message | & $agent.Program @($agent.Arguments) } }
    # One at a time, as the loop does, so that both have the machine for themselves.
    $ours = Measure-Ms { $items | Start-ClaudeTask @common -ThrottleLimit 1 | Wait-ClaudeTask }
    $added = ($ours - $loop) / $Drained
    New-Row "$Drained tasks over 8 repositories, one at a time: added to each" (Format-Figure $added ms) 'a loop of the agent, each' (Format-Figure ($loop / $Drained) ms) (Format-Figure ($ours / $loop) '') '<= 20 ms' ($added -le 20)
    $parallel = Measure-Ms { $items | Start-ClaudeTask @common -ThrottleLimit 8 | Wait-ClaudeTask }
    $foreach = Measure-Ms { $items | ForEach-Object -Parallel { $agent = $using:agent; $agent.Message | & $agent.Program @($agent.Arguments) } -ThrottleLimit 8 }
    New-Row "$Drained tasks over 8 repositories, eight at a time: each" (Format-Figure ($parallel / $Drained) ms) 'ForEach-Object -Parallel, each' (Format-Figure ($foreach / $Drained) ms) (Format-Figure ($parallel / $foreach) '')
}
finally { Remove-TestBox $box }
