BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    $box = New-TestBox

    function Get-Said($Task) { $Task | Receive-ClaudeTask -Kind UserMessage | ForEach-Object Text }
}

AfterAll { Remove-TestBox $box }

Describe 'Send-ClaudeTaskMessage' {
    It 'is heard while Claude works' {
        $go = "$($box.Folder)/heard"
        $task = Start-ClaudeTask (Get-Prompt 'One' (@{ signalFile = "$go.reached" }, @{ waitFile = $go }, (Get-WriteStep first.txt))) -Repository (New-TestRepository $box)
        Wait-Until { Test-Path "$go.reached" } | Out-Null
        $message = Get-Prompt 'Also the second' (Get-WriteStep second.txt)
        Send-ClaudeTaskMessage $task $message | Should -BeNullOrEmpty
        Wait-Until { Get-Said $task } 'it was said' | Out-Null
        Set-Content $go x
        $ended = $task | Wait-ClaudeTask
        ($ended | Get-ClaudeTaskDiff).Path | Should -Be first.txt, second.txt
        $ended.Attempts | Should -Be 1
        Get-Said $task | Should -Be $message
    }

    It 'is a further turn of a task that waits for approval, of the same files and conversation' {
        $file = New-Scenario $box (Get-WriteStep first.txt) @{ resumed = @{ steps = @(@{ echoPrompt = 1 }, (Get-WriteStep second.txt)) } }
        $task = Start-ClaudeTask 'One' -Repository (New-TestRepository $box) -AgentArgument "--scenario=$file" | Wait-ClaudeTask
        $after = Send-ClaudeTaskMessage $task 'Also the second' -PassThru
        $after.Status | Should -BeIn Pending, PreFlight, Running
        Wait-Until { (Get-ClaudeTask $task.Id).Attempts -eq 2 } | Out-Null
        $ended = $task | Wait-ClaudeTask
        $ended.Status, $ended.ConversationId | Should -Be WaitingApproval, $task.ConversationId
        ($ended | Get-ClaudeTaskDiff).Path | Should -Be first.txt, second.txt
        ($ended | Get-ClaudeTaskAttempt).Purpose | Should -Be Run, Turn
        ($ended | Receive-ClaudeTask -Kind Message).Text | Should -Contain 'Also the second'
    }

    It 'goes through the gates again' {
        $repository = New-TestRepository $box
        Register-ClaudeTaskGate build 'test -f second.txt' -Repository $repository | Out-Null
        $task = Start-ClaudeTask (Get-Prompt 'One' (Get-WriteStep first.txt)) -Repository $repository -InProcess | Wait-ClaudeTask
        $task.Status | Should -Be QaFailed
        Send-ClaudeTaskMessage $task (Get-Prompt 'And the second' (Get-WriteStep second.txt)) -InProcess
        Wait-Until { (Get-ClaudeTask $task.Id).Attempts -eq 2 } | Out-Null
        ($task | Wait-ClaudeTask).Status | Should -Be WaitingApproval
        ($task | Get-ClaudeTaskGateResult).Passed | Should -Be $false, $true
    }

    It 'to a suspended task is heard when it goes on' {
        $marker = "$($box.Folder)/suspended"
        $file = New-Scenario $box @{ signalFile = $marker }, @{ hang = 1 } @{ resumed = @{ steps = @(, @{ echoPrompt = 1 }) } }
        $task = Start-ClaudeTask 'One' -Repository (New-TestRepository $box) -AgentArgument "--scenario=$file"
        Wait-Until { Test-Path $marker } | Out-Null
        $task | Suspend-ClaudeTask
        Send-ClaudeTaskMessage $task 'When you go on'
        (Get-ClaudeTask $task.Id).IsSuspended | Should -BeTrue
        ($task | Resume-ClaudeTask -PassThru | Wait-ClaudeTask).Status | Should -Be Completed
        ($task | Receive-ClaudeTask -Kind Message).Text | Should -Contain 'When you go on'
    }

    It 'to a queued task is heard after its prompt' {
        $repository = New-TestRepository $box
        $go = "$($box.Folder)/queued"
        $first = Start-ClaudeTask (Get-Prompt 'One' @{ waitFile = $go }) -Repository $repository -InProcess
        $task = Start-ClaudeTask (Get-Prompt 'Two' (Get-WriteStep a.txt prompt)) -Repository $repository -InProcess
        Send-ClaudeTaskMessage $task (Get-Prompt 'More' (Get-WriteStep a.txt message))
        Set-Content $go x
        ($task | Wait-ClaudeTask).Status | Should -Be WaitingApproval
        Get-Content $repository/a.txt | Should -Be message
        $first | Wait-ClaudeTask | Out-Null
    }

    It 'to several tasks is heard by those that can hear it' {
        $ended = Start-ClaudeTask (Get-Prompt 'One' @{ text = 'Done.' }) -Repository (New-TestRepository $box) -InProcess | Wait-ClaudeTask
        $waits = Start-ClaudeTask (Get-Prompt 'One' (Get-WriteStep a.txt)) -Repository (New-TestRepository $box) -InProcess | Wait-ClaudeTask
        $failure = Get-OnlyError { $ended, $waits | Send-ClaudeTaskMessage -Message (Get-Prompt 'More' (Get-WriteStep b.txt)) -InProcess }
        $failure.FullyQualifiedErrorId | Should -Be 'TaskStateConflict,ClaudeTasks.Commands.SendClaudeTaskMessageCommand'
        $failure.ErrorDetails.RecommendedAction | Should -Match "-Continue $($ended.Id)"
        Wait-Until { (Get-ClaudeTask $waits.Id).Attempts -eq 2 } | Out-Null
        ($waits | Wait-ClaudeTask).FilesChanged | Should -Be 2
    }

    It 'is refused once a part of the result is decided, as what follows could not be told from it' {
        $task = Start-ClaudeTask (Get-Prompt 'One' (Get-WriteStep a.txt), (Get-WriteStep b.txt)) -Repository (New-TestRepository $box) -InProcess | Wait-ClaudeTask
        $task | Approve-ClaudeTask -Path a.txt | Out-Null
        $failure = Get-OnlyError { Send-ClaudeTaskMessage $task 'More' -InProcess }
        $failure.FullyQualifiedErrorId | Should -Be 'TaskStateConflict,ClaudeTasks.Commands.SendClaudeTaskMessageCommand'
        $failure.ErrorDetails.RecommendedAction | Should -Match "Decide on the rest.*-Continue $($task.Id)"
        (Get-ClaudeTask $task.Id).Status | Should -Be WaitingApproval
        ($task | Approve-ClaudeTask).Status | Should -Be Completed
    }

    It 'that races with the end of the turn is heard all the same, once' {
        # Around the moment at which the agent is done: it may be the same turn, a further one of the agent, or one of a new agent.
        $tasks = 1..12 | ForEach-Object {
            $task = Start-ClaudeTask (Get-Prompt "Race $_" (Get-WriteStep first.txt)) -Repository (New-TestRepository $box) -InProcess -ThrottleLimit 20
            Wait-Until { (Get-ClaudeTask $task.Id).Status -notin 'Pending', 'PreFlight' } | Out-Null
            [Threading.Thread]::Sleep(10 * $_)
            Send-ClaudeTaskMessage $task (Get-Prompt "More $_" (Get-WriteStep "more$_.txt")) -InProcess
            $task
        }
        foreach ($task in $tasks) {
            Wait-Until { ($now = Get-ClaudeTask $task.Id).Status -eq 'WaitingApproval' -and $now.FilesChanged -eq 2 } "$task has heard it: $(Get-ClaudeTask $task.Id | Format-List | Out-String)" -Seconds 60 | Out-Null
            @(Get-Said $task).Count | Should -Be 1
        }
    }

    It 'that races with an approval that needs no person is heard, or refused' {
        foreach ($delay in 1..12) {
            $task = Start-ClaudeTask (Get-Prompt "Race $delay" (Get-WriteStep first.txt)) -Repository (New-TestRepository $box) -InProcess -AutoApprove -AllowNoGate
            Wait-Until { (Get-ClaudeTask $task.Id).FilesChanged } | Out-Null
            [Threading.Thread]::Sleep(5 * $delay)
            Send-ClaudeTaskMessage $task (Get-Prompt 'More' (Get-WriteStep more.txt)) -InProcess -ErrorVariable failure -ErrorAction SilentlyContinue
            Wait-Until { (Get-ClaudeTask $task.Id).IsEnded } "$task ends: $(Get-ClaudeTask $task.Id | Format-List | Out-String)" -Seconds 60 | Out-Null
            (Get-ClaudeTask $task.Id).Status | Should -Be Completed
            @(Get-Said $task).Count | Should -Be ($failure ? 0 : 1)
            Test-Path "$($task.Repository)/more.txt" | Should -Be (-not $failure)
        }
    }
}
