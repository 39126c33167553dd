# How the commands behave in a pipeline, in a session that goes on, and where nobody sits.
BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    $box = New-TestBox
    $repository = New-TestRepository $box
    $hello = Get-Prompt 'Hello' @{ text = 'Hello.' }
    $done = Start-ClaudeTask $hello -Repository $repository -Session work -InProcess | Wait-ClaudeTask
    $running = Start-ClaudeTask (Get-Prompt 'Run' @{ text = 'At work.' }, @{ hang = 1 }) -Repository (New-TestRepository $box) -InProcess | Wait-ClaudeTask -Until Running

    # What a session holds: threads, open files or handles, runspaces.
    function Get-Held {
        $self = Get-Process -Id $PID
        [pscustomobject]@{ Threads = $self.Threads.Count; Handles = $IsLinux ? [IO.Directory]::GetFileSystemEntries('/proc/self/fd').Count : $self.HandleCount; Runspaces = @(Get-Runspace).Count }
    }

    # After a first time, which may keep what it needs, many more keep nothing: a leak of one a time would be far beyond what comes and goes.
    function Assert-NothingHeld([scriptblock] $Use, [int] $Times = 20) {
        1..3 | ForEach-Object { . $Use | Out-Null }
        $before = Get-Held
        1..$Times | ForEach-Object { . $Use | Out-Null }
        Wait-Until {
            [GC]::Collect(); [GC]::WaitForPendingFinalizers()
            $now = Get-Held
            $now.Threads -lt $before.Threads + $Times / 2 -and $now.Handles -lt $before.Handles + $Times / 2 -and $now.Runspaces -le $before.Runspaces
        } "$Times times $Use leave nothing behind ($before)" -Seconds 60 | Out-Null
    }
}

AfterAll { Remove-TestBox $box }

Describe 'Ctrl+C' {
    It 'leaves <what>, and the task goes on' -TestCases @(
        @{ what = 'Wait-ClaudeTask'; script = "Wait-ClaudeTask {0}"; waits = { $started.Shell.Streams.Progress.Count -gt 0 } }
        @{ what = 'Wait-ClaudeTask -Until'; script = "Wait-ClaudeTask {0} -Until Completed"; waits = { $started.Shell.Streams.Progress.Count -gt 0 } }
        @{ what = 'Receive-ClaudeTask -Follow'; script = "Receive-ClaudeTask {0} -Follow"; waits = { $started.Output.Count -gt 0 } }
    ) {
        param($script, $waits)
        $started = Start-Runspace ($script -f $running.Id)
        Wait-Until $waits 'it waits' | Out-Null
        Stop-Runspace $started | Should -Be Stopped
        (Get-ClaudeTask $running.Id).Status | Should -Be Running
    }
}

Describe 'A pipeline that has enough' {
    It 'returns from <what>, and nothing of it is left' -TestCases @(
        @{ what = 'following events'; use = { Receive-ClaudeTask $running.Id -Follow | Select-Object -First 1 } }
        @{ what = 'reading events'; use = { Receive-ClaudeTask $running.Id | Select-Object -First 1 } }
        @{ what = 'waiting'; use = { $done, $running | Wait-ClaudeTask | Select-Object -First 1 } }
        @{ what = 'the timeline'; use = { Get-ClaudeTask | Select-Object -First 1 } }
    ) {
        param($use)
        & $use | Should -HaveCount 1
        Assert-NothingHeld $use
        (Get-ClaudeTask $running.Id).Status | Should -Be Running
    }
}

Describe 'Starting, stopping and removing' {
    It 'twenty times leaves no process, handle or runspace' {
        $processes = @(Get-BoxProcess $box).Count
        $where = New-TestRepository $box
        $hang = Get-Prompt 'Hang' @{ hang = 1 }
        Assert-NothingHeld { $task = Start-ClaudeTask $hang -Repository $where -InProcess; $task | Wait-ClaudeTask -Until Running; $task | Stop-ClaudeTask; $task | Remove-ClaudeTask }
        Wait-Until { @(Get-BoxProcess $box).Count -le $processes } 'no process is left' | Out-Null
        Get-ClaudeTask -Repository $where | Should -BeNullOrEmpty
    }
}

