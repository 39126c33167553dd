# The block at the top of the README, line by line as a user types it.
BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    $box = New-TestBox
}

AfterAll { Remove-TestBox $box }

Describe 'The first task' {
    BeforeAll {
        $api = New-TestRepository $box api
        Push-Location $box.Folder
        $before = [DateTime]::UtcNow
        $task = Start-ClaudeTask 'Add error handling to the API endpoints' -Repository ./api
        $timeline = Get-ClaudeTask
        $live = $task | Receive-ClaudeTask -Follow
        $changes = $task | Wait-ClaudeTask | Get-ClaudeTaskDiff
        $done = Get-ClaudeTask $task.Id
    }

    AfterAll { Pop-Location }

    It 'is handed out at once, before it has ended' {
        $task | ForEach-Object { $_.GetType().FullName } | Select-Object -Unique | Should -Be ClaudeTasks.Model.ClaudeTask
        $task.Status | Should -BeIn Pending, PreFlight, Running
        $task.TaskId | Should -Not -Be ([guid]::Empty)
        $task.Repository | Should -Be (Resolve-Path $api).Path
        $task.CreatedAt.Kind | Should -Be Utc
        $task.CreatedAt | Should -BeGreaterOrEqual $before.AddSeconds(-1)
        $task.Session | Should -BeLike 'pwsh *'
    }

    It 'is in the timeline' { $timeline.Id | Should -Be $task.Id }

    It 'shows live what Claude says and does' {
        $live.Text | Should -Contain "I'll look at the repository first."
        $live.Text | Should -Contain 'Reading: README.md'
        $live.Text | Should -Contain 'Writing: notes/add-error-handling-to-the-api-endpoints.md'
        $live.Text | Should -Contain 'Editing: README.md'
        $live.Seq | Should -Be @($live.Seq | Sort-Object -Unique)
        $live.TaskId | Select-Object -Unique | Should -Be $task.TaskId
    }

    It 'gives one object for each changed file' {
        $changes | ForEach-Object { $_.GetType().FullName } | Select-Object -Unique | Should -Be ClaudeTasks.Model.ClaudeTaskChange
        $changes.Path | Should -Be README.md, notes/add-error-handling-to-the-api-endpoints.md
        $changes.Kind | Should -Be Modified, Added
    }

    It 'waits for approval and knows what it took' {
        $done.Status | Should -Be WaitingApproval
        $done.FilesChanged | Should -Be 2
        $done.ExitCode | Should -Be 0
        $done.CostUsd | Should -Be 0.0123
        $done.InputTokens | Should -Be 1200
        $done.OutputTokens | Should -Be 340
        $done.Turns | Should -BeGreaterThan 0
        $done.Result | Should -Match '^Done: the note is in'
        $done.StartingBranch | Should -Be main
        $done.StartingCommit | Should -Be (git -C $api rev-parse HEAD)
        $done.PermissionMode | Should -Be acceptEdits
        $done.Duration | Should -BeGreaterThan ([TimeSpan]::Zero)
    }

    It 'gives a patch that git applies to a clone, with the same result' {
        git clone -q $api "$($box.Folder)/clone"
        $task | Get-ClaudeTaskDiff -Raw | git -C "$($box.Folder)/clone" apply
        $LASTEXITCODE | Should -Be 0
        git -C "$($box.Folder)/clone" diff --no-index --stat $api/notes "$($box.Folder)/clone/notes" | Should -BeNullOrEmpty
        Get-Content "$($box.Folder)/clone/README.md" -Raw | Should -Be (Get-Content $api/README.md -Raw)
    }

    It 'gives the repository back when it is stopped, with the files as they are' {
        $task | Stop-ClaudeTask | Should -BeNullOrEmpty
        (Get-ClaudeTask $task.Id).Status | Should -Be Cancelled
        "$api/notes/add-error-handling-to-the-api-endpoints.md" | Should -Exist
    }
}

