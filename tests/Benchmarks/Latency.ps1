<#
.SYNOPSIS
From the moment at which an agent writes a line until it is an object in the pipeline, in this process and in another's worker, on an idle
machine and with every processor busy, beside a pipe with a reader. The agent writes the moment itself, every 50 ms.
#>
param([int] $Lines = 200)

Import-Module "$PSScriptRoot/Bench.psm1"
$box = New-TestBox
$repository = New-TestRepository $box
$agent = Get-BareAgent $box @{ repeat = $Lines; steps = @(@{ time = 1 }, @{ delay = 50 }) }

function Get-Age([string] $Ticks) { ([DateTime]::UtcNow.Ticks - [long]$Ticks) / 1e4 }

function Measure-Task([bool] $InProcess) {
    Start-ClaudeTask 'Do it' -Repository $repository -AgentArgument $agent.TaskArgument -InProcess:$InProcess |
        Receive-ClaudeTask -Follow -Kind Message | ForEach-Object { Get-Age $_.Text }
}

function Measure-Pipe {
    $agent.Message | & $agent.Program @($agent.Arguments) | ForEach-Object { if ($_ -match '"type":"assistant".*"text":"(\d{18})"') { Get-Age $Matches[1] } }
}

try {
    foreach ($busy in $false, $true) {
        $loops = if ($busy) { 1..[Environment]::ProcessorCount | ForEach-Object { Start-Process ([Environment]::ProcessPath) -PassThru -ArgumentList '-NoProfile', '-Command', 'while ($true) { }' } }
        try {
            $pipe = @(Measure-Pipe | Select-Object -Skip 10)
            foreach ($inProcess in $true, $false) {
                $ages = @(Measure-Task $inProcess | Select-Object -Skip 10)
                $median, $high = (Get-Median $ages), (Get-Percentile $ages 0.99)
                $goals = $inProcess ? @(10, 50) : @(60, 150)
                New-Row "line written to object, $($inProcess ? 'in process' : 'other process'), $($busy ? 'under load' : 'idle'): median, 99 %" "$(Format-Figure $median ''), $(Format-Figure $high ms)" 'a pipe with a reader' `
                    "$(Format-Figure (Get-Median $pipe) ''), $(Format-Figure (Get-Percentile $pipe 0.99) ms)" -Goal "<= $($goals[0]), $($goals[1]) ms" -Met ($median -le $goals[0] -and $high -le $goals[1])
            }
        }
        finally { $loops | Stop-Process }
    }
}
finally { Remove-TestBox $box }
