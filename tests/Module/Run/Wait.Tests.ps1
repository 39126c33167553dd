BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    $box = New-TestBox
    $scenario = New-Scenario $box @{ text = 'Hello.' }
    $quick = @{ AgentArgument = "--scenario=$scenario"; InProcess = $true }
    $go = "$($box.Folder)/go"
    $running = Start-ClaudeTask (Get-Prompt 'Run' @{ waitFile = $go }) -Repository (New-TestRepository $box) -InProcess
    $done = Start-ClaudeTask 'Be done' -Repository (New-TestRepository $box) @quick | Wait-ClaudeTask
}

AfterAll { Remove-TestBox $box }

Describe 'Wait-ClaudeTask' {
    It 'says so when a task is removed while it is waited for' {
        $queued = Start-ClaudeTask 'Queued' -Repository $running.Repository @quick
        $waiting = Start-Runspace "Wait-ClaudeTask $($queued.Id) -Timeout 120"
        Wait-Until { $waiting.Shell.Streams.Progress.Count } 'it waits' | Out-Null
        Remove-ClaudeTask $queued.Id
        Wait-Until { $waiting.Run.IsCompleted } 'it has returned' | Out-Null
        $waiting.Shell.Streams.Error[0].FullyQualifiedErrorId | Should -Be 'TaskNotFound,ClaudeTasks.Commands.WaitClaudeTaskCommand'
        Stop-Runspace $waiting
    }

    It 'returns at once for what has ended' { ($done | Wait-ClaudeTask).Status | Should -Be Completed }

    It 'returns with -Any when the first one is there' {
        ($running, $done | Wait-ClaudeTask -Any).Id | Should -Be $done.Id
        (Get-ClaudeTask $running.Id).IsEnded | Should -BeFalse
    }

    It 'gives one task for the same one named twice' { @($done.Id, $done.Id | Wait-ClaudeTask).Count | Should -Be 1 }

    It 'waits with -Until for a status on the way' { ($running | Wait-ClaudeTask -Until Running).Status | Should -Be Running }

    It 'returns from -Until when the status can come no more' { ($done | Wait-ClaudeTask -Until Running, Rejected).Status | Should -Be Completed }

    It 'says in an error that the time was over, and leaves the task running' {
        $failures = $null
        $output = $running, $done | Wait-ClaudeTask -Timeout 1 -ErrorVariable failures -ErrorAction SilentlyContinue
        $output.Id | Should -Be $done.Id
        $failures.Count | Should -Be 1
        $failures[0].FullyQualifiedErrorId | Should -Be 'WaitTimedOut,ClaudeTasks.Commands.WaitClaudeTaskCommand'
        $failures[0].CategoryInfo.Category | Should -Be OperationTimeout
        $failures[0].TargetObject.Id | Should -Be $running.Id
        $failures[0].ErrorDetails.RecommendedAction | Should -Match "Stop-ClaudeTask $($running.Id)"
        (Get-ClaudeTask $running.Id).Status | Should -Be Running
    }

    It 'refuses the time limit <value>' -TestCases @(@{ value = 0 }, @{ value = -5 }, @{ value = '-00:00:01' }) {
        param($value)
        $failure = Get-OnlyError { Wait-ClaudeTask $done -Timeout $value }
        $failure.FullyQualifiedErrorId | Should -Be 'InvalidArgument,ClaudeTasks.Commands.WaitClaudeTaskCommand'
        $failure.CategoryInfo.Category | Should -Be InvalidArgument
    }

    It 'does not understand the time limit <value>' -TestCases @(@{ value = 'abc' }, @{ value = 1e30 }, @{ value = '' }, @{ value = [double]::NaN }) {
        param($value)
        $failure = Get-OnlyError { Wait-ClaudeTask $done -Timeout $value }
        $failure.FullyQualifiedErrorId | Should -Be 'ParameterArgumentTransformationError,ClaudeTasks.Commands.WaitClaudeTaskCommand'
        $failure.Exception.Message | Should -Match '90s, 20m, 1h30m'
    }

    It 'understands the time limit <value>' -TestCases @(
        @{ value = 60 }, @{ value = '60' }, @{ value = '90s' }, @{ value = '10m' }, @{ value = '1h30m' }, @{ value = '00:10:00' }
        @{ value = [TimeSpan]::FromHours(1) }, @{ value = 0.5 }, @{ value = '60d' }, @{ value = '5000d' }
    ) {
        param($value)
        ($done | Wait-ClaudeTask -Timeout $value).Id | Should -Be $done.Id
    }

    It 'does not wait behind a decision that only a person can make, and names it' {
        $repository = New-TestRepository $box
        $holder = Start-ClaudeTask 'Write a note' -Repository $repository -InProcess | Wait-ClaudeTask
        $queued = Start-ClaudeTask 'Behind' -Repository $repository @quick
        $seen = $queued | Wait-ClaudeTask -WarningVariable warnings -WarningAction SilentlyContinue
        $seen.Id | Should -Be $queued.Id
        $seen.Status | Should -Be Pending
        $warnings.Count | Should -Be 1
        $warnings[0].Message | Should -Match "task $($holder.Id),.*WaitingApproval"
        $holder | Stop-ClaudeTask
        $leftover = Get-OnlyError { Invoke-ClaudeTask 'See the notes' -Repository $repository -Quiet @quick | Out-Null }
        $leftover.FullyQualifiedErrorId | Should -Be 'TaskFailed,ClaudeTasks.Commands.InvokeClaudeTaskCommand'
        (Wait-ClaudeTask $queued).Reason | Should -Be PreFlightFailed
    }

    It 'shows progress under one id a task, and ends it' {
        $task = Start-ClaudeTask (Get-Prompt 'Progress' @{ waitFile = "$($box.Folder)/go-progress" }) -Repository (New-TestRepository $box) -InProcess
        $run = Start-Runspace "Wait-ClaudeTask $($task.Id)"
        Wait-Until { $run.Shell.Streams.Progress.Count -gt 0 } | Out-Null
        [IO.File]::WriteAllText("$($box.Folder)/go-progress", '')
        Wait-Until { $run.Run.IsCompleted } | Out-Null
        $progress = @($run.Shell.Streams.Progress)
        $progress.ActivityId | Select-Object -Unique | Should -Be $task.Id
        $progress[0].StatusDescription | Should -Match '\d\d:\d\d:\d\d$'
        $progress[-1].RecordType | Should -Be Completed
        $run.Shell.Dispose()
    }

    It 'gives each task when it is there' {
        [IO.File]::WriteAllText($go, '')
        ($done, $running | Wait-ClaudeTask).Id | Should -Be $done.Id, $running.Id
    }
}
