BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    $box = New-TestBox
    $scenario = New-Scenario $box @{ text = 'Hello.' }
    $quick = @{ AgentArgument = "--scenario=$scenario"; InProcess = $true }

    function Start-Quick([hashtable] $With = @{}) { Start-ClaudeTask 'Be quick' -Repository (New-TestRepository $box) @quick @With }
    function Invoke-Writing { Start-ClaudeTask (Get-Prompt 'Write' (Get-WriteStep a.txt)) -Repository (New-TestRepository $box) -InProcess | Wait-ClaudeTask }
    function Invoke-Failing { Start-ClaudeTask (Get-Prompt 'Fail' @{ exit = 3 }) -Repository (New-TestRepository $box) -InProcess | Wait-ClaudeTask }
    function Get-Fault([int] $Status, [hashtable] $More = @{}) {
        @{ exitCode = 1; result = @{ is_error = $true; terminal_reason = 'api_error'; api_error_status = $Status; result = "API Error: $Status" } } + $More
    }
}

AfterAll { Remove-TestBox $box }

Describe 'Start-ClaudeTask -Continue' {
    It 'goes on with the conversation of another task, in its repository' {
        $first = Start-Quick | Wait-ClaudeTask
        $second = Start-ClaudeTask (Get-Prompt 'Go on' @{ echoArgs = 1 }) -Continue $first -InProcess | Wait-ClaudeTask
        $second.Repository, $second.ConversationId, $second.Continues | Should -Be $first.Repository, $first.ConversationId, $first.Id
        $second.Result | Should -Match "--resume=$($first.ConversationId)"
        $second.Status | Should -Be Completed
    }

    It 'waits for a task that is still at work' {
        $go = "$($box.Folder)/continue"
        $first = Start-ClaudeTask (Get-Prompt 'Work' @{ waitFile = $go }) -Repository (New-TestRepository $box) -InProcess
        $second = Start-ClaudeTask (Get-Prompt 'Go on' @{ text = 'On.' }) -Continue $first.Id -InProcess
        "$((Get-ClaudeTask $second.Id).WaitingFor)" | Should -Be "task $($first.Id)"
        Set-Content $go x
        $ended = $second | Wait-ClaudeTask
        $ended.Status, $ended.ConversationId | Should -Be Completed, (Get-ClaudeTask $first.Id).ConversationId
    }

    It 'goes on also when the record of the first was removed meanwhile' {
        $first = Invoke-Writing
        $second = Start-ClaudeTask (Get-Prompt 'Go on' @{ echoArgs = 1 }) -Continue $first -At (Get-Date).AddSeconds(4) -InProcess
        $first | Deny-ClaudeTask | Remove-ClaudeTask
        $ended = $second | Wait-ClaudeTask
        $ended.Status | Should -Be Completed -Because $ended.ReasonText
        $ended.Result | Should -Match "--resume=$($first.ConversationId)"
    }

    It 'refuses <what>' -TestCases @(
        @{ what = 'a task without a conversation'; id = 'ConversationNotFound'; category = 'ObjectNotFound'; first = { $r = New-TestRepository $box; Set-Content $r/dirty x; Start-ClaudeTask x -Repository $r @quick | Wait-ClaudeTask } }
        @{ what = 'a task that does not exist'; id = 'TaskNotFound'; category = 'ObjectNotFound'; first = { 999 } }
        @{ what = 'another repository'; id = 'InvalidArgument'; category = 'InvalidArgument'; first = { Start-Quick | Wait-ClaudeTask }; with = { @{ Repository = New-TestRepository $box } } }
        @{ what = 'a work tree of its own'; id = 'InvalidArgument'; category = 'InvalidArgument'; first = { Start-Quick | Wait-ClaudeTask }; with = { @{ Worktree = $true } } }
    ) {
        $task = & $first
        $more = $with ? (& $with) : @{}
        $failure = Get-OnlyError { Start-ClaudeTask 'Go on' -Continue $task -InProcess @more }
        $failure.FullyQualifiedErrorId | Should -Be "$id,ClaudeTasks.Commands.StartClaudeTaskCommand"
        $failure.CategoryInfo.Category | Should -Be $category
        $failure.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }
}

