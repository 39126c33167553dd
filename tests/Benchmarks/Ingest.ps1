<#
.SYNOPSIS
How fast an agent's lines are stored and delivered to a follower, beside the same agent writing to a file, in this session, and in a job.
#>
param([int[]] $Lines = @(300000), [int] $Rounds = 3)

Import-Module "$PSScriptRoot/Bench.psm1"
$box = New-TestBox
try {
    $repository = New-TestRepository $box
    foreach ($count in $Lines) {
        # About 420 bytes a line, as the real CLI's are.
        $agent = Get-BareAgent $box @{ repeat = $count; steps = @(@{ text = 'x' * 250 + ' {n}' }) }
        $peaks = [Collections.Concurrent.ConcurrentBag[long]]::new()
        function Receive-Whole([bool] $InProcess) {
            # The largest a worker became, looked at while it lives.
            $watch = Start-ThreadJob {
                while ($true) {
                    foreach ($worker in Get-Process pwsh -ErrorAction Ignore | Where-Object Id -NE $using:PID) { try { ($using:peaks).Add($worker.PeakWorkingSet64) } catch { } }
                    Start-Sleep -Milliseconds 100
                }
            }
            $task = Start-ClaudeTask 'Do it' -Repository $repository -AgentArgument $agent.TaskArgument -InProcess:$InProcess
            $got = 0
            $task | Receive-ClaudeTask -Follow -Kind Message | ForEach-Object { $got++ }
            $watch | Stop-Job
            $watch | Remove-Job -Force
            if ($got -ne $count) { throw "$got of $count lines were delivered." }
            Remove-ClaudeTask $task.Id -Force
        }
        Compare-InTurn "$($count.ToString('N0')) lines stored and delivered, by a worker" ([ordered]@{
                ours = { Receive-Whole $false }
                'agent to a file' = { $agent.Message | & $agent.Program @($agent.Arguments) > "$($box.Folder)/out" }
                '& agent' = { $got = 0; $agent.Message | & $agent.Program @($agent.Arguments) | ForEach-Object { $got++ } }
                'Start-ThreadJob, Receive-Job -Wait' = {
                    $got = 0
                    Start-ThreadJob { $agent = $using:agent; $agent.Message | & $agent.Program @($agent.Arguments) } | Receive-Job -Wait -AutoRemoveJob | ForEach-Object { $got++ }
                }
                'Start-Job, Receive-Job -Wait' = {
                    $got = 0
                    Start-Job { $agent = $using:agent; $agent.Message | & $agent.Program @($agent.Arguments) } | Receive-Job -Wait -AutoRemoveJob | ForEach-Object { $got++ }
                }
            }) $Rounds @{ 'Start-ThreadJob, Receive-Job -Wait' = 1 }
        $peak = ($peaks | Measure-Object -Maximum).Maximum / 1MB
        New-Row "  its worker's memory" (Format-Figure $peak MB) -Goal '< 150 MB' -Met ($peak -lt 150)
    }
}
finally { Remove-TestBox $box }
