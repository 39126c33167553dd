BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    $box = New-TestBox
    $scenario = New-Scenario $box @{ text = 'Hello.' }
    $quick = @{ AgentArgument = "--scenario=$scenario"; InProcess = $true }
    $api = New-TestRepository $box api
    $web = New-TestRepository $box web
    $a = Start-ClaudeTask 'First' -Repository $api -Session 'Release 2.0' @quick | Wait-ClaudeTask
    $other = Start-ClaudeTask 'Elsewhere' -Repository $web -Session 'Release 2.0' @quick | Wait-ClaudeTask
    $b = Start-ClaudeTask (Get-Prompt 'Second' (Get-WriteStep new.txt)) -Repository $api -Session 'Release 2.0' -InProcess | Wait-ClaudeTask
}

AfterAll { Remove-TestBox $box }

Describe 'New-ClaudeTaskSession' {
    It 'makes an empty session in the repository of the location, and tasks join it' {
        Push-Location $web
        try { $session = New-ClaudeTaskSession 'Fresh' } finally { Pop-Location }
        $session.Name, $session.Repository, $session.TaskCount | Should -Be 'Fresh', $web, 0
        $session.CreatedAt.Kind | Should -Be Utc
        (Start-ClaudeTask 'Joins' -Repository $web -Session fresh @quick | Wait-ClaudeTask).Session | Should -BeExactly Fresh
        (Get-ClaudeTaskSession Fresh).TaskCount | Should -Be 1
        $session | Remove-ClaudeTaskSession
    }

    It 'refuses a name that the repository has, and takes it in another' {
        $failure = Get-OnlyError { New-ClaudeTaskSession 'release 2.0' -Repository $api }
        $failure.FullyQualifiedErrorId | Should -Be 'SessionExists,ClaudeTasks.Commands.NewClaudeTaskSessionCommand'
        $failure.CategoryInfo.Category | Should -Be ResourceExists
        $failure.TargetObject | Should -Be 'release 2.0'
        $failure.ErrorDetails.RecommendedAction | Should -Match Start-ClaudeTask
    }

    It 'makes nothing with -WhatIf' {
        New-ClaudeTaskSession 'Imagined' -Repository $api -WhatIf
        Get-ClaudeTaskSession Imagined* | Should -BeNullOrEmpty
    }
}

Describe 'Get-ClaudeTaskSession' {
    It 'gives one object for each repository that has the name' {
        $sessions = Get-ClaudeTaskSession 'Release 2.0'
        $sessions.Repository | Should -Be $api, $web
        $sessions.TaskCount | Should -Be 2, 1
    }

    It 'finds by wildcard whatever the case, by repository, and several names' {
        (Get-ClaudeTaskSession 'RELEASE*' -Repository $web).Repository | Should -Be $web
        @(Get-ClaudeTaskSession).Count | Should -Be 2
        @(Get-ClaudeTaskSession no*, rel*).Count | Should -Be 2
        @('Release 2.0' | Get-ClaudeTaskSession).Count | Should -Be 2
        Get-ClaudeTaskSession nosuch* | Should -BeNullOrEmpty
    }

    It 'finds a name with brackets as it stands' {
        New-ClaudeTaskSession 'Fix [it]' -Repository $api | Out-Null
        (Get-ClaudeTaskSession 'Fix [it]').Name | Should -Be 'Fix [it]'
        Get-ClaudeTaskSession 'Fix [it]' | Remove-ClaudeTaskSession
    }

    It 'names the session that does not exist' {
        $failure = Get-OnlyError { Get-ClaudeTaskSession nosuch }
        $failure.FullyQualifiedErrorId | Should -Be 'SessionNotFound,ClaudeTasks.Commands.GetClaudeTaskSessionCommand'
        $failure.CategoryInfo.Category | Should -Be ObjectNotFound
        $failure.TargetObject | Should -Be nosuch
    }

    It 'says what is wrong with a pattern' {
        $failure = Get-OnlyError { Get-ClaudeTaskSession '[ab' }
        $failure.FullyQualifiedErrorId | Should -Be 'InvalidArgument,ClaudeTasks.Commands.GetClaudeTaskSessionCommand'
        $failure.ErrorDetails.RecommendedAction | Should -Match backquote
    }

    It 'sums up its tasks' {
        $session = Get-ClaudeTaskSession 'Release 2.0' -Repository $api
        $session.Completed, $session.Waiting, $session.Running, $session.Failed, $session.Rejected, $session.Cancelled | Should -Be 1, 1, 0, 0, 0, 0
        $session.CostUsd | Should -Be ($a.CostUsd + $b.CostUsd)
        $session.Duration | Should -Be ($a.Duration + $b.Duration)
        $session.LastActivity | Should -Be (Get-ClaudeTask $b.Id).UpdatedAt
    }

    It 'has a table that fits 80 columns and a list' {
        $table = Get-ClaudeTaskSession | Out-String -Width 80
        foreach ($line in $table -split '\r?\n') { $Host.UI.RawUI.LengthInBufferCells($line) | Should -BeLessOrEqual 80 }
        $table | Should -Match '(?m)^Release 2\.0 +api .*\$0\.\d+ +✅ 1 ⏸️ 1'
        Get-ClaudeTaskSession | Format-List | Out-String | Should -Match '(?m)^TaskCount +: 2'
        Get-ClaudeTaskSession | Export-Clixml "$($box.Folder)/s.xml"
        Import-Clixml "$($box.Folder)/s.xml" | Out-String -Width 80 | Should -Match 'Release 2\.0 +api .*✅ 1 ⏸️ 1'
    }
}