Describe 'Start-ClaudeTask -DependsOn' {
    It 'starts when all of them are completed, and says which one it waits for' {
        $first, $second = (Invoke-Writing), (Start-Quick | Wait-ClaudeTask)
        $task = Start-Quick @{ DependsOn = $first, $second }
        "$((Get-ClaudeTask $task.Id).WaitingFor)" | Should -Be "task $($first.Id)"
        $first | Approve-ClaudeTask | Out-Null
        ($task | Wait-ClaudeTask).Status | Should -Be Completed
    }

    It 'is not waited for while a person must decide first' {
        $first = Invoke-Writing
        $task = Start-Quick @{ DependsOn = $first.Id }
        $after = Start-Quick @{ DependsOn = $task; At = (Get-Date).AddDays(1) }
        foreach ($waiting in $task, $after) {
            ($waiting | Wait-ClaudeTask -WarningVariable warnings -WarningAction SilentlyContinue).Status | Should -Be Pending
            $warnings | Should -Match "behind task $($first.Id), which waits for your decision"
        }
        $either = Start-Quick @{ DependsOn = $first, (Start-Quick | Wait-ClaudeTask); DependsOnAny = $true }
        ($either | Wait-ClaudeTask).Status | Should -Be Completed
        $after | Stop-ClaudeTask
        $first | Deny-ClaudeTask | Out-Null
        ($task | Wait-ClaudeTask).Reason | Should -Be DependencyFailed
    }

    It 'fails with a reason when one of them failed, but not <with>' -TestCases @(
        @{ with = 'without more'; more = @{}; status = 'Failed' }
        @{ with = 'with -EvenIfFailed'; more = @{ EvenIfFailed = $true }; status = 'Completed' }
        @{ with = 'with -DependsOnAny where another is well'; more = @{ DependsOnAny = $true }; status = 'Completed' }
    ) {
        $bad, $good = (Invoke-Failing), (Start-Quick | Wait-ClaudeTask)
        $task = Start-Quick (@{ DependsOn = $bad, $good } + $more) | Wait-ClaudeTask
        $task.Status | Should -Be $status
        if ($status -eq 'Failed') {
            $task.Reason | Should -Be DependencyFailed
            $task.ReasonText | Should -Match "Task $($bad.Id)"
            $task | Receive-ClaudeTask -Kind Process | Should -BeNullOrEmpty
        }
    }

    It 'counts what was completed, also when its record is removed; what was not is gone' {
        $first, $undecided = (Start-Quick | Wait-ClaudeTask), (Invoke-Writing)
        $soon = (Get-Date).AddSeconds(4)
        $well = Start-Quick @{ DependsOn = $first; At = $soon }
        $any = Start-Quick @{ DependsOn = $first, $undecided; DependsOnAny = $true; At = $soon }
        $ill = Start-Quick @{ DependsOn = $first, $undecided; At = $soon }
        $first, $undecided | Remove-ClaudeTask
        ($well, $any, $ill | Wait-ClaudeTask | Sort-Object Id).Status | Should -Be Completed, Completed, Failed
        (Get-ClaudeTask $ill.Id).Reason | Should -Be DependencyFailed
    }

    It 'refuses <what>' -TestCases @(
        @{ what = 'a task that does not exist'; with = @{ DependsOn = 999 }; id = 'TaskNotFound' }
        @{ what = '-DependsOnAny alone'; with = @{ DependsOnAny = $true }; id = 'InvalidArgument' }
        @{ what = '-EvenIfFailed alone'; with = @{ EvenIfFailed = $true }; id = 'InvalidArgument' }
        @{ what = '-SkipIfLateBy alone'; with = @{ SkipIfLateBy = '1h' }; id = 'InvalidArgument' }
        @{ what = 'a moment that is none'; with = @{ At = 'whenever' }; id = 'ParameterArgumentTransformationError' }
        @{ what = 'a priority that is none'; with = @{ Priority = 'Whatever' }; id = 'CannotConvertArgumentNoMessage' }
        @{ what = 'too many attempts'; with = @{ Retry = 1000 }; id = 'InvalidArgument' }
        @{ what = 'a cost of nothing'; with = @{ MaxCost = 0 }; id = 'InvalidArgument' }
    ) {
        $count = @(Get-ClaudeTask).Count
        (Get-OnlyError { Start-Quick $with }).FullyQualifiedErrorId | Should -Be "$id,ClaudeTasks.Commands.StartClaudeTaskCommand"
        @(Get-ClaudeTask).Count | Should -Be $count
    }
}

