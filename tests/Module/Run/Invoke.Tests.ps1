BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    $box = New-TestBox
    $failing = Get-Prompt 'Fail' @{ text = 'I try.' }, (Get-WriteStep half.txt), @{ exit = 3 }
}

AfterAll { Remove-TestBox $box }

Describe 'Invoke-ClaudeTask' {
    It 'writes an error for a task that failed, and the task all the same' {
        $failures = $null
        $task = Invoke-ClaudeTask $failing -Repository (New-TestRepository $box) -InProcess -ErrorVariable failures -ErrorAction SilentlyContinue 6>$null
        $task.Status | Should -Be Failed
        $task.ExitCode | Should -Be 3
        $failures.Count | Should -Be 1
        $failures[0].FullyQualifiedErrorId | Should -Be 'TaskFailed,ClaudeTasks.Commands.InvokeClaudeTaskCommand'
        $failures[0].CategoryInfo.Category | Should -Be OperationStopped
        $failures[0].TargetObject.Id | Should -Be $task.Id
        $failures[0].Exception.Message | Should -Match "Task $($task.Id) ended as Failed"
        $failures[0].ErrorDetails.RecommendedAction | Should -Match "Receive-ClaudeTask $($task.Id)"
        ($task | Get-ClaudeTaskDiff).Path | Should -Be half.txt
    }

    It 'fails a script that asks for it, with an exit code and without an escape sequence' {
        $result = Invoke-Pwsh $box "Invoke-ClaudeTask '$failing' -Repository '$(New-TestRepository $box)' -ErrorAction Stop; 'not reached'"
        $result.ExitCode | Should -Not -Be 0
        $result.Out | Should -Match 'I try\.'
        $result.Out | Should -Not -Match 'not reached'
        $result.Err | Should -Match 'ended as Failed'
        $result.Out + $result.Err | Should -Not -Match "`e"
    }

    It 'goes on with the next prompt after a failed one' {
        $repository = New-TestRepository $box
        $bad = Get-Prompt 'Fail' @{ exit = 3 }
        $good = Get-Prompt 'Work' @{ text = 'Fine.' }
        $tasks = $bad, $good | Invoke-ClaudeTask -Repository $repository -InProcess -Quiet -ErrorAction SilentlyContinue
        $tasks.Status | Should -Be Failed, Completed
    }

    It 'shows each step in the information stream, and nothing with -Quiet' {
        $prompt = Get-Prompt 'Talk' @{ text = 'Hello.' }
        $repository = New-TestRepository $box
        $shown = Invoke-ClaudeTask $prompt -Repository $repository -InProcess 6>&1
        @($shown | Where-Object { "$_" -eq 'Hello.' }).Count | Should -Be 1
        @(Invoke-ClaudeTask $prompt -Repository $repository -InProcess -Quiet 6>&1).Count | Should -Be 1
    }

    It 'does not wait behind a task that only a person can decide' {
        $repository = New-TestRepository $box
        $holder = Start-ClaudeTask 'Write a note' -Repository $repository -InProcess | Wait-ClaudeTask
        $failures = $null
        $task = Invoke-ClaudeTask 'Behind' -Repository $repository -InProcess -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures[0].FullyQualifiedErrorId | Should -Be 'TaskBlocked,ClaudeTasks.Commands.InvokeClaudeTaskCommand'
        $failures[0].CategoryInfo.Category | Should -Be InvalidOperation
        $failures[0].Exception.Message | Should -Match "task $($holder.Id)"
        $task.Status | Should -Be Pending
        $task | Stop-ClaudeTask
    }

    It 'stops its task when a pipeline has had enough, and when an error ends the script' {
        $prompt = Get-Prompt 'Talk' @{ text = 'Hello.' }, @{ hang = 1 }
        $repository = New-TestRepository $box
        Invoke-ClaudeTask $prompt -Repository $repository -Session enough -InProcess 6>&1 | Select-Object -First 1 | Out-Null
        (Get-ClaudeTask -Session enough | Wait-ClaudeTask).Status | Should -Be Cancelled
    }
}

Describe '-WhatIf' {
    It 'starts nothing with <verb>-ClaudeTask' -TestCases @(@{ verb = 'Start' }, @{ verb = 'Invoke' }) {
        param($verb)
        $count = @(Get-ClaudeTask).Count
        & "$verb-ClaudeTask" 'Do nothing' -Repository (New-TestRepository $box) -WhatIf | Should -BeNullOrEmpty
        @(Get-ClaudeTask).Count | Should -Be $count
    }
}

Describe 'What is said of a task' {
    It 'reaches the agent: <name>' -TestCases @(
        @{ name = 'Model'; set = @{ Model = 'claude-test-1' }; argument = '--model=claude-test-1' }
        @{ name = 'PermissionMode'; set = @{ PermissionMode = 'plan' }; argument = '--permission-mode=plan' }
        @{ name = 'AllowedTool'; set = @{ AllowedTool = 'Bash(git log:*)', 'Read' }; argument = '--allowedTools=Bash(git log:*),Read' }
        @{ name = 'AgentArgument'; set = @{ AgentArgument = '--max-turns=20', '--add-dir=/x y' }; argument = "--max-turns=20`n--add-dir=/x y" }
    ) {
        param($set, $argument)
        $task = Start-ClaudeTask (Get-Prompt 'Arguments' @{ echoArgs = 1 }) -Repository (New-TestRepository $box) -InProcess @set | Wait-ClaudeTask
        $task.Status | Should -Be Completed
        "`n$($task.Result)`n" | Should -Match ([regex]::Escape("`n$argument`n"))
    }

    It 'reaches the agent, and not its arguments: AppendSystemPrompt' {
        $text = "Be `"brief`" - 'always'`nü"
        $task = Start-ClaudeTask (Get-Prompt 'Instructions' @{ echoArgs = 1 }, @{ echoInstructions = 1 }) -Repository (New-TestRepository $box) -InProcess -AppendSystemPrompt $text | Wait-ClaudeTask
        $task.Result | Should -Be $text
        ($task | Receive-ClaudeTask).Text | Where-Object { $_ -match 'brief' } | Should -Be $text
    }

    It 'hands the caller''s environment to the agent' {
        $result = Invoke-Pwsh $box -Environment @{ MY_KEY = 'secret ü' } `
            "(Start-ClaudeTask '$(Get-Prompt 'Environment' @{ echoEnv = 'MY_KEY' })' -Repository '$(New-TestRepository $box)' | Wait-ClaudeTask).Result"
        $result.Out | Should -Be 'secret ü'
        # By another process: to open and close the file in this one would drop SQLite's locks on it.
        if (-not $IsWindows) { grep -ac MY_KEY= "$($box.Home)/tasks.db" | Should -Be 0 }
    }

    It 'stops a task at its time limit, and says which' {
        $task = Start-ClaudeTask (Get-Prompt 'Never end' @{ hang = 1 }) -Repository (New-TestRepository $box) -InProcess -Timeout 2s | Wait-ClaudeTask
        $task.Status | Should -Be Failed
        $task.Reason | Should -Be TimedOut
        $task.ReasonText | Should -Match '2 seconds'
        ($task | Receive-ClaudeTask -Kind Warning).Text -join ' ' | Should -Match '1.6 seconds of 2 seconds'
    }
}
