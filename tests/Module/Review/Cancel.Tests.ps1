BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    $box = New-TestBox
    $repository = New-TestRepository $box
    $blocked = Join-Path $box.Folder blocked
    $reached = Join-Path $box.Folder reached

    # Waits while the file 'blocked' is there, and says that it has come so far.
    $wait = "if [ -e '$blocked' ]; then : > '$reached'; while [ -e '$blocked' ]; do sleep 0.05; done; fi"

    function New-Script([string] $Path, [string[]] $Lines) {
        New-Item -ItemType Directory -Force (Split-Path $Path) | Out-Null
        Set-Content -Path $Path -Value (@('#!/bin/sh') + $Lines)
        chmod +x $Path
    }

    function New-ReviewedTask([switch] $Worktree) {
        $number = [guid]::NewGuid().ToString('N').Substring(0, 8)
        Start-ClaudeTask (Get-Prompt "Task $number" (Get-WriteStep "$number.txt")) -Repository $repository -InProcess -Worktree:$Worktree | Wait-ClaudeTask
    }

    # Stops a script while git or a hook waits, as Ctrl+C does. The stop must return although that waits on.
    function Stop-WhileBlocked([string] $Script) {
        New-Item $blocked | Out-Null
        try {
            $run = Start-Runspace $Script
            Wait-Until { Test-Path $reached } 'git or the hook waits'
            $stop = $run.Shell.BeginStop($null, $null)
            Wait-Until { $stop.IsCompleted } 'the pipeline has stopped while git waits' -Seconds 30
            $run.Shell.InvocationStateInfo.State | Should -Be Stopped
            $run.Shell.Dispose()
        }
        finally { Remove-Item $blocked, $reached -ErrorAction Ignore }
    }
}

AfterAll { Remove-TestBox $box }

Describe 'Ctrl+C' -Skip:$IsWindows {
    It 'returns from Approve-ClaudeTask while a commit hook runs' {
        $task = New-ReviewedTask
        $hook = Join-Path $repository .git hooks pre-commit
        New-Script $hook $wait
        try { Stop-WhileBlocked "Approve-ClaudeTask $($task.Id)" }
        finally { Remove-Item $hook }

        # Whether the commit was made or not, the task can be brought to an end.
        Wait-Until { (Get-ClaudeTask $task).Status -eq 'Completed' -or (Approve-ClaudeTask $task -ErrorAction Ignore).Status -eq 'Completed' }
    }

    Context 'while git runs' {
        BeforeAll {
            $path = $env:PATH
            $folder = Join-Path $box.Folder bin
            New-Script (Join-Path $folder git) $wait, "exec '$((Get-Command git -CommandType Application)[0].Source)' `"`$@`""
            $env:PATH = $folder + [IO.Path]::PathSeparator + $path
        }

        AfterAll { $env:PATH = $path }

        AfterEach { Get-ClaudeTask -Repository $repository -Status WaitingApproval | Stop-ClaudeTask -ErrorAction Ignore }

        It 'returns from <what>' -TestCases @(
            @{ what = 'Approve-ClaudeTask'; script = 'Approve-ClaudeTask {0}' }
            @{ what = 'Deny-ClaudeTask'; script = 'Deny-ClaudeTask {0}' }
            @{ what = 'Get-ClaudeTaskDiff -Source Meanwhile'; script = 'Get-ClaudeTaskDiff {0} -Source Meanwhile' }
        ) {
            param($script)
            Stop-WhileBlocked ($script -f (New-ReviewedTask -Worktree).Id)
        }

        It 'returns from Undo-ClaudeTask' {
            $task = New-ReviewedTask -Worktree | Approve-ClaudeTask
            Stop-WhileBlocked "Undo-ClaudeTask $($task.Id)"
        }

        It 'returns from Remove-ClaudeTask' {
            Stop-WhileBlocked "Remove-ClaudeTask $((New-ReviewedTask -Worktree).Id) -Force -Confirm:`$false"
        }

        It 'returns from Start-ClaudeTask, and starts nothing' {
            $count = @(Get-ClaudeTask).Count
            Stop-WhileBlocked "Start-ClaudeTask 'Never' -Repository '$repository' -InProcess"
            @(Get-ClaudeTask).Count | Should -Be $count
        }
    }
}
