<#
.SYNOPSIS
What who waits costs while nothing happens: a follower, a worker whose agent says nothing, one whose task waits for its turn, and the
timeline, where there is tmux to give it a terminal.
#>
param([int] $Seconds = 60, [int] $Settle = 120)

Import-Module "$PSScriptRoot/Bench.psm1"
$box = New-TestBox
$terminal = "ct-$PID"
$all = @{}
try {
    $repository = New-TestRepository $box
    $hang = Get-Prompt 'Hold' @{ hang = $true }
    function Start-Session([string] $Code) {
        Start-Process ([Environment]::ProcessPath) -PassThru -ArgumentList '-NoProfile', '-NonInteractive', '-Command', "Import-Module '$(Get-ModulePath)'; $Code" -RedirectStandardOutput "$($box.Folder)/$(New-Guid)"
    }
    $holder = Start-ClaudeTask $hang -Repository $repository | Wait-ClaudeTask -Until Running
    $busy = @(Get-BoxProcess $box | ForEach-Object { Get-Process -Id $_ } | Where-Object ProcessName -EQ pwsh)
    $follower = Start-Session "Receive-ClaudeTask $($holder.Id) -Follow"
    $waiter = Start-Session "Wait-ClaudeTask $($holder.Id)"
    # Another session has another worker, whose task waits for its turn.
    $queue = Start-Session "Start-ClaudeTask 'Behind' -Repository '$repository'"
    $queue.WaitForExit()
    $waiting = @(Get-BoxProcess $box | ForEach-Object { Get-Process -Id $_ } | Where-Object { $_.ProcessName -eq 'pwsh' -and $_.Id -notin $busy.Id, $follower.Id, $waiter.Id })
    $sleeper = Start-Session 'Start-Sleep 100000'
    $all = [ordered]@{ 'a pwsh that sleeps, our module loaded' = $sleeper; 'a follower (Receive-ClaudeTask -Follow)' = $follower; 'Wait-ClaudeTask' = $waiter; 'a worker whose agent is silent' = $busy[0]; 'a worker whose task waits for its turn' = $waiting[0] }
    if (Get-Command tmux -ErrorAction Ignore) {
        $code = "Import-Module '$(Get-ModulePath)'; Watch-ClaudeTask -All"
        $pane = tmux -L $terminal new-session -d -x 120 -y 40 -P -F '#{pane_pid}' ([Environment]::ProcessPath) -NoProfile -Command $code
        $all['the timeline (Watch-ClaudeTask)'] = Get-Process -Id $pane
    }
    # What starts compiles its code again for a while, once it has run often enough.
    Start-Sleep -Seconds $Settle
    $before = @{}
    foreach ($name in $all.Keys) { $all[$name].Refresh(); $before[$name] = $all[$name].TotalProcessorTime.TotalSeconds }
    $clock = [Diagnostics.Stopwatch]::StartNew()
    Start-Sleep -Seconds $Seconds
    foreach ($name in $all.Keys) {
        $all[$name].Refresh()
        if ($all[$name].HasExited) { throw "$name has ended." }
        $part = ($all[$name].TotalProcessorTime.TotalSeconds - $before[$name]) / $clock.Elapsed.TotalSeconds * 100
        New-Row "idle for $Seconds s: $name" (Format-Figure $part '% of a core') -Goal '< 0.3 %' -Met ($part -lt 0.3)
    }
    $follower, $waiter, $sleeper | Stop-Process
}
finally {
    if ($all.Count -gt 5) { tmux -L $terminal kill-server }
    Remove-TestBox $box
}