Describe '-WhatIf' {
    It 'changes nothing, of any command that has it' {
        $waiting = Start-ClaudeTask (Get-Prompt 'Write' (Get-WriteStep a.txt)) -Repository (New-TestRepository $box) -InProcess | Wait-ClaudeTask
        $asking = Start-ClaudeTask (Get-Prompt 'Ask' (Get-AskStep 'make'), (Get-AskStep 'make test')) -Repository (New-TestRepository $box) -OnQuestion Ask -InProcess
        Wait-Question $asking | Resolve-ClaudeTaskQuestion -Allow -Remember
        $question = Wait-Question $asking
        Register-ClaudeTaskGate check 'true' | Out-Null
        Register-ClaudeTaskTemplate fix 'Fix it' | Out-Null
        $suspended = Start-ClaudeTask $hello -Repository (New-TestRepository $box) -At (Get-Date).AddDays(1) -InProcess | Suspend-ClaudeTask -PassThru
        $decided = Start-ClaudeTask (Get-Prompt 'Write' (Get-WriteStep a.txt)) -Repository (New-TestRepository $box) -InProcess | Wait-ClaudeTask | Deny-ClaudeTask
        $uses = @{
            'Approve-ClaudeTask' = { $waiting | Approve-ClaudeTask -WhatIf }; 'Deny-ClaudeTask' = { $waiting | Deny-ClaudeTask -WhatIf }; 'Undo-ClaudeTask' = { $decided | Undo-ClaudeTask -WhatIf }
            'Export-ClaudeTaskReport' = { $done | Export-ClaudeTaskReport "$($box.Folder)/r.md" -WhatIf }; 'Invoke-ClaudeTask' = { Invoke-ClaudeTask $hello -Repository $repository -WhatIf }
            'Invoke-ClaudeTaskGate' = { $waiting | Invoke-ClaudeTaskGate -WhatIf }; 'New-ClaudeTaskSession' = { New-ClaudeTaskSession new -Repository $repository -WhatIf }
            'Register-ClaudeTaskGate' = { Register-ClaudeTaskGate new 'true' -WhatIf }; 'Register-ClaudeTaskTemplate' = { Register-ClaudeTaskTemplate new 'Do it' -WhatIf }
            'Remove-ClaudeTask' = { $done | Remove-ClaudeTask -WhatIf }; 'Remove-ClaudeTaskRule' = { Get-ClaudeTaskRule | Remove-ClaudeTaskRule -WhatIf }
            'Remove-ClaudeTaskSession' = { Remove-ClaudeTaskSession work -WhatIf }; 'Repair-ClaudeTask' = { $waiting | Repair-ClaudeTask -WhatIf }
            'Repair-ClaudeTaskStore' = { Repair-ClaudeTaskStore -WhatIf }
            'Resolve-ClaudeTaskQuestion' = { $question | Resolve-ClaudeTaskQuestion -Allow -WhatIf }; 'Restart-ClaudeTask' = { $done | Restart-ClaudeTask -WhatIf }
            'Resume-ClaudeTask' = { $suspended | Resume-ClaudeTask -WhatIf }; 'Send-ClaudeTaskMessage' = { Send-ClaudeTaskMessage $running 'Hurry' -WhatIf }
            'Set-ClaudeTaskOption' = { Set-ClaudeTaskOption -ThrottleLimit 2 -WhatIf }; 'Set-ClaudeTaskSession' = { Set-ClaudeTaskSession work renamed -WhatIf }
            'Start-ClaudeTask' = { Start-ClaudeTask $hello -Repository $repository -WhatIf }; 'Stop-ClaudeTask' = { $running | Stop-ClaudeTask -WhatIf }
            'Suspend-ClaudeTask' = { $running | Suspend-ClaudeTask -WhatIf }; 'Unregister-ClaudeTaskGate' = { Unregister-ClaudeTaskGate check -WhatIf }
            'Unregister-ClaudeTaskTemplate' = { Unregister-ClaudeTaskTemplate fix -WhatIf }
        }
        $uses.Keys | Sort-Object | Should -Be (Get-Command -Module ClaudeTasks | Where-Object { $_.Parameters.ContainsKey('WhatIf') } | ForEach-Object Name | Sort-Object)

        function Get-All {
            $tasks = Get-ClaudeTask | Select-Object * -ExcludeProperty Duration
            $files = $tasks.Repository | Sort-Object -Unique | ForEach-Object { git -C $_ status --porcelain; git -C $_ log --oneline }
            $tasks, (Get-ClaudeTaskSession | Select-Object * -ExcludeProperty Duration), (Get-ClaudeTaskGate), (Get-ClaudeTaskTemplate), (Get-ClaudeTaskOption), (Get-ClaudeTaskRule),
            (Get-ClaudeTaskQuestion), $files | ConvertTo-Json -Depth 4
        }
        foreach ($use in $uses.Keys | Sort-Object) {
            $before = Get-All
            & $uses[$use] 6>&1 | Should -BeNullOrEmpty -Because $use
            Get-All | Should -BeExactly $before -Because $use
        }
        "$($box.Folder)/r.md" | Should -Not -Exist
        $asking, $suspended | Stop-ClaudeTask
    }
}