Describe 'A session in the pipeline' {
    It 'stands for its tasks of its repository, in the order of time' {
        (Get-ClaudeTaskSession 'Release 2.0' -Repository $api | Get-ClaudeTask).Id | Should -Be $a.Id, $b.Id
        (Get-ClaudeTaskSession 'Release 2.0' -Repository $web | Get-ClaudeTask).Id | Should -Be $other.Id
        (Get-ClaudeTaskSession 'Release 2.0' | Wait-ClaudeTask).Id | Sort-Object | Should -Be $a.Id, $other.Id, $b.Id
        (Get-ClaudeTaskSession 'Release 2.0' -Repository $api | Get-ClaudeTaskDiff).Path | Should -Be new.txt
    }

    It 'has its events in the order of time, as its tasks have' {
        foreach ($events in (Get-ClaudeTaskSession 'Release 2.0' -Repository $api | Receive-ClaudeTask), (Get-ClaudeTask -Session 'Release 2.0' -Repository $api | Receive-ClaudeTask)) {
            $events.Task | Select-Object -Unique | Should -Be $a.Id, $b.Id
            $events.Time | Should -Be ($events.Time | Sort-Object)
        }
    }

    It 'works after Clixml' {
        Get-ClaudeTaskSession 'Release 2.0' -Repository $api | Export-Clixml "$($box.Folder)/s.xml"
        (Import-Clixml "$($box.Folder)/s.xml" | Get-ClaudeTask).Id | Should -Be $a.Id, $b.Id
    }

    It 'leaves rows of tasks that name their session to be tasks' {
        ($a | ConvertTo-Csv | ConvertFrom-Csv | Get-ClaudeTask).Id | Should -Be $a.Id
    }
}

