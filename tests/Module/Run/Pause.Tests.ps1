BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    $box = New-TestBox
    $scenario = New-Scenario $box @{ text = 'Hello.' }
    $quick = @{ AgentArgument = "--scenario=$scenario"; InProcess = $true }

    # What an agent does, and what it does when its conversation is resumed; it says that it is at work and waits to be cut off.
    function Start-Hanging([object[]] $Steps = @(), [object[]] $Resumed = @(@{ echoPrompt = 1 }, (Get-WriteStep rest.txt)), [hashtable] $With = @{}) {
        $marker = "$($box.Folder)/$([guid]::NewGuid())"
        $file = New-Scenario $box ($Steps + @{ signalFile = $marker }, @{ hang = 1 }) @{ resumed = @{ steps = $Resumed } }
        $task = Start-ClaudeTask 'Do the whole of it' -Repository (New-TestRepository $box) -AgentArgument "--scenario=$file" @With
        Wait-Until { Test-Path $marker } 'it is at work' | Out-Null
        $task
    }
}

AfterAll { Remove-TestBox $box }

Describe 'Suspend-ClaudeTask and Resume-ClaudeTask' {
    It 'keep a queued task from starting, while others pass it' {
        $running = Start-Hanging
        $held = Start-ClaudeTask (Get-Prompt 'Held' (Get-WriteStep held.txt)) -Repository $running.Repository
        $other = Start-ClaudeTask 'Other' -Repository $running.Repository @quick
        $held | Suspend-ClaudeTask | Should -BeNullOrEmpty
        $running | Stop-ClaudeTask
        ($other | Wait-ClaudeTask).Status | Should -Be Completed
        $held = Get-ClaudeTask $held.Id
        $held.IsSuspended, $held.Status, "$($held.WaitingFor)", $held.Reason | Should -Be $true, 'Pending', 'a resume', 'Suspended'
        $held.ReasonText | Should -Match "Resume-ClaudeTask $($held.Id)"
        ($held | Out-String) | Should -Match 'Suspended'
        ($held | Resume-ClaudeTask -PassThru).IsSuspended | Should -BeFalse
        ($held | Wait-ClaudeTask).Status | Should -Be WaitingApproval
    }

    It 'pause a task at work with its files, conversation and repository, and go on from another process' {
        $task = Start-Hanging (Get-WriteStep half.txt)
        $next = Start-ClaudeTask 'Next' -Repository $task.Repository @quick
        $paused = $task | Suspend-ClaudeTask -PassThru
        $paused.IsSuspended, $paused.Status, $paused.FilesChanged | Should -Be $true, 'Pending', 1
        "$($task.Repository)/half.txt" | Should -Exist
        Wait-Until { -not (Get-BoxProcess $box) } 'agent and worker have ended' | Out-Null
        "$((Get-ClaudeTask $next.Id).WaitingFor)" | Should -Be "task $($task.Id)"
        (Invoke-Pwsh $box "Get-ClaudeTask | Out-String -Width 80").Out -split "`n" | ForEach-Object { $Host.UI.RawUI.LengthInBufferCells($_) | Should -BeLessOrEqual 80 }

        $other = Invoke-Pwsh $box "Resume-ClaudeTask $($task.Id) -PassThru | Wait-ClaudeTask | ForEach-Object Status"
        $other.Err | Should -BeNullOrEmpty
        $other.Out | Should -Be WaitingApproval
        $ended = Get-ClaudeTask $task.Id
        $ended.ConversationId | Should -Be $paused.ConversationId
        ($ended | Get-ClaudeTaskDiff).Path | Should -Be half.txt, rest.txt
        ($task | Receive-ClaudeTask -Kind Message).Text | Should -Match 'You were paused'
        ($task | Receive-ClaudeTask -Kind Message).Text | Should -Not -Match 'the whole of it'
        $attempts = $ended | Get-ClaudeTaskAttempt
        $attempts.Purpose | Should -Be Run, Resume
        $attempts.Reason | Should -Be Suspended, None
        $text = Invoke-Pwsh $box "Get-ClaudeTaskAttempt $($task.Id) | Out-String -Width 80"
        $text.Out | Should -Not -Match "`e"
        foreach ($line in $text.Out -split "`n") { $line.Length | Should -BeLessOrEqual 80 }
        $ended | Deny-ClaudeTask | Out-Null
        ($next | Wait-ClaudeTask).Status | Should -Be Completed
    }

    It 'are no wait without an end: neither the task nor what is queued behind it is waited for' {
        $task = Start-Hanging
        $next = Start-ClaudeTask 'Next' -Repository $task.Repository @quick
        $depends = Start-ClaudeTask 'Depends' -Repository (New-TestRepository $box) -DependsOn $next @quick
        $task | Suspend-ClaudeTask
        ($task | Wait-ClaudeTask).IsSuspended | Should -BeTrue
        ($next | Wait-ClaudeTask -WarningVariable warnings -WarningAction SilentlyContinue).Status | Should -Be Pending
        $warnings | Should -Match "behind task $($task.Id), which is suspended"
        ($depends | Wait-ClaudeTask -WarningVariable warnings -WarningAction SilentlyContinue).Status | Should -Be Pending
        $warnings | Should -Match "behind task $($task.Id), which is suspended"
        $failure = Get-OnlyError { Invoke-ClaudeTask 'Behind' -Repository $task.Repository -Quiet @quick }
        $failure.FullyQualifiedErrorId | Should -Be 'TaskBlocked,ClaudeTasks.Commands.InvokeClaudeTaskCommand'
        $failure.ErrorDetails.RecommendedAction | Should -Match "Resume-ClaudeTask $($task.Id)"
        $task | Stop-ClaudeTask
        ($next, $depends | Wait-ClaudeTask).Status | Should -Be Completed, Completed
    }

    It 'keep a question of a task, whose answer lets it go on' {
        $task = Start-ClaudeTask 'Ask' -Repository (New-TestRepository $box) -OnQuestion Ask -AgentArgument "--scenario=$(
            New-Scenario $box (Get-AskStep 'touch asked') @{ resumed = @{ steps = @(@{ echoPrompt = 1 }, (Get-AskStep 'touch asked')) } })"
        $question = Wait-Question $task
        $task | Suspend-ClaudeTask
        "$((Get-ClaudeTask $task.Id).WaitingFor)" | Should -Be "an answer to question $($question.Id)"
        (Get-ClaudeTaskQuestion $question.Id).Deadline | Should -BeNullOrEmpty
        Wait-Until { -not (Get-BoxProcess $box) } 'agent and worker have ended' | Out-Null
        Resolve-ClaudeTaskQuestion $question.Id -Allow
        ($task | Wait-ClaudeTask).Status | Should -Be WaitingApproval
        "$($task.Repository)/asked" | Should -Exist
        @($task | Get-ClaudeTaskQuestion -All).Count | Should -Be 1
    }

    It 'end with Stop-ClaudeTask, which gives the repository back' {
        $task = Start-Hanging
        $next = Start-ClaudeTask 'Next' -Repository $task.Repository @quick
        $task | Suspend-ClaudeTask
        ($task | Stop-ClaudeTask -PassThru).Status | Should -Be Cancelled
        ($next | Wait-ClaudeTask).Status | Should -Be Completed
    }

    It 'pause and go on in a work tree of its own' {
        $task = Start-Hanging (Get-WriteStep half.txt) -With @{ Worktree = $true }
        $beside = Start-ClaudeTask 'Beside' -Repository $task.Repository @quick
        $tree = ($task | Suspend-ClaudeTask -PassThru).Worktree
        "$tree/half.txt" | Should -Exist
        ($beside | Wait-ClaudeTask).Status | Should -Be Completed
        $ended = $task | Resume-ClaudeTask -PassThru | Wait-ClaudeTask
        $ended.Status, $ended.Worktree | Should -Be WaitingApproval, $tree
        ($ended | Get-ClaudeTaskDiff).Path | Should -Be half.txt, rest.txt
        Send-ClaudeTaskMessage $task (Get-Prompt 'More' (Get-WriteStep more.txt))
        Wait-Until { (Get-ClaudeTask $task.Id).Attempts -eq 3 } | Out-Null
        ($task | Wait-ClaudeTask).Status | Should -Be WaitingApproval
        ($ended | Approve-ClaudeTask).Status | Should -Be Completed
        git -C $task.Repository show --format= --name-only HEAD | Should -Be half.txt, rest.txt
        $tree | Should -Not -Exist
    }

    It 'of two processes at once succeed in one' {
        $task = Start-Hanging
        foreach ($verb in 'Suspend', 'Resume') {
            $go = "$($box.Folder)/$verb"
            $processes = 1..3 | ForEach-Object {
                Start-Pwsh $box "Set-Content '$go$_' x; while (-not [IO.File]::Exists('$go')) {}
                    $verb-ClaudeTask $($task.Id) -ErrorVariable failure -ErrorAction SilentlyContinue
                    `$failure ? `$failure[0].FullyQualifiedErrorId : 'done'"
            }
            Wait-Until { (Test-Path "${go}[123]") -and @(Get-Item "${go}[123]").Count -eq 3 } 'all are ready' | Out-Null
            Set-Content $go x
            # Asking once more for a pause that is not there yet is no conflict.
            $said = @($processes | ForEach-Object { (Complete-Pwsh $_).Out })
            $said | Should -Contain done
            foreach ($word in $said) { $word | Should -BeIn done, "TaskStateConflict,ClaudeTasks.Commands.${verb}ClaudeTaskCommand" }
        }
        @($said -eq 'done').Count | Should -Be 1
        ($task | Wait-ClaudeTask).Status | Should -Be WaitingApproval
        ($task | Get-ClaudeTaskAttempt).Purpose | Should -Be Run, Resume
    }

    It 'change nothing under -WhatIf' {
        $task = Start-Hanging
        $task | Suspend-ClaudeTask -WhatIf
        (Get-ClaudeTask $task.Id).Status | Should -Be Running
        $task | Suspend-ClaudeTask
        $before = Get-ClaudeTask $task.Id
        $task | Resume-ClaudeTask -WhatIf
        $task | Send-ClaudeTaskMessage -Message 'Not said' -WhatIf
        Restart-ClaudeTask $task -WhatIf
        (Get-ClaudeTask $task.Id).UpdatedAt | Should -Be $before.UpdatedAt
        $task | Stop-ClaudeTask
    }

    It 'refuse <what>' -TestCases @(
        @{ what = 'to pause what has ended'; script = { Suspend-ClaudeTask $done }; cmdlet = 'Suspend'; id = 'TaskStateConflict' }
        @{ what = 'to pause what waits for a decision'; script = { Suspend-ClaudeTask $waits }; cmdlet = 'Suspend'; id = 'TaskStateConflict' }
        @{ what = 'to go on with what is not suspended'; script = { Resume-ClaudeTask $done }; cmdlet = 'Resume'; id = 'TaskStateConflict' }
        @{ what = 'to do once more what has not ended'; script = { Restart-ClaudeTask $waits }; cmdlet = 'Restart'; id = 'TaskStateConflict' }
        @{ what = 'to talk to what has ended'; script = { Send-ClaudeTaskMessage $done 'Hello' }; cmdlet = 'Send'; noun = 'ClaudeTaskMessage'; id = 'TaskStateConflict' }
        @{ what = 'to say nothing'; script = { Send-ClaudeTaskMessage $waits ' ' }; cmdlet = 'Send'; noun = 'ClaudeTaskMessage'; id = 'InvalidPrompt'; category = 'InvalidArgument' }
        @{ what = 'a task that does not exist'; script = { Suspend-ClaudeTask 999 }; cmdlet = 'Suspend'; id = 'TaskNotFound'; category = 'ObjectNotFound' }
        @{ what = 'the attempts of one that does not exist'; script = { Get-ClaudeTaskAttempt 999 }; cmdlet = 'Get'; noun = 'ClaudeTaskAttempt'; id = 'TaskNotFound'; category = 'ObjectNotFound' }
    ) {
        $script:done ??= Start-ClaudeTask 'Be done' -Repository (New-TestRepository $box) @quick | Wait-ClaudeTask
        $script:waits ??= Start-ClaudeTask (Get-Prompt 'Write' (Get-WriteStep a.txt)) -Repository (New-TestRepository $box) -InProcess | Wait-ClaudeTask
        $failure = Get-OnlyError $script
        $failure.FullyQualifiedErrorId | Should -Be "$id,ClaudeTasks.Commands.$cmdlet$($noun ?? 'ClaudeTask')Command"
        $failure.CategoryInfo.Category | Should -Be ($category ?? 'InvalidOperation')
        "$($failure.TargetObject)" | Should -BeIn "$($done.Id)", "$($waits.Id)", '999'
        (Get-ClaudeTask $waits.Id).Status | Should -Be WaitingApproval
    }
}