Describe 'Where nobody sits' {
    It 'no command prompts or hangs: what is missing is an error' {
        # The child's pwsh is -NonInteractive, its standard input is closed; that it ends is the proof.
        $result = Invoke-Pwsh $box -Directory $repository "foreach (`$command in Get-Command -Module ClaudeTasks) {
                `$failures = @(); try { & `$command -ErrorVariable failures -ErrorAction SilentlyContinue *>`$null } catch { `$failures = @(`$_) }
                `"`$(`$command.Name): `$(`$failures.FullyQualifiedErrorId | Select-Object -First 1)`"
            }
            Remove-ClaudeTask $($done.Id) -Confirm -ErrorAction SilentlyContinue; 'end'"
        $lines = $result.Out -split '\r?\n'
        $lines[-1] | Should -Be end
        foreach ($name in 'Stop-ClaudeTask', 'Wait-ClaudeTask', 'Start-ClaudeTask', 'Resolve-ClaudeTaskQuestion') { $lines | Should -Contain "${name}: MissingMandatoryParameter,ClaudeTasks.Commands.$($name.Replace('-', ''))Command" }
        (Get-ClaudeTask $done.Id).Id | Should -Be $done.Id
    }
}

Describe 'What was written' {
    It 'binds back by the names of its properties: <what>' -TestCases @(
        @{ what = 'a task'; make = { $done }; use = { ($_ | Get-ClaudeTask).TaskId }; is = { $done.TaskId } }
        @{ what = 'an event'; make = { $done | Receive-ClaudeTask | Select-Object -First 1 }; use = { ($_ | Get-ClaudeTask).TaskId }; is = { $done.TaskId } }
        @{ what = 'a session'; make = { Get-ClaudeTaskSession work }; use = { ($_ | Get-ClaudeTask).TaskId }; is = { $done.TaskId } }
        @{ what = 'a gate'; make = { Register-ClaudeTaskGate back 'true' -Repository $repository }; use = { $_ | Unregister-ClaudeTaskGate -WhatIf; 'found' }; is = { 'found' } }
        @{ what = 'a template'; make = { Register-ClaudeTaskTemplate back 'Do it' }; use = { $_ | Unregister-ClaudeTaskTemplate -WhatIf; 'found' }; is = { 'found' } }
    ) {
        param($make, $use, $is)
        $item = & $make
        $item | Export-Clixml "$($box.Folder)/item.xml"
        foreach ($form in $item, (Import-Clixml "$($box.Folder)/item.xml")) { $form | ForEach-Object $use | Should -Be (& $is) }
    }

    It 'goes with -OutVariable and -PipelineVariable, and an error with -ErrorAction and -ErrorVariable' {
        $seen = Get-ClaudeTask $done, $running -OutVariable out -PipelineVariable piped | ForEach-Object { $piped.Id }
        $seen | Should -Be $done.Id, $running.Id
        $out.Id | Should -Be $seen
        (Get-ClaudeTask 9999, $done -ErrorAction SilentlyContinue -ErrorVariable failures).Id | Should -Be $done.Id
        $failures | Should -HaveCount 1
        { Get-ClaudeTask 9999, $done -ErrorAction Stop } | Should -Throw -ErrorId TaskNotFound*
        $Error.Clear()
        (Get-ClaudeTask 9999, $done -ErrorAction Ignore).Id | Should -Be $done.Id
        $Error | Should -BeNullOrEmpty
    }
}

Describe 'Several runspaces of one process' {
    It 'all see the same tasks in ForEach-Object -Parallel' {
        $path = Get-ModulePath
        $seen = 1..3 | ForEach-Object -Parallel { Import-Module $using:path; (Get-ClaudeTask $using:done.Id).TaskId } -ThrottleLimit 3
        $seen | Should -Be (@($done.TaskId) * 3)
    }
}
