BeforeDiscovery { $canKill = $IsLinux }

BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    $box = New-TestBox

    # Kills the worker of the only task that has one, as the kernel does when memory is short.
    function Stop-Worker {
        $worker = Wait-BoxWorker $box
        Stop-Process -Id $worker -Force
        Wait-Until { -not (Get-Process -Id $worker -ErrorAction Ignore) } 'it is gone' | Out-Null
    }
}

AfterAll { Remove-TestBox $box }

Describe 'A worker that is killed' -Skip:(-not $canKill) {
    # That of the test before stays for a moment, and could be taken for one that is just being started.
    BeforeEach { Wait-Until { -not (Get-BoxWorker $box) } 'no worker is left' | Out-Null }

    It 'while its task waits for its moment is replaced by the next call, whichever it is' {
        $moment = (Get-Date).AddSeconds(6)
        $task = Start-ClaudeTask (Get-Prompt 'Later' @{ text = 'Here.' }) -Repository (New-TestRepository $box) -At $moment
        Stop-Worker
        (Get-ClaudeTask $task.Id).IsSuspended | Should -BeFalse
        (Get-ClaudeTask $task.Id).WaitingFor | Should -Match '\d\d:\d\d'
        $ended = $task | Wait-ClaudeTask -Timeout 60
        $ended.Status | Should -Be Completed
        $ended.StartedAt | Should -BeGreaterOrEqual $moment.ToUniversalTime().AddMilliseconds(-2)
    }

    It 'while its task waits to be tried again is replaced, and the attempts count on' {
        $file = New-Scenario $box (Get-WriteStep half.txt) @{
            exitCode = 1; result = @{ is_error = $true; terminal_reason = 'api_error'; api_error_status = 529; result = 'Overloaded' }; resumed = @{ steps = @(, (Get-WriteStep rest.txt)) } }
        $task = Start-ClaudeTask 'Work' -Repository (New-TestRepository $box) -AgentArgument "--scenario=$file" -Retry 1 -RetryDelay 6
        Wait-Until { (Get-ClaudeTask $task.Id).NotBefore } 'it waits to be tried again' | Out-Null
        Stop-Worker
        $other = Invoke-Pwsh $box "Get-ClaudeTask $($task.Id) | ForEach-Object WaitingFor"
        $other.Out | Should -Match '\d\d:\d\d'
        $ended = $task | Wait-ClaudeTask -Timeout 60
        $ended.Status, $ended.Attempts | Should -Be WaitingApproval, 2
        ($ended | Get-ClaudeTaskDiff).Path | Should -Be half.txt, rest.txt
    }

    It 'while its task waits for another one is replaced' {
        $first = Start-ClaudeTask (Get-Prompt 'First' (Get-WriteStep a.txt)) -Repository (New-TestRepository $box) -InProcess | Wait-ClaudeTask
        $task = Start-ClaudeTask (Get-Prompt 'Second' @{ text = 'Here.' }) -Repository (New-TestRepository $box) -DependsOn $first
        Stop-Worker
        $first | Approve-ClaudeTask | Out-Null
        ($task | Wait-ClaudeTask -Timeout 60).Status | Should -Be Completed
    }

    It 'while its task only waits for its turn leaves that to a person' {
        $first = Start-ClaudeTask (Get-Prompt 'First' (Get-WriteStep a.txt)) -Repository (New-TestRepository $box) -InProcess | Wait-ClaudeTask
        $task = Start-ClaudeTask (Get-Prompt 'Second' @{ text = 'Here.' }) -Repository $first.Repository
        Stop-Worker
        $held = Get-ClaudeTask $task.Id
        $held.IsSuspended, $held.Reason | Should -Be $true, 'WorkerLost'
        $first | Approve-ClaudeTask | Out-Null
        ($task | Wait-ClaudeTask).Status | Should -Be Pending
        ($task | Resume-ClaudeTask -PassThru | Wait-ClaudeTask).Status | Should -Be Completed
    }

    It 'with a question open ends the task with the truth, which goes on in a new one' {
        $task = Start-ClaudeTask (Get-Prompt 'Ask' @{ text = 'The word is zebra.' }, (Get-AskStep 'touch a')) -Repository (New-TestRepository $box) -OnQuestion Ask
        $question = Wait-Question $task
        Stop-Worker
        $ended = $task | Wait-ClaudeTask
        $ended.Status, $ended.Reason | Should -Be Failed, WorkerLost
        (Get-ClaudeTaskQuestion $question.Id).State | Should -Be Withdrawn
        (Get-OnlyError { $question | Resolve-ClaudeTaskQuestion -Allow }).FullyQualifiedErrorId | Should -Be 'QuestionClosed,ClaudeTasks.Commands.ResolveClaudeTaskQuestionCommand'
        Wait-Until { -not (Get-BoxProcess $box) } 'its agent has ended' | Out-Null
        $next = Start-ClaudeTask (Get-Prompt 'What was the word?' @{ echoArgs = 1 }) -Continue $task -InProcess | Wait-ClaudeTask
        $next.Result | Should -Match "--resume=$($ended.ConversationId)"
    }

    It 'does nothing to a suspended task' {
        $marker = "$($box.Folder)/suspended"
        $file = New-Scenario $box @{ signalFile = $marker }, @{ hang = 1 } @{ resumed = @{ steps = @(, (Get-WriteStep a.txt)) } }
        $repository = New-TestRepository $box
        $task = Start-ClaudeTask 'Work' -Repository $repository -AgentArgument "--scenario=$file"
        $next = Start-ClaudeTask (Get-Prompt 'Next' @{ text = 'Here.' }) -Repository (New-TestRepository $box) -At (Get-Date).AddDays(1)
        Wait-Until { Test-Path $marker } | Out-Null
        $task | Suspend-ClaudeTask
        Wait-Until { @(Get-BoxProcess $box).Count -eq 1 } 'its worker has ended, the other has not' | Out-Null
        Stop-Worker
        (Get-ClaudeTask $task.Id).Reason | Should -Be Suspended
        ($task | Resume-ClaudeTask -PassThru | Wait-ClaudeTask).Status | Should -Be WaitingApproval
        $next | Stop-ClaudeTask
    }
}
