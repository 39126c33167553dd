# Every command that writes objects is left by a pipeline that has enough, and every command that waits is stopped while it does.
BeforeDiscovery {
    $commands = @(
        # Commands that take tasks. Of two, the first object is taken, and then the second task is given to the same command or to the next.
        @{ name = 'Approve-ClaudeTask'; kind = 'Waiting' }
        @{ name = 'Deny-ClaudeTask'; kind = 'Waiting' }
        @{ name = 'Undo-ClaudeTask'; kind = 'Denied' }
        @{ name = 'Restart-ClaudeTask'; kind = 'Denied'; with = '-InProcess' }
        @{ name = 'Send-ClaudeTaskMessage'; kind = 'Waiting'; with = '-Message Go -PassThru -InProcess' }
        @{ name = 'Stop-ClaudeTask'; kind = 'Running'; with = '-PassThru' }
        @{ name = 'Suspend-ClaudeTask'; kind = 'Queued'; with = '-PassThru'; next = '$args | Resume-ClaudeTask -PassThru -InProcess' }
        @{ name = 'Resume-ClaudeTask'; kind = 'Suspended'; with = '-PassThru -InProcess' }
        @{ name = 'Repair-ClaudeTask'; kind = 'Failed'; with = '-InProcess -PassThru' }
        @{ name = 'Invoke-ClaudeTaskGate'; kind = 'Failed'; with = '-InProcess' }
        @{ name = 'Get-ClaudeTask'; kind = 'Waiting' }
        @{ name = 'Get-ClaudeTaskAttempt'; kind = 'Waiting' }
        @{ name = 'Get-ClaudeTaskDiff'; kind = 'Waiting' }
        @{ name = 'Get-ClaudeTaskGateResult'; kind = 'Failed' }
        @{ name = 'Receive-ClaudeTask'; kind = 'Waiting'; with = '-Follow' }
        @{ name = 'Wait-ClaudeTask'; kind = 'Waiting' }
        @{ name = 'New-ClaudeTaskWatcher'; kind = 'Waiting' }
        @{ name = 'Resolve-ClaudeTaskQuestion'; kind = 'Asking'; with = '-Allow -PassThru'; of = 'ForEach-Object { Get-ClaudeTaskQuestion -Task $_ } | ' }
        @{ name = 'Get-ClaudeTaskQuestion'; kind = 'Asking'; of = 'ForEach-Object { '; with = '-Task $_ }' }
    ) | ForEach-Object {
        $script = "`$args | $($_.of)$($_.name) $($_.with)"
        @{ name = $_.name; kind = $_.kind; script = $script; next = $_.next ?? $script }
    }

    # Commands that take something else. Each can be run again as it is.
    $others = @(
        @{ name = 'Start-ClaudeTask'; script = '$hello, $hello | Start-ClaudeTask -Repository $repository -InProcess' }
        @{ name = 'Invoke-ClaudeTask'; script = '$hello, $hello | Invoke-ClaudeTask -Repository (New-TestRepository $box) -InProcess -Quiet' }
        @{ name = 'Export-ClaudeTaskReport'; script = 'Export-ClaudeTaskReport $report -Session work -PassThru' }
        @{ name = 'Measure-ClaudeTask'; script = 'Measure-ClaudeTask -GroupBy Status' }
        @{ name = 'Register-ClaudeTaskGate'; script = '1..2 | ForEach-Object { Register-ClaudeTaskGate "gate$_" true -Repository $repository -Optional }' }
        @{ name = 'Get-ClaudeTaskGate'; script = 'Get-ClaudeTaskGate -Repository $repository' }
        @{ name = 'Register-ClaudeTaskTemplate'; script = '1..2 | ForEach-Object { Register-ClaudeTaskTemplate "template$_" Do }' }
        @{ name = 'Get-ClaudeTaskTemplate'; script = 'Get-ClaudeTaskTemplate' }
        @{ name = 'New-ClaudeTaskSession'; script = '1..2 | ForEach-Object { New-ClaudeTaskSession ([guid]::NewGuid()) -Repository $repository }' }
        @{ name = 'Set-ClaudeTaskSession'; script = 'New-ClaudeTaskSession ([guid]::NewGuid()) -Repository $repository | Set-ClaudeTaskSession -NewName ([guid]::NewGuid()) -PassThru' }
        @{ name = 'Get-ClaudeTaskSession'; script = 'Get-ClaudeTaskSession' }
        @{ name = 'Set-ClaudeTaskOption'; script = 'Set-ClaudeTaskOption -RetainDays 1000 -HookTimeout 10m -PassThru' }
        @{ name = 'Get-ClaudeTaskOption'; script = 'Get-ClaudeTaskOption' }
        @{ name = 'Get-ClaudeTaskRule'; script = 'Get-ClaudeTaskRule' }
        @{ name = 'Test-ClaudeTaskPrerequisite'; script = 'Test-ClaudeTaskPrerequisite -Repository $repository' }
        @{ name = 'Test-ClaudeTaskStore'; script = 'Test-ClaudeTaskStore' }
        @{ name = 'Repair-ClaudeTaskStore'; script = 'Repair-ClaudeTaskStore -Confirm:$false' }
    )
}

BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    $box = New-TestBox
    $repository = New-TestRepository $box
    $hello = Get-Prompt 'Hello' @{ text = 'Hello.' }
    $report = Join-Path $box.Folder report.html

    # A task in a repository of its own, in a state of this kind.
    function New-TaskOf([string] $Kind) {
        $where = New-TestRepository $box
        $start = @{ Repository = $where; Session = 'work'; InProcess = $true }
        $write = Get-Prompt 'Write' (Get-WriteStep a.txt)
        $hang = Get-Prompt 'Hang' @{ hang = 1 }
        switch ($Kind) {
            Waiting { Start-ClaudeTask $write @start | Wait-ClaudeTask }
            Denied { Start-ClaudeTask $write @start | Wait-ClaudeTask | Deny-ClaudeTask }
            Running { Start-ClaudeTask $hang @start | Wait-ClaudeTask -Until Running }
            Queued { Start-ClaudeTask $write @start -At (Get-Date).AddDays(1) }
            Suspended { Start-ClaudeTask $write @start -At (Get-Date).AddDays(1) | Suspend-ClaudeTask -PassThru }
            Asking { $task = Start-ClaudeTask (Get-Prompt 'Ask' (Get-AskStep 'make')) @start -OnQuestion Ask; Wait-Question $task | Out-Null; $task }
            Failed {
                Register-ClaudeTaskGate fails 'exit 1' -Repository $where | Out-Null
                Start-ClaudeTask $write @start | Wait-ClaudeTask
            }
        }
    }
}

AfterAll { Remove-TestBox $box }

Describe 'A pipeline that has enough' -Skip:$IsWindows {
    AfterEach { Get-ClaudeTask | Where-Object { -not $_.IsEnded } | Stop-ClaudeTask -WarningAction Ignore }

    It 'is tested with every command that writes objects' {
        $written = (Get-Command -Module ClaudeTasks | Where-Object { $_.OutputType.Name -ne 'System.Void' }).Name
        $source = Get-Content $PSCommandPath -Raw
        $written | Where-Object { $source -notmatch "name = '$_'" } | Should -BeNullOrEmpty
    }

    It 'leaves <name>, and the next call works' -TestCases $commands {
        param($kind, $script, $next)
        $tasks = 1..2 | ForEach-Object { New-TaskOf $kind }
        & ([scriptblock]::Create($script)) @tasks | Select-Object -First 1 | Should -HaveCount 1
        @(& ([scriptblock]::Create($next)) $tasks[1]).Count | Should -BeGreaterThan 0
    }

    It 'leaves <name>, and the same call works' -TestCases $others {
        param($name, $script)
        if ($name -eq 'Get-ClaudeTaskRule') { New-TaskOf Asking | ForEach-Object { Get-ClaudeTaskQuestion -Task $_ } | Resolve-ClaudeTaskQuestion -Allow -Remember }
        if ($name -eq 'Export-ClaudeTaskReport') { New-TaskOf Waiting | Deny-ClaudeTask | Out-Null }
        $use = [scriptblock]::Create($script)
        & $use | Select-Object -First 1 | Should -HaveCount 1
        @(& $use).Count | Should -BeGreaterThan 0
    }

    It 'leaves no process behind' {
        Wait-Until { -not (Get-BoxProcess $box) } 'no process is left' | Out-Null
    }
}

Describe 'Ctrl+C' -Skip:$IsWindows {
    BeforeAll {
        $go = Join-Path $box.Folder go
        $reached = Join-Path $box.Folder reached
        $wait = ": > '$reached'; while [ ! -e '$go' ]; do sleep 0.05; done"
    }

    AfterEach { Remove-Item $go, $reached -ErrorAction Ignore }

    It 'leaves Invoke-ClaudeTaskGate, and the gate can run again' {
        $task = New-TaskOf Waiting
        Register-ClaudeTaskGate waits $wait -Repository $task.Repository | Out-Null
        $run = Start-Runspace "Invoke-ClaudeTaskGate $($task.Id) -InProcess"
        Wait-Until { Test-Path $reached } 'the gate runs' | Out-Null
        Stop-Runspace $run | Should -Be Stopped
        [IO.File]::WriteAllText($go, '')
        ($task | Wait-ClaudeTask).Status | Should -Be WaitingApproval
        ($task | Invoke-ClaudeTaskGate -InProcess).Passed | Should -BeTrue
    }

    It 'leaves Invoke-ClaudeTask -InProcess, stops its task, and the next one runs' {
        $where = New-TestRepository $box
        $run = Start-Runspace "Invoke-ClaudeTask '$(Get-Prompt 'Hang' @{ hang = 1 })' -Repository '$where' -InProcess"
        $task = Wait-Until { Get-ClaudeTask -Repository $where | Where-Object Status -EQ Running }
        Stop-Runspace $run | Should -Be Stopped
        ($task | Wait-ClaudeTask).Status | Should -Be Cancelled
        (Invoke-ClaudeTask (Get-Prompt 'Write' (Get-WriteStep a.txt)) -Repository $where -InProcess -Quiet).Status | Should -Be WaitingApproval
    }

    It 'leaves Test-ClaudeTaskPrerequisite while the agent does not answer' {
        $agent = Join-Path $box.Folder agent
        [IO.File]::WriteAllText($agent, "#!/bin/sh`n$wait`nexec '$(Get-AgentPath)' `"`$@`"`n")
        chmod +x $agent
        $run = Start-Runspace "Test-ClaudeTaskPrerequisite -Repository '$repository' -ClaudePath '$agent'"
        Wait-Until { Test-Path $reached } 'the agent waits' | Out-Null
        Stop-Runspace $run | Should -Be Stopped
        Wait-Until { -not (Get-BoxProcess $box) } 'the agent has ended' | Out-Null
        [IO.File]::WriteAllText($go, '')
        (Test-ClaudeTaskPrerequisite -Repository $repository -ClaudePath $agent | Where-Object Name -EQ ClaudeCode).Passed | Should -BeTrue
    }
}
