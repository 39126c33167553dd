<#
.SYNOPSIS
What a task adds to its agent's own run time, and how soon Start-ClaudeTask returns.
#>
param([int] $Rounds = 11)

Import-Module "$PSScriptRoot/Bench.psm1"
$box = New-TestBox
try {
    $repository = New-TestRepository $box
    $agent = Get-BareAgent $box @{ text = 'Hello.' }
    $task = @{ Prompt = 'Do it'; Repository = $repository; AgentArgument = $agent.TaskArgument }
    $starts = [Collections.Generic.List[double]]::new()
    $others = @(Get-Process pwsh).Id
    $times = Measure-InTurn ([ordered]@{
            'the agent alone' = { $agent.Message | & $agent.Program @($agent.Arguments) }
            'Invoke-ClaudeTask -InProcess' = { Invoke-ClaudeTask @task -InProcess 6>$null }
            'Start-ClaudeTask -InProcess | Wait-' = { Start-ClaudeTask @task -InProcess | Wait-ClaudeTask }
            'Invoke-ClaudeTask, right after another' = { Invoke-ClaudeTask @task 6>$null }
            'Start-ClaudeTask | Wait-, right after another' = {
                $starts.Add((Measure-Ms { $script:started = Start-ClaudeTask @task }))
                $script:started | Wait-ClaudeTask
            }
            'Start-ThreadJob | Receive-Job -Wait' = { Start-ThreadJob { $agent = $using:agent; $agent.Message | & $agent.Program @($agent.Arguments) } | Receive-Job -Wait -AutoRemoveJob }
            'Start-Job | Receive-Job -Wait' = { Start-Job { $agent = $using:agent; $agent.Message | & $agent.Program @($agent.Arguments) } | Receive-Job -Wait -AutoRemoveJob }
        }) $Rounds
    $alone = $times['the agent alone']
    foreach ($name in $times.Keys | Select-Object -Skip 1) {
        $added = [double[]]@(foreach ($i in 0..($Rounds - 1)) { $times[$name][$i] - $alone[$i] })
        $isOurs = $name -like '*ClaudeTask*'
        New-Row "added to the agent's own time: $name" (Format-Spread $added ms) 'the agent alone' (Format-Spread $alone ms) -Goal ($isOurs ? '<= 150 ms' : '') -Met ($isOurs ? (Get-Median $added) -le 150 : $null)
    }

    # A worker stays for a second after its last task.
    $cold = [double[]]@(foreach ($i in 1..$Rounds) {
            Get-Process pwsh | Where-Object Id -NotIn $others | Wait-Process
            $bare = Measure-Ms { $agent.Message | & $agent.Program @($agent.Arguments) }
            (Measure-Ms { Invoke-ClaudeTask @task 6>$null }) - $bare
        })
    New-Row "added to the agent's own time: Invoke-ClaudeTask, whose worker has to start" (Format-Spread $cold ms) 'the agent alone' (Format-Spread $alone ms) -Goal '<= 150 ms' -Met ((Get-Median $cold) -le 150)
    $warm = [double[]]@($starts | Select-Object -Skip 1)
    New-Row 'Start-ClaudeTask returns, to a worker that waits' (Format-Spread $warm ms) -Goal '<= 50 ms' -Met ((Get-Median $warm) -le 50)
    $holder = Start-ClaudeTask (Get-Prompt 'Hold' @{ hang = $true }) -Repository $repository
    $behind = [double[]]@(foreach ($i in 0..20) { Measure-Ms { Start-ClaudeTask @task } }) | Select-Object -Skip 1
    New-Row 'Start-ClaudeTask returns, its session''s worker at work' (Format-Spread $behind ms) -Goal '<= 50 ms' -Met ((Get-Median $behind) -le 50)
    Get-ClaudeTask -Status Pending | Stop-ClaudeTask
    $holder | Stop-ClaudeTask
}
finally { Remove-TestBox $box }
