BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    $box = New-TestBox
    $scenario = New-Scenario $box @{ text = 'Hello.' }
    $quick = @{ AgentArgument = "--scenario=$scenario"; InProcess = $true }
    $hang = Get-Prompt 'Never end' @{ hang = 1 }

    function Start-Running($Prompt = $hang) {
        Start-ClaudeTask $Prompt -Repository (New-TestRepository $box) -InProcess | Wait-ClaudeTask -Until Running
    }
}

AfterAll { Remove-TestBox $box }

Describe 'Stop-ClaudeTask' {
    It 'ends a running task, says nothing, and keeps what there was' {
        $task = Start-Running (Get-Prompt 'Half' @{ text = 'Before.' }, (Get-WriteStep half.txt), @{ signalFile = "$($box.Folder)/half" }, @{ hang = 1 })
        Wait-Until { Test-Path "$($box.Folder)/half" } | Out-Null
        $task | Stop-ClaudeTask | Should -BeNullOrEmpty
        $ended = Get-ClaudeTask $task.Id
        $ended.Status | Should -Be Cancelled
        $ended.Reason | Should -Be Stopped
        $ended.CompletedAt | Should -Not -BeNullOrEmpty
        ($task | Receive-ClaudeTask -Kind Message).Text | Should -Contain Before.
        ($task | Get-ClaudeTaskDiff).Path | Should -Be half.txt
    }

    It 'ends an agent that ignores every polite request' {
        $task = Start-Running (Get-Prompt 'Be stubborn' @{ hang = 1 } @{ ignore = 'interrupt', 'eof', 'term', 'end_session' })
        ($task | Stop-ClaudeTask -PassThru).Status | Should -Be Cancelled
        Wait-Until { -not (Get-BoxProcess $box) } 'the agent is gone' | Out-Null
    }

    It 'takes a queued task out of the queue at once' {
        $running = Start-Running
        $queued = Start-ClaudeTask 'Queued' -Repository $running.Repository @quick
        ($queued | Stop-ClaudeTask -PassThru).Status | Should -Be Cancelled
        $queued | Receive-ClaudeTask -Kind Process | Should -BeNullOrEmpty
        (Get-ClaudeTask $running.Id).Status | Should -Be Running
        $running | Stop-ClaudeTask
    }

    It 'gives the repository of a task that waits for approval to the next, and leaves the files' {
        $holder = Start-ClaudeTask (Get-Prompt 'Write' (Get-WriteStep kept.txt)) -Repository (New-TestRepository $box) -InProcess | Wait-ClaudeTask
        $holder.Status | Should -Be WaitingApproval
        $next = Start-ClaudeTask 'Next' -Repository $holder.Repository @quick
        ($holder | Stop-ClaudeTask -PassThru).Status | Should -Be Cancelled
        "$($holder.Repository)/kept.txt" | Should -Exist
        # It had its turn: the files the first one left are what it stumbles over.
        ($next | Wait-ClaudeTask).Reason | Should -Be PreFlightFailed
    }

    It 'changes nothing of a task that has ended' {
        $task = Start-ClaudeTask 'Be done' -Repository (New-TestRepository $box) @quick | Wait-ClaudeTask
        $task | Stop-ClaudeTask -ErrorVariable failures
        $failures | Should -BeNullOrEmpty
        $after = $task | Stop-ClaudeTask -PassThru
        $after.Status | Should -Be Completed
        $after.UpdatedAt | Should -Be $task.UpdatedAt
    }

    It 'stops many together' {
        $tasks = 1..3 | ForEach-Object { Start-Running }
        ($tasks | Stop-ClaudeTask -PassThru).Status | Should -Be Cancelled, Cancelled, Cancelled
    }

    It 'changes nothing with -WhatIf' {
        $task = Start-Running
        $task | Stop-ClaudeTask -WhatIf
        $task | Remove-ClaudeTask -Force -WhatIf
        (Get-ClaudeTask $task.Id).Status | Should -Be Running
        @($task | Receive-ClaudeTask | Where-Object Text -Match stop) | Should -BeNullOrEmpty
        $task | Stop-ClaudeTask
        $task | Remove-ClaudeTask -WhatIf
        (Get-ClaudeTask $task.Id).Status | Should -Be Cancelled
    }
}

Describe 'Remove-ClaudeTask' {
    It 'removes what has ended, with its output, and leaves the files' {
        $task = Start-ClaudeTask (Get-Prompt 'Write' (Get-WriteStep kept.txt)) -Repository (New-TestRepository $box) -InProcess | Wait-ClaudeTask
        $task | Remove-ClaudeTask -Confirm:$false | Should -BeNullOrEmpty
        foreach ($use in { Get-ClaudeTask $task.Id }, { Receive-ClaudeTask $task.Id }, { Get-ClaudeTaskDiff $task.Id }, { Remove-ClaudeTask $task.TaskId }) {
            (Get-OnlyError $use).FullyQualifiedErrorId | Should -BeLike 'TaskNotFound,ClaudeTasks.Commands.*Command'
        }
        "$($task.Repository)/kept.txt" | Should -Exist
        Get-ChildItem "$($box.Home)/objects" | Where-Object Name -EQ $task.TaskId | Should -BeNullOrEmpty
    }

    It 'gives the repository back' {
        $holder = Start-ClaudeTask (Get-Prompt 'Write' (Get-WriteStep kept.txt)) -Repository (New-TestRepository $box) -InProcess | Wait-ClaudeTask
        $next = Start-ClaudeTask 'Next' -Repository $holder.Repository @quick
        $holder | Remove-ClaudeTask
        ($next | Wait-ClaudeTask).Reason | Should -Be PreFlightFailed
    }

    It 'refuses a running task, says how to stop it, and takes it with -Force' {
        $task = Start-Running
        $failure = Get-OnlyError { $task | Remove-ClaudeTask }
        $failure.FullyQualifiedErrorId | Should -Be 'TaskStateConflict,ClaudeTasks.Commands.RemoveClaudeTaskCommand'
        $failure.CategoryInfo.Category | Should -Be InvalidOperation
        "$($failure.TargetObject)" | Should -Be $task.Id
        $failure.ErrorDetails.RecommendedAction | Should -Match "Stop-ClaudeTask $($task.Id)"
        (Get-ClaudeTask $task.Id).Status | Should -Be Running
        $task | Remove-ClaudeTask -Force
        (Get-OnlyError { Get-ClaudeTask $task.Id }).FullyQualifiedErrorId | Should -BeLike TaskNotFound*
        Wait-Until { -not (Get-BoxProcess $box) } 'its agent is gone' | Out-Null
    }

    It 'lets those who wait for the task go on' {
        $task = Start-Running
        $run = Start-Runspace "'waiting'; Wait-ClaudeTask $($task.Id); 'over'"
        Wait-Until { $run.Output.Count -gt 0 } | Out-Null
        $task | Remove-ClaudeTask -Force
        Wait-Until { $run.Run.IsCompleted } | Out-Null
        $run.Output[-1] | Should -Be over
        $run.Shell.Dispose()
    }

    It 'gives no number of a removed task to another' {
        $task = Start-ClaudeTask 'Last' -Repository (New-TestRepository $box) @quick | Wait-ClaudeTask
        $task | Remove-ClaudeTask
        (Start-ClaudeTask 'New' -Repository $task.Repository @quick | Wait-ClaudeTask).Id | Should -BeGreaterThan $task.Id
    }
}
