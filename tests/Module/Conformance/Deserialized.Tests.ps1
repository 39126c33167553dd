# Objects that crossed a border: a background job, a remoting session, a file. They have lost their type and kept their properties.
BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    $box = New-TestBox
    $repository = New-TestRepository $box
    Register-ClaudeTaskGate check 'echo fine' -Repository $repository | Out-Null
    Register-ClaudeTaskTemplate fix 'Fix {{What}}' | Out-Null
    $task = Start-ClaudeTask (Get-Prompt 'Say things' @{ text = 'Hello.' }, (Get-WriteStep a.txt), (Get-WriteStep b.txt)) -Repository $repository -Session work -InProcess |
        Wait-ClaudeTask
    $asking = Start-ClaudeTask (Get-Prompt 'Ask' (Get-AskStep 'echo hi')) -Repository (New-TestRepository $box) -InProcess -OnQuestion Ask
    $question = Wait-Question $asking

    # As remoting and background jobs send objects: their own properties, and no deeper.
    function Copy-Object { [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize(@($input), 1)) }
    $import = "Import-Module '$(Get-ModulePath)'"

    # A remoting session with a pwsh of its own; only its transport differs from one over SSH.
    $process = [Management.Automation.Runspaces.PowerShellProcessInstance]::new()
    $runspace = [runspacefactory]::CreateOutOfProcessRunspace($null, $process)
    $runspace.Open()
    $session = [Management.Automation.Runspaces.PSSession]::Create($runspace, 'Process', $null)
    Invoke-Command $session { param($import) Invoke-Expression $import } -ArgumentList $import
}

AfterAll {
    $runspace.Dispose()
    $process.Dispose()
    Remove-TestBox $box
}

Describe 'What comes back looks like what was sent' {
    It '<name>' -TestCases @(
        @{ name = 'tasks'; get = { $task } }
        @{ name = 'a task that asks'; get = { Get-ClaudeTask $asking.Id } }
        @{ name = 'events'; get = { $task | Receive-ClaudeTask } }
        @{ name = 'changes'; get = { $task | Get-ClaudeTaskDiff } }
        @{ name = 'statistics'; get = { $task | Get-ClaudeTaskDiff -Stat } }
        @{ name = 'sessions'; get = { Get-ClaudeTaskSession work } }
        @{ name = 'gates'; get = { Get-ClaudeTaskGate } }
        @{ name = 'what gates said'; get = { $task | Get-ClaudeTaskGateResult } }
        @{ name = 'questions'; get = { Get-ClaudeTaskQuestion } }
        @{ name = 'attempts'; get = { $task | Get-ClaudeTaskAttempt } }
        @{ name = 'templates'; get = { Get-ClaudeTaskTemplate } }
        @{ name = 'options'; get = { Get-ClaudeTaskOption } }
        @{ name = 'measures'; get = { Measure-ClaudeTask -GroupBy Repository } }
        @{ name = 'checks'; get = { Test-ClaudeTaskPrerequisite $repository } }
    ) {
        param($get)
        $live = & $get
        $copy = $live | Copy-Object
        $copy[0].PSTypeNames[0] | Should -BeLike Deserialized.ClaudeTasks.*
        foreach ($shape in { $input | Out-String }, { $input | Format-List | Out-String }) {
            # How long ago it was, and how long a task that is not over has run, is told as of now.
            $texts = foreach ($objects in $live, $copy) {
                ($objects | & $shape) -replace '\d+s ago *', 'now' -replace '(?m)(?<=^CompletedAt +:\s*\nDuration +: )\S+', 'now' -replace '(?m)[ \t]+$'
            }
            $texts[0].Trim() | Should -Not -BeNullOrEmpty
            $texts[1] | Should -BeExactly $texts[0]
        }
    }
}