Describe 'Start-ClaudeTask -At' {
    It 'starts at its moment and not before, while others pass it' {
        $moment = (Get-Date).AddSeconds(3)
        $task = Start-Quick @{ At = $moment }
        (Get-ClaudeTask $task.Id).WaitingFor | Should -Match '\d\d:\d\d'
        ((Start-ClaudeTask 'Now' -Repository $task.Repository @quick) | Wait-ClaudeTask).Status | Should -Be Completed
        (Get-ClaudeTask $task.Id).Status | Should -Be Pending
        ($task | Wait-ClaudeTask).StartedAt | Should -BeGreaterOrEqual $moment.ToUniversalTime().AddMilliseconds(-2)
    }

    It 'takes <what>' -TestCases @(
        @{ what = 'a time of day, the next one'; at = { (Get-Date).AddHours(2).ToString('HH:mm') }; means = { $t = Get-Date; $t.AddHours(2).AddSeconds(-$t.Second).AddMilliseconds(-$t.Millisecond) } }
        @{ what = 'a time of day that is over today'; at = { (Get-Date).AddMinutes(-2).ToString('HH:mm') }; means = { $t = Get-Date; $t.AddDays(1).AddMinutes(-2).AddSeconds(-$t.Second) } }
        @{ what = 'a day and a time'; at = { '2030-01-02 03:04' }; means = { Get-Date '2030-01-02 03:04' } }
    ) {
        $task = Start-Quick @{ At = & $at }
        [Math]::Abs(($task.NotBefore.ToLocalTime() - (& $means)).TotalSeconds) | Should -BeLessThan 61
        $task | Stop-ClaudeTask -PassThru | ForEach-Object Status | Should -Be Cancelled
    }

    It 'reads <at> in the zone of whoever says it' -TestCases @(
        @{ at = "'2030-01-02 03:04'"; utc = '2030-01-01 18:04' }
        @{ at = "(Get-Date '2030-01-02 03:04')"; utc = '2030-01-01 18:04' }
        @{ at = "([DateTime]::SpecifyKind('2030-01-02 03:04', 'Utc'))"; utc = '2030-01-02 03:04' }
        @{ at = "([DateTimeOffset]'2030-01-02 03:04 +05:00')"; utc = '2030-01-01 22:04' }
        @{ at = "'2030-01-02T03:04:00Z'"; utc = '2030-01-02 03:04' }
    ) {
        $started = Invoke-Pwsh $box "(Start-ClaudeTask 'Later' -Repository '$(New-TestRepository $box)' -At $at).NotBefore.ToString('yyyy-MM-dd HH:mm')" @{ TZ = 'Asia/Tokyo' }
        $started.Out | Should -Be $utc -Because $started.Err
        Get-ClaudeTask -Status Pending | Stop-ClaudeTask
    }

    It 'is cancelled where it would be too late, and started where it would not' {
        $late = Start-Quick @{ At = (Get-Date).AddHours(-2); SkipIfLateBy = '1h' } | Wait-ClaudeTask
        $late.Status, $late.Reason | Should -Be Cancelled, TooLate
        (Start-Quick @{ At = (Get-Date).AddHours(-2); SkipIfLateBy = '3h' } | Wait-ClaudeTask).Status | Should -Be Completed
    }
}