Describe 'Several tasks' {
    It 'run one at a time in one repository, in the order they were piped' {
        $repository = New-TestRepository $box
        $go = "$($box.Folder)/go-queue"
        $tasks = (Get-Prompt 'Fix the auth bug' @{ waitFile = $go }), (Get-Prompt 'Update the readme' @{ text = 'Second.' }) |
            Start-ClaudeTask -Repository $repository
        $tasks.Prompt | ForEach-Object { $_.Split("`n")[0] } | Should -Be 'Fix the auth bug', 'Update the readme'
        Wait-ClaudeTask $tasks[0] -Until Running | Out-Null
        $second = Wait-Until { Get-ClaudeTask $tasks[1].Id | Where-Object WaitingFor }
        $second.Status | Should -Be Pending
        "$($second.WaitingFor)" | Should -Be "task $($tasks[0].Id)"
        New-Item $go | Out-Null
        $ended = $tasks | Wait-ClaudeTask
        $ended.Status | Should -Be Completed, Completed
        (Get-ClaudeTask $tasks[1].Id).StartedAt | Should -BeGreaterOrEqual (Get-ClaudeTask $tasks[0].Id).CompletedAt
    }

    It 'come from a CSV file, and the failed ones go to another' {
        $bad = New-TestRepository $box
        [IO.File]::WriteAllText("$bad/dirty.txt", 'not committed')
        @(
            [pscustomobject]@{ Prompt = 'Do the good one'; Repository = (New-TestRepository $box) }
            [pscustomobject]@{ Prompt = 'Do the bad one'; Repository = $bad }
        ) | Export-Csv "$($box.Folder)/prompts.csv"
        Push-Location $box.Folder
        try {
            Import-Csv prompts.csv | Start-ClaudeTask | Wait-ClaudeTask | Where-Object Status -EQ Failed | Export-Csv failed.csv
            $failed = @(Import-Csv failed.csv)
        }
        finally { Pop-Location }
        $failed.Prompt | Should -Be 'Do the bad one'
        $failed.Reason | Should -Be PreFlightFailed
        $failed.ReasonText | Should -BeLike '*dirty.txt*'
        Get-ClaudeTask -Prompt 'Do the good one' | Stop-ClaudeTask
    }

    It 'run side by side in the repositories that Get-ChildItem lists' {
        $folder = (New-Item -ItemType Directory "$($box.Folder)/src").FullName
        $names = 'one', 'two' | ForEach-Object { New-TestRepository $box "src/$_" }
        # Each waits for the other one's file, so they end only if they run at the same time.
        $scenario = New-Scenario $box @{ signalFile = '{cwd}.here' }, @{ waitFile = "$folder/one.here" }, @{ waitFile = "$folder/two.here" }
        $tasks = Get-ChildItem $folder -Directory | Start-ClaudeTask 'Upgrade the SDK' -AgentArgument "--scenario=$scenario"
        $tasks.Repository | Should -Be $names
        $tasks.Prompt | Should -Be 'Upgrade the SDK', 'Upgrade the SDK'
        ($tasks | Wait-ClaudeTask).Status | Should -Be Completed, Completed
    }
}

Describe 'Invoke-ClaudeTask' {
    It 'starts, shows what happens, waits, and gives the task' {
        $repository = New-TestRepository $box
        Push-Location $repository
        try { $task = Invoke-ClaudeTask 'Fix the failing test' -InformationVariable shown 6>$null }
        finally { Pop-Location }
        $task.Status | Should -Be WaitingApproval
        $task.Repository | Should -Be (Resolve-Path $repository).Path
        $shown | Out-String | Should -Match 'Reading: README.md'
        $shown[0].MessageData.Event | ForEach-Object { $_.GetType().FullName } | Select-Object -Unique | Should -Be ClaudeTasks.Model.ClaudeTaskEvent
    }

    It 'stops a task that is at work' {
        $task = Start-ClaudeTask (Get-Prompt 'Never end' @{ hang = 1 }) -Repository (New-TestRepository $box)
        Wait-ClaudeTask $task -Until Running | Out-Null
        $task | Stop-ClaudeTask
        $ended = Get-ClaudeTask $task.Id
        $ended.Status | Should -Be Cancelled
        $ended.Reason | Should -Be Stopped
    }
}