Describe 'Set-ClaudeTaskSession' {
    It 'asks which, when several repositories have a session of that name' {
        foreach ($command in { Set-ClaudeTaskSession 'Release 2.0' -NewName Other }, { Remove-ClaudeTaskSession 'release 2.0' }) {
            $failure = Get-OnlyError $command
            $failure.FullyQualifiedErrorId | Should -BeLike 'InvalidArgument,*'
            $failure.Exception.Message | Should -Match "2 repositories have a session 'release 2.0'"
            $failure.ErrorDetails.RecommendedAction | Should -Match '-Repository'
        }
        (Get-ClaudeTaskSession 'Release 2.0').Count | Should -Be 2
    }

    It 'renames in the one repository, and the tasks stay' {
        $renamed = Set-ClaudeTaskSession 'Release 2.0' -NewName 'Release 2.1' -Repository $api -PassThru
        $renamed.Name, $renamed.TaskCount | Should -Be 'Release 2.1', 2
        (Get-ClaudeTask $a.Id).Session | Should -Be 'Release 2.1'
        (Get-ClaudeTask $other.Id).Session | Should -Be 'Release 2.0'
        $renamed | Set-ClaudeTaskSession -NewName 'Release 2.0' | Should -BeNullOrEmpty
        (Get-ClaudeTask $a.Id).Session | Should -Be 'Release 2.0'
    }

    It 'refuses a name that is taken, and changes nothing with -WhatIf' {
        $session = New-ClaudeTaskSession 'Spare' -Repository $api
        (Get-OnlyError { $session | Set-ClaudeTaskSession -NewName 'Release 2.0' }).FullyQualifiedErrorId |
            Should -Be 'SessionExists,ClaudeTasks.Commands.SetClaudeTaskSessionCommand'
        $session | Set-ClaudeTaskSession -NewName 'Other' -WhatIf
        Get-ClaudeTaskSession Other* | Should -BeNullOrEmpty
        $session | Remove-ClaudeTaskSession
    }

    It 'does not find a session that was renamed since it was read' {
        $session = New-ClaudeTaskSession 'Before' -Repository $api
        $session | Set-ClaudeTaskSession -NewName 'After'
        (Get-OnlyError { $session | Set-ClaudeTaskSession -NewName 'Later' }).FullyQualifiedErrorId | Should -BeLike SessionNotFound*
        Remove-ClaudeTaskSession After
    }
}

Describe 'Remove-ClaudeTaskSession' {
    It 'removes the tasks with it, says so before, and leaves the files' {
        $repository = New-TestRepository $box
        $task = Start-ClaudeTask (Get-Prompt 'Write' (Get-WriteStep kept.txt)) -Repository $repository -Session gone -InProcess | Wait-ClaudeTask
        $seen = Invoke-Pwsh $box "Remove-ClaudeTaskSession gone -WhatIf"
        $seen.Out | Should -Match "Remove with its task, their record.*Session 'gone' in"
        (Get-ClaudeTask $task.Id).Id | Should -Be $task.Id
        Remove-ClaudeTaskSession gone | Should -BeNullOrEmpty
        (Get-OnlyError { Get-ClaudeTask $task.Id }).FullyQualifiedErrorId | Should -BeLike TaskNotFound*
        Get-ClaudeTaskSession gone* | Should -BeNullOrEmpty
        "$repository/kept.txt" | Should -Exist
    }

    It 'refuses while a task of it is at work' {
        $repository = New-TestRepository $box
        $task = Start-ClaudeTask (Get-Prompt 'Never end' @{ hang = 1 }) -Repository $repository -Session busy -InProcess | Wait-ClaudeTask -Until Running
        $failure = Get-OnlyError { Remove-ClaudeTaskSession busy }
        $failure.FullyQualifiedErrorId | Should -Be 'TaskStateConflict,ClaudeTasks.Commands.RemoveClaudeTaskSessionCommand'
        $failure.CategoryInfo.Category | Should -Be InvalidOperation
        $failure.ErrorDetails.RecommendedAction | Should -Match "Stop-ClaudeTask $($task.Id)"
        $task | Stop-ClaudeTask
        Remove-ClaudeTaskSession busy
        Get-ClaudeTaskSession busy* | Should -BeNullOrEmpty
    }

    It 'needs a name' {
        { Invoke-Pwsh $box 'Remove-ClaudeTaskSession' | ForEach-Object { if ($_.Err) { throw $_.Err } } } | Should -Throw '*Name*'
    }

    It 'takes a piped session for itself, not for a pattern' {
        New-ClaudeTaskSession 'a*' -Repository $api | Out-Null
        New-ClaudeTaskSession 'ab' -Repository $api | Out-Null
        Get-ClaudeTaskSession 'a`*' | Remove-ClaudeTaskSession
        (Get-ClaudeTaskSession a*).Name | Should -Be ab
        Remove-ClaudeTaskSession ab
    }
}