Describe 'What a task may do' {
    It 'begins with the one of higher priority' {
        $repository = New-TestRepository $box
        $go = "$($box.Folder)/rank"
        $first = Start-ClaudeTask (Get-Prompt 'Work' @{ waitFile = $go }) -Repository $repository -InProcess
        $tasks = 'Low', 'Normal', 'High' | ForEach-Object { Start-ClaudeTask $_ -Repository $repository -Priority $_ @quick }
        Set-Content $go x
        ($tasks | Wait-ClaudeTask | Sort-Object StartedAt).Prompt | Should -Be High, Normal, Low
    }

    It 'tries an overload again, and shows its attempts' {
        $file = New-Scenario $box @() (Get-Fault 529 @{ resumed = @{ steps = @(, (Get-WriteStep a.txt)) } })
        $task = Start-ClaudeTask 'Work' -Repository (New-TestRepository $box) -AgentArgument "--scenario=$file" -Retry 1 -RetryDelay 1 -InProcess
        Wait-Until { (Get-ClaudeTask $task.Id).NotBefore } 'it waits to be tried again' | Out-Null
        $ended = $task | Wait-ClaudeTask
        $ended.Status, $ended.Attempts | Should -Be WaitingApproval, 2
        $attempts = $ended | Get-ClaudeTaskAttempt
        $attempts.Purpose + $attempts.Reason | Should -Be Run, Retry, ApiError, None
        ($attempts | Measure-Object CostUsd -Sum).Sum | Should -Be $ended.CostUsd
    }

    It 'stops while it waits to be tried again, and says what it left' {
        $file = New-Scenario $box (Get-WriteStep half.txt) (Get-Fault 529)
        $task = Start-ClaudeTask 'Work' -Repository (New-TestRepository $box) -AgentArgument "--scenario=$file" -Retry 1 -RetryDelay 1h -InProcess
        Wait-Until { (Get-ClaudeTask $task.Id).NotBefore } 'it waits to be tried again' | Out-Null
        $stopped = $task | Stop-ClaudeTask -PassThru -WarningVariable warnings -WarningAction SilentlyContinue
        $stopped.Status, $stopped.FilesChanged | Should -Be Cancelled, 1
        $stopped.ReasonText | Should -Match 'still in the files'
        $warnings | Should -Match "Deny-ClaudeTask $($task.Id)"
        ($stopped | Deny-ClaudeTask).Status | Should -Be Rejected
        "$($task.Repository)/half.txt" | Should -Not -Exist
    }

    It 'ends where the money does, with the work kept' {
        $file = New-Scenario $box (Get-WriteStep a.txt) @{ costUsd = 0.5 }
        $task = Start-ClaudeTask 'Work' -Repository (New-TestRepository $box) -AgentArgument "--scenario=$file" -MaxCost 0.4 -InProcess | Wait-ClaudeTask
        Send-ClaudeTaskMessage $task 'More' -InProcess
        Wait-Until { (Get-ClaudeTask $task.Id).IsEnded } | Out-Null
        $ended = Get-ClaudeTask $task.Id
        $ended.Reason, $ended.FilesChanged, $ended.Attempts | Should -Be BudgetExceeded, 1, 1
    }

    It 'is restarted as a new task' {
        $first = Start-Quick @{ Priority = 'High'; Session = 'again' } | Wait-ClaudeTask
        $second = Restart-ClaudeTask $first.Id -InProcess
        $second.Id | Should -Not -Be $first.Id
        $second.Prompt, $second.Session, $second.Repository, $second.Priority | Should -Be $first.Prompt, 'again', $first.Repository, 'High'
        $ended = $second | Wait-ClaudeTask
        $ended.Status | Should -Be Completed
        $ended.ConversationId | Should -Not -Be $first.ConversationId
    }
}
