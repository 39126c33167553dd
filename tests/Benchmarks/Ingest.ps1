<#
.SYNOPSIS
How fast an agent's lines are stored and delivered to a follower, beside the same agent writing to a file, in this session, and in a job.
.PARAMETER Lines
How many lines of about 420 bytes, as the real CLI's are. What is more than 300,000 is measured in one round.
.PARAMETER LongLines
How many lines of 4 MB, in one round.
#>
param([int[]] $Lines = @(300000, 1000000), [int] $LongLines = 256, [int] $Rounds = 3)

Import-Module "$PSScriptRoot/Bench.psm1"
$box = New-TestBox
try {
    $repository = New-TestRepository $box
    $sizes = @($Lines | ForEach-Object { [pscustomobject]@{ Name = "$($_.ToString('N0')) lines"; Count = $_; Text = New-Text 290; Rounds = $_ -gt 300000 ? 1 : $Rounds } })
    $sizes += [pscustomobject]@{ Name = "$LongLines lines of 4 MB"; Count = $LongLines; Text = New-Text 4MB; Rounds = 1 }
    foreach ($size in $sizes) {
        $agent = Get-BareAgent $box @{ repeat = $size.Count; steps = @(@{ raw = (@{ type = 'assistant'; message = @{ role = 'assistant'; content = @(@{ type = 'text'; text = "$($size.Text) {n}" }) } } | ConvertTo-Json -Compress -Depth 5) }) }
        $peaks = [Collections.Generic.List[long]]::new()
        function Receive-Whole {
            $others = @(Get-Process pwsh).Id
            $task = Start-ClaudeTask 'Do it' -Repository $repository -AgentArgument $agent.TaskArgument
            $got = 0
            $task | Receive-ClaudeTask -Follow -Kind Message | ForEach-Object { $got++ }
            if ($got -ne $size.Count) { throw "$got of $($size.Count) lines were delivered." }

            # A worker stays a second after its last task: its largest size can be asked for then, and nothing has to look at it meanwhile.
            Get-Process pwsh | Where-Object Id -NotIn $others | ForEach-Object { $peaks.Add($_.PeakWorkingSet64) }
        }
        Compare-InTurn "$($size.Name) stored and delivered, by a worker$($size.Rounds -eq 1 ? ' (one round)' : '')" ([ordered]@{
                ours = { Receive-Whole }
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
            }) $size.Rounds @{ 'Start-ThreadJob, Receive-Job -Wait' = 1 }
        Get-ClaudeTask | Remove-ClaudeTask
        $peak = ($peaks | Measure-Object -Maximum).Maximum / 1MB
        New-Row "  its worker's memory" (Format-Figure $peak MB) -Goal '< 150 MB' -Met ($peak -lt 150)
    }
}
finally { Remove-TestBox $box }
