BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    $box = New-TestBox
}

AfterAll { Remove-TestBox $box }

Describe 'Tasks beside a person''s own work' {
    It 'works in a tree of its own and comes home as one commit' {
        $repository = New-TestRepository $box
        Set-Content $repository/mine.txt mine
        $task = Start-ClaudeTask (Get-Prompt 'Refactor the user service' (Get-WriteStep src/user.cs)) -Repository $repository -Worktree | Wait-ClaudeTask
        $task.Branch | Should -Be "claude-task/$($task.Id)-refactor-the-user-service"
        Test-Path "$($task.Worktree)/src/user.cs" | Should -BeTrue
        Test-Path $repository/src | Should -BeFalse
        ($task | Format-List | Out-String) | Should -Match 'Worktree'

        ($task | Approve-ClaudeTask -Message 'Refactor').Status | Should -Be Completed
        git -C $repository status --short | Should -Be '?? mine.txt'
        git -C $repository show --format=%s --name-only HEAD | Should -Be 'Refactor', '', 'src/user.cs'
        Test-Path $task.Worktree | Should -BeFalse
        git -C $repository branch --list 'claude-task/*' | Should -BeNullOrEmpty
    }

    It 'puts its tree where the user says, keeps its branch, and removes both with the task' {
        $repository = New-TestRepository $box
        $task = Invoke-ClaudeTask (Get-Prompt 'One' (Get-WriteStep a.txt)) -Repository $repository -Worktree -WorktreeFolder "$repository-trees" -InProcess -Quiet
        Split-Path $task.Worktree | Should -Be "$repository-trees"
        ($task | Approve-ClaudeTask -KeepBranch).Status | Should -Be Completed
        git -C $repository show "$($task.Branch):a.txt" | Should -Be new
        Test-Path $repository/a.txt | Should -BeFalse

        $other = Invoke-ClaudeTask (Get-Prompt 'Two' (Get-WriteStep b.txt)) -Repository $repository -Worktree -InProcess -Quiet
        $other | Remove-ClaudeTask -Force
        Test-Path $other.Worktree | Should -BeFalse
        git -C $repository branch --list $other.Branch | Should -BeNullOrEmpty
    }

    It 'shows whose change is whose' {
        $repository = New-TestRepository $box
        Set-Content $repository/mine.txt mine
        $task = Invoke-ClaudeTask (Get-Prompt 'Finish what I began' (Get-WriteStep a.txt)) -Repository $repository -AllowDirty -InProcess -Quiet
        Set-Content $repository/later.txt later
        ($task | Get-ClaudeTaskDiff).Path | Should -Be a.txt
        ($task | Get-ClaudeTaskDiff -Source Before).Path | Should -Be mine.txt
        ($task | Get-ClaudeTaskDiff -Source Meanwhile).Path | Should -Be later.txt
        ($task | Get-ClaudeTaskDiff -Source Before | Out-String) | Should -Match 'uncommitted before the task'
        $task | Approve-ClaudeTask | Out-Null
        git -C $repository status --short | Should -Be '?? later.txt', '?? mine.txt'
    }

    It 'names under -WhatIf only what is still to be decided' {
        $repository = New-TestRepository $box
        $task = Invoke-ClaudeTask (Get-Prompt 'Two' (Get-WriteStep a.txt), (Get-WriteStep b.txt)) -Repository $repository -InProcess -Quiet
        $task | Approve-ClaudeTask -Path a.txt | Out-Null
        $output = Invoke-Pwsh $box "Approve-ClaudeTask $($task.Id) -WhatIf"
        $output.Out | Should -Match 'b\.txt'
        $output.Out | Should -Not -Match 'a\.txt'
        $task | Deny-ClaudeTask | Out-Null
    }

    It 'refuses with <id>: <what>' -TestCases @(
        @{ what = 'a conflict with the branch'; id = 'MergeConflict'; prepare = { Set-Content $repository/readme.md theirs; git -C $repository commit --quiet -am Theirs } }
        @{ what = 'uncommitted work in the same file'; id = 'EditedSince'; prepare = { Set-Content $repository/readme.md mine } }
    ) {
        $repository = New-TestRepository $box
        Set-Content $repository/readme.md base; git -C $repository add .; git -C $repository commit --quiet -m Base
        $task = Invoke-ClaudeTask (Get-Prompt 'One' (Get-WriteStep readme.md)) -Repository $repository -Worktree -InProcess -Quiet
        . $prepare
        $failure = Get-OnlyError { $task | Approve-ClaudeTask }
        $failure.FullyQualifiedErrorId | Should -Be "$id,ClaudeTasks.Commands.ApproveClaudeTaskCommand"
        $failure.CategoryInfo.Category | Should -Be WriteError
        $failure.ErrorDetails.RecommendedAction | Should -Match 'KeepBranch'
        (Get-ClaudeTask $task.Id).Status | Should -Be WaitingApproval
    }
}
