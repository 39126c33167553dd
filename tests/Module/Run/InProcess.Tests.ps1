BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    $box = New-TestBox
}

AfterAll { Remove-TestBox $box }

Describe '-InProcess' {
    It 'gives the same as a background process' {
        $two = foreach ($set in @{}, @{ InProcess = $true }) {
            $repository = New-TestRepository $box
            $task = Start-ClaudeTask 'Write a note' -Repository $repository @set
            $task.Status | Should -BeIn Pending, PreFlight, Running
            $ended = $task | Wait-ClaudeTask
            [pscustomobject]@{
                Task = $ended | Select-Object Prompt, Status, Reason, FilesChanged, Additions, Deletions, CostUsd, Turns, ExitCode, Result, Session, WaitingFor
                Text = ($task | Receive-ClaudeTask | Where-Object Kind -NE Process | ForEach-Object { "$($_.Kind) $($_.Text)".Replace($repository, '.') })
                Patch = ($task | Get-ClaudeTaskDiff -Raw)
            }
            $task | Stop-ClaudeTask
        }
        $two[1].Task | ConvertTo-Json | Should -Be ($two[0].Task | ConvertTo-Json)
        $two[1].Text | Should -Be $two[0].Text
        $two[1].Patch | Should -Be $two[0].Patch
    }

    It 'starts no second PowerShell' -Skip:(-not $IsLinux) {
        Wait-Until { -not (Get-BoxWorker $box) } 'the worker of the task before has ended' | Out-Null
        $task = Start-ClaudeTask (Get-Prompt 'Never end' @{ hang = 1 }) -Repository (New-TestRepository $box) -InProcess | Wait-ClaudeTask -Until Running
        Get-BoxWorker $box | Should -BeNullOrEmpty
        $task | Stop-ClaudeTask
        Wait-Until { -not (Get-BoxProcess $box) } 'the agent is gone' | Out-Null
    }

    It 'leaves nothing when the process ends, and the task says why it ended' {
        $repository = New-TestRepository $box
        $prompt = Get-Prompt 'Never end' @{ text = 'Before.' }, (Get-WriteStep half.txt), @{ text = 'Written.' }, @{ hang = 1 }
        $result = Invoke-Pwsh $box "`$task = Start-ClaudeTask '$prompt' -Repository '$repository' -InProcess
            `$task | Receive-ClaudeTask -Follow | Where-Object Text -EQ Written. | Select-Object -First 1 | Out-Null
            `$task.Id"
        $result.Err | Should -BeNullOrEmpty
        $result.ExitCode | Should -Be 0
        Wait-Until { -not (Get-BoxProcess $box) } 'the agent is gone' | Out-Null
        $ended = Get-ClaudeTask ([int]$result.Out)
        $ended.Status | Should -Be Failed
        $ended.Reason | Should -Be WorkerLost
        ($ended | Receive-ClaudeTask -Kind Message).Text | Should -Be Before., Written.
        ($ended | Get-ClaudeTaskDiff).Path | Should -Be half.txt
    }

    It 'leaves nothing when the process is killed' -Skip:(-not $IsLinux) {
        $repository = New-TestRepository $box
        $prompt = Get-Prompt 'Never end' @{ text = 'Before.' }, @{ hang = 1 }
        $child = Start-Pwsh $box "Invoke-ClaudeTask '$prompt' -Repository '$repository' -Session killed -InProcess"
        $task = Wait-Until { Get-ClaudeTask -Session killed | Where-Object Status -EQ Running }
        $child.Process.Kill()
        Wait-Until { $child.Process.HasExited } | Out-Null
        ($task | Wait-ClaudeTask).Reason | Should -Be WorkerLost
        Wait-Until { -not (Get-BoxProcess $box) } 'the agent is gone' | Out-Null
    }

    It 'leaves the runspace of the caller free' {
        $task = Start-ClaudeTask (Get-Prompt 'Wait' @{ waitFile = "$($box.Folder)/go" }) -Repository (New-TestRepository $box) -InProcess
        $task | Wait-ClaudeTask -Until Running | Out-Null
        1 + 1 | Should -Be 2
        [IO.File]::WriteAllText("$($box.Folder)/go", '')
        ($task | Wait-ClaudeTask).Status | Should -Be Completed
    }

    It 'leaves no process, no file and no store handle for each of twenty tasks' -Skip:(-not $IsLinux) {
        $repository = New-TestRepository $box
        $prompt = Get-Prompt 'Quick' @{ text = 'Hello.' }
        function Get-Handle { @(Get-ChildItem /proc/self/fd -Force | ForEach-Object { $_.LinkTarget } | Where-Object { $_ -like "$($box.Folder)*" }) }
        $before = (Get-Handle).Count
        $tasks = @($prompt) * 20 | Start-ClaudeTask -Repository $repository -InProcess | Wait-ClaudeTask
        $tasks.Status | Select-Object -Unique | Should -Be Completed
        $tasks | Remove-ClaudeTask
        Wait-Until { -not (Get-BoxProcess $box) } 'all agents are gone' | Out-Null
        # Connections are kept for the next reader, a few for all; a leak would be one or more for each task.
        (Get-Handle).Count | Should -BeLessThan ($before + 20)
        Wait-Until { -not (Get-ChildItem "$($box.Home)/workers") } 'no lock file is left' | Out-Null
        (Get-ChildItem "$($box.Home)/objects").Name | Where-Object { $_ -in $tasks.TaskId } | Should -BeNullOrEmpty
    }

    It 'does not take a task that has just ended for one that blocks the next' {
        $repository = New-TestRepository $box
        $prompt = Get-Prompt 'Quick' @{ text = 'Hello.' }
        $ended = @($prompt) * 10 | Start-ClaudeTask -Repository $repository -InProcess | Wait-ClaudeTask -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings | Should -BeNullOrEmpty
        $ended.Status | Select-Object -Unique | Should -Be Completed
    }
}
