BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    $box = New-TestBox

    function Start-Finished {
        $repository = New-TestRepository $box
        Invoke-ClaudeTask (Get-Prompt 'Handle errors' (Get-WriteStep src/api/new.cs), (Get-WriteStep docs/api.md)) -Repository $repository -InProcess -Quiet
    }
}

AfterAll { Remove-TestBox $box }

Describe 'Approve-, Deny- and Undo-ClaudeTask' {
    It 'commits the task''s paths and nothing else, and says which commit' {
        $task = Start-Finished
        Set-Content "$($task.Repository)/mine.txt" mine
        $approved = $task | Approve-ClaudeTask
        $approved.Status | Should -Be Completed
        $approved.CommittedSha | Should -Be (git -C $task.Repository rev-parse HEAD)
        $approved.CommitMessage | Should -Match "Claude-Task: $($task.TaskId)"
        git -C $task.Repository show --format= --name-only HEAD | Should -Be 'docs/api.md', 'src/api/new.cs'
        git -C $task.Repository status --short | Should -Be '?? mine.txt'
    }

    It 'commits a part and keeps the rest for another decision' {
        $task = Start-Finished
        ($task | Approve-ClaudeTask -Message 'Handle API errors' -Path src/api/*).Status | Should -Be WaitingApproval
        git -C $task.Repository log -1 --format=%s | Should -Be 'Handle API errors'
        git -C $task.Repository show --format= --name-only HEAD | Should -Be 'src/api/new.cs'
        ($task | Deny-ClaudeTask -Reason 'no docs').Status | Should -Be Completed
        Test-Path "$($task.Repository)/docs/api.md" | Should -BeFalse
        git -C $task.Repository status --short | Should -BeNullOrEmpty
    }

    It 'decides on exactly the changes that are piped, in one commit, as <form>' -TestCases @(
        @{ form = 'objects of this session'; change = { $_ } }
        @{ form = 'objects that were serialized'; change = { [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($_)) } }
    ) {
        param($change)
        $task = Invoke-ClaudeTask (Get-Prompt 'Three' (Get-WriteStep a.txt), (Get-WriteStep b.txt), (Get-WriteStep c.txt)) -Repository (New-TestRepository $box) -InProcess -Quiet
        $approved = $task | Get-ClaudeTaskDiff | Where-Object Path -NE b.txt | ForEach-Object $change | Approve-ClaudeTask
        $approved.Status | Should -Be WaitingApproval
        git -C $task.Repository show --format= --name-only HEAD | Should -Be a.txt, c.txt
        ($task | Get-ClaudeTaskDiff -Path b.txt -Stat | ForEach-Object $change | Deny-ClaudeTask).Status | Should -Be Completed
        Test-Path "$($task.Repository)/b.txt" | Should -BeFalse
    }

    It 'refuses a change that is not the task''s' {
        $repository = New-TestRepository $box
        Set-Content "$repository/mine.txt" mine
        $task = Invoke-ClaudeTask (Get-Prompt 'One' (Get-WriteStep a.txt)) -Repository $repository -AllowDirty -InProcess -Quiet
        { $task | Get-ClaudeTaskDiff -Source Before | Deny-ClaudeTask -ErrorAction Stop } | Should -Throw
        "$repository/mine.txt" | Should -FileContentMatch mine
        (Get-ClaudeTask $task.Id).Status | Should -Be WaitingApproval
    }

    It 'takes the name <_> as it stands' -ForEach 'd\f', "bad`$(printf '\377')" -Skip:(-not $IsLinux) {
        $work = "mkdir -p d; echo x > d/f; echo y > ""$($_.Replace('\f', '\\f'))"""
        $task = Invoke-ClaudeTask (Get-Prompt 'Odd' @{ tool = 'Bash'; input = @{ command = $work } }) -Repository (New-TestRepository $box) -PermissionMode bypassPermissions -InProcess -Quiet
        $odd = ($task | Get-ClaudeTaskDiff | Where-Object Path -NE d/f).Path
        ($task | Get-ClaudeTaskDiff -Path $odd).Path | Should -Be $odd
        ($task | Deny-ClaudeTask -Path $odd).Status | Should -Be WaitingApproval
        "$($task.Repository)/d/f" | Should -Exist
        ($task | Deny-ClaudeTask).Status | Should -Be Rejected
        git -C $task.Repository status --short | Should -BeNullOrEmpty
    }

    It 'takes a path as <form>' -TestCases @(
        @{ form = 'a folder'; path = { 'src' } }
        @{ form = 'a folder with a slash'; path = { 'src/' } }
        @{ form = 'a name in another case'; path = { 'SRC/API/NEW.CS' } }
        @{ form = 'a path from the current folder'; path = { './api/new.cs' } }
        @{ form = 'the current folder'; path = { '.' } }
        @{ form = 'a full path'; path = { "$($task.Repository)/src/api/new.cs" } }
    ) {
        $task = Start-Finished
        Push-Location "$($task.Repository)/src"
        try {
            ($task | Get-ClaudeTaskDiff -Path (& $path)).Path | Should -Be 'src/api/new.cs'
            $task | Deny-ClaudeTask -Path (& $path) | Out-Null
        }
        finally { Pop-Location }
        Test-Path "$($task.Repository)/src" | Should -BeFalse
        Test-Path "$($task.Repository)/docs/api.md" | Should -BeTrue
    }

    It 'takes a name with brackets as it stands where a file has it' {
        $repository = New-TestRepository $box
        $task = Invoke-ClaudeTask (Get-Prompt 'Brackets' (Get-WriteStep '[ab].txt'), (Get-WriteStep 'a.txt')) -Repository $repository -InProcess -Quiet
        ($task | Get-ClaudeTaskDiff -Path '[ab].txt').Path | Should -Be '[ab].txt'
        ($task | Get-ClaudeTaskDiff -Path '[a]*').Path | Should -Be 'a.txt'
        $task | Deny-ClaudeTask -Path '[ab].txt' | Out-Null
        git -C $repository status --short | Should -Be '?? a.txt'
    }

    It 'hides nothing behind a file that is called <_>' -ForEach '*', '*.txt' -Skip:$IsWindows {
        $repository = New-TestRepository $box
        $task = Invoke-ClaudeTask (Get-Prompt 'Stars' (Get-WriteStep $_), (Get-WriteStep 'a.txt')) -Repository $repository -InProcess -Quiet
        ($task | Get-ClaudeTaskDiff).Path | Should -Be $_, 'a.txt'
        ($task | Get-ClaudeTaskDiff -Path $_).Path | Should -Be $_, 'a.txt'
        ($task | Get-ClaudeTaskDiff -Path ([WildcardPattern]::Escape($_))).Path | Should -Be $_
        $task | Approve-ClaudeTask | Out-Null
        git -C $repository status --short | Should -BeNullOrEmpty
    }

    It 'calls no task completed whose files git could not take' {
        $repository = New-TestRepository $box
        Set-Content "$repository/.gitattributes" '*.secret filter=broken'
        git -C $repository add --all
        git -C $repository commit --quiet -m 'Attributes'
        git -C $repository config filter.broken.clean false
        git -C $repository config filter.broken.required true
        $task = Start-ClaudeTask (Get-Prompt 'Write' (Get-WriteStep 'a.secret'), (Get-WriteStep 'b.txt')) -Repository $repository -InProcess | Wait-ClaudeTask
        $task.Status | Should -Be Failed
        $task.ReasonText | Should -Match 'a\.secret'
        Test-Path "$repository/b.txt" | Should -BeTrue
    }

    It 'warns of what a hook of the commit did' -Skip:$IsWindows {
        $task = Start-Finished
        Set-Content "$($task.Repository)/mine.txt" mine
        Set-Content "$($task.Repository)/.git/hooks/pre-commit" "#!/bin/sh`ngit add --all"
        chmod +x "$($task.Repository)/.git/hooks/pre-commit"
        $task | Approve-ClaudeTask -WarningVariable warned -WarningAction SilentlyContinue | Out-Null
        $warned | Should -Match "committed more than the task's work: mine.txt"
    }

    It 'puts the files back, and takes that back again' {
        $task = Start-Finished
        $denied = $task | Deny-ClaudeTask -Reason 'wrong layer'
        $denied.Status | Should -Be Rejected
        $denied.RejectionReason | Should -Be 'wrong layer'
        $denied.RejectedAt | Should -Not -BeNullOrEmpty
        Test-Path "$($task.Repository)/src" | Should -BeFalse
        ($task | Undo-ClaudeTask).Status | Should -Be WaitingApproval
        Get-Content "$($task.Repository)/src/api/new.cs" | Should -Be new
    }

    It 'names every file under -WhatIf and changes nothing' {
        $task = Start-Finished
        $output = Invoke-Pwsh $box "Deny-ClaudeTask $($task.Id) -WhatIf; Approve-ClaudeTask $($task.Id) -WhatIf; Undo-ClaudeTask $($task.Id) -WhatIf"
        $output.Out | Should -Match 'src/api/new.cs'
        $output.Out | Should -Match 'docs/api.md'
        (Get-ClaudeTask $task.Id).Status | Should -Be WaitingApproval
        Test-Path "$($task.Repository)/docs/api.md" | Should -BeTrue
    }

    It 'refuses with <id>: <what>' -TestCases @(
        @{ what = 'a file that was edited since'; id = 'EditedSince'; prepare = { Add-Content "$($task.Repository)/docs/api.md" x }; command = 'Approve-ClaudeTask'; category = 'WriteError' }
        @{ what = 'putting such a file back'; id = 'EditedSince'; prepare = { Add-Content "$($task.Repository)/docs/api.md" x }; command = 'Deny-ClaudeTask'; category = 'WriteError' }
        @{ what = 'a second approval'; id = 'TaskStateConflict'; prepare = { $task | Approve-ClaudeTask }; command = 'Approve-ClaudeTask'; category = 'InvalidOperation' }
        @{ what = 'an undo of nothing'; id = 'TaskStateConflict'; prepare = { }; command = 'Undo-ClaudeTask'; category = 'InvalidOperation' }
    ) {
        param($what, $id, $prepare, $command, $category)
        $task = Start-Finished
        . $prepare
        $before = git -C $task.Repository status --porcelain
        $failure = Get-OnlyError { & $command $task.Id }
        $failure.FullyQualifiedErrorId | Should -Be "$id,ClaudeTasks.Commands.$($command.Replace('-', ''))Command"
        $failure.CategoryInfo.Category | Should -Be $category
        $failure.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        git -C $task.Repository status --porcelain | Should -Be $before
    }

    It 'lets the next task of the repository go on' {
        $task = Start-Finished
        $next = Start-ClaudeTask (Get-Prompt 'Next' (Get-WriteStep next.txt)) -Repository $task.Repository -InProcess
        "$($next.WaitingFor)" | Should -Be "task $($task.Id)"
        $task | Deny-ClaudeTask | Out-Null
        ($next | Wait-ClaudeTask).Status | Should -Be WaitingApproval
    }
}