Describe 'What comes back can be piped on' {
    It 'a task from <where>' -TestCases @(
        @{ where = 'a background job'; get = { Start-Job { param($import, $id) Invoke-Expression $import; Get-ClaudeTask $id } -ArgumentList $import, $task.Id | Receive-Job -Wait -AutoRemoveJob } }
        @{ where = 'a session'; get = { Invoke-Command $session { param($id) Get-ClaudeTask $id } -ArgumentList $task.Id } }
        @{ where = 'a job in a session'; get = { Invoke-Command $session { param($id) Get-ClaudeTask $id } -ArgumentList $task.Id -AsJob | Receive-Job -Wait -AutoRemoveJob } }
        @{ where = 'a file'; get = { $task | Export-Clixml "$($box.Folder)/task.xml"; Import-Clixml "$($box.Folder)/task.xml" } }
    ) {
        param($get)
        $copy = & $get
        $copy.PSTypeNames[0] | Should -Be Deserialized.ClaudeTasks.Model.ClaudeTask
        ($copy | Get-ClaudeTask).TaskId | Should -Be $task.TaskId
        (Get-ClaudeTask $copy).TaskId | Should -Be $task.TaskId
        ($copy | Wait-ClaudeTask).Status | Should -Be WaitingApproval
        ($copy | Get-ClaudeTaskDiff).Path | Should -Be a.txt, b.txt
        ($copy | Receive-ClaudeTask -Kind Message).Text | Should -Contain Hello.
    }

    It 'an event and a change lead to their task' {
        (($task | Receive-ClaudeTask)[0] | Copy-Object | Get-ClaudeTask).Id | Should -Be $task.Id
        ($task | Get-ClaudeTaskDiff | Copy-Object | Get-ClaudeTask).Id | Select-Object -Unique | Should -Be $task.Id
    }

    It 'a session leads to its tasks' {
        (Get-ClaudeTaskSession work | Copy-Object | Get-ClaudeTask).Id | Should -Be $task.Id
    }

    It 'a question is answered, a gate and a template are unregistered, a task is decided' {
        $question | Copy-Object | Resolve-ClaudeTaskQuestion -Allow -Remember
        ($asking | Wait-ClaudeTask).Status | Should -Be Completed
        Get-ClaudeTaskRule | Copy-Object | Remove-ClaudeTaskRule -Confirm:$false
        Get-ClaudeTaskRule | Should -BeNullOrEmpty
        Get-ClaudeTaskGate | Copy-Object | Unregister-ClaudeTaskGate -Confirm:$false
        Get-ClaudeTaskGate | Should -BeNullOrEmpty
        Get-ClaudeTaskTemplate | Copy-Object | Unregister-ClaudeTaskTemplate -Confirm:$false
        Get-ClaudeTaskTemplate | Should -BeNullOrEmpty
        ($task | Copy-Object | Deny-ClaudeTask).Status | Should -Be Rejected
    }
}

Describe 'A session on another machine' {
    It 'runs tasks there, whose jobs are jobs there and whose output comes here' {
        $prompt = Get-Prompt 'There' @{ text = 'From there.' }
        $back = Invoke-Command $session -InformationVariable shown {
            param($prompt, $repository)
            Start-ClaudeTask $prompt -Repository $repository -AsJob | Receive-Job -Wait -AutoRemoveJob
        } -ArgumentList $prompt, $repository 6>$null
        $back.Status | Should -Be Completed
        "$($back.Result)" | Should -Be 'From there.'
        "$shown" | Should -BeLike '*From there.*'
    }

    It 'writes the error of a task there as an error here' {
        $prompt = Get-Prompt 'There' @{ exit = 7 }
        $failure = Get-OnlyError { Invoke-Command $session { param($prompt, $repository) Invoke-ClaudeTask $prompt -Repository $repository -Quiet } -ArgumentList $prompt, $repository }
        $failure.FullyQualifiedErrorId | Should -Be 'TaskFailed,ClaudeTasks.Commands.InvokeClaudeTaskCommand'
        "$failure" | Should -BeLike '*exit code 7*'
        $failure.ErrorDetails.RecommendedAction | Should -BeLike 'Receive-ClaudeTask*'
    }

    It 'leaves its tasks running when it is closed' {
        $go = "$($box.Folder)/closed"
        $prompt = Get-Prompt 'Outlive' @{ waitFile = $go }, @{ text = 'Still here.' }
        $own = [runspacefactory]::CreateOutOfProcessRunspace($null, ($ownProcess = [Management.Automation.Runspaces.PowerShellProcessInstance]::new()))
        $own.Open()
        $there = [Management.Automation.Runspaces.PSSession]::Create($own, 'Process', $null)
        $started = Invoke-Command $there { param($import, $prompt, $repository) Invoke-Expression $import; Start-ClaudeTask $prompt -Repository $repository } -ArgumentList $import, $prompt, $repository
        $own.Dispose()
        $ownProcess.Dispose()
        [IO.File]::WriteAllText($go, '')
        "$(($started | Wait-ClaudeTask).Result)" | Should -Be 'Still here.'
    }
}
