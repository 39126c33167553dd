BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    $box = New-TestBox
    $first = New-TestRepository $box first
    $second = New-TestRepository $box second
    $scenario = New-Scenario $box @{ text = 'Hello.' }
    $quick = @{ AgentArgument = "--scenario=$scenario"; InProcess = $true }
    $a = Start-ClaudeTask 'Fix the bug' -Repository $first -Session morning @quick | Wait-ClaudeTask
    $b = Start-ClaudeTask 'Fix 100% of [it]' -Repository $second -Session evening @quick | Wait-ClaudeTask
    $c = Start-ClaudeTask 'Write a note' -Repository $first -Session evening -InProcess | Wait-ClaudeTask
    $d = Start-ClaudeTask 'Queued behind' -Repository $first -Session night @quick
}

AfterAll { Remove-TestBox $box }

Describe 'Get-ClaudeTask' {
    It 'lists everything, newest last' { (Get-ClaudeTask).Id | Should -Be $a.Id, $b.Id, $c.Id, $d.Id }

    It 'finds by repository, also from a folder in it and from the location' {
        (Get-ClaudeTask -Repository $first).Id | Should -Be $a.Id, $c.Id, $d.Id
        (Get-ClaudeTask -Repository "$first/notes").Id | Should -Be $a.Id, $c.Id, $d.Id
        Push-Location $second
        try { (Get-ClaudeTask -Repository .).Id | Should -Be $b.Id } finally { Pop-Location }
    }

    It 'finds sessions by wildcard, whatever the case' {
        (Get-ClaudeTask -Session evening).Id | Should -Be $b.Id, $c.Id
        (Get-ClaudeTask -Session *NING).Id | Should -Be $a.Id, $b.Id, $c.Id
        (Get-ClaudeTask -Session ?ight).Id | Should -Be $d.Id
    }

    It 'finds by status, also several' {
        (Get-ClaudeTask -Status WaitingApproval).Id | Should -Be $c.Id
        (Get-ClaudeTask -Status Pending, WaitingApproval).Id | Should -Be $c.Id, $d.Id
    }

    It 'finds prompts by wildcard, and takes % and _ as they stand' {
        (Get-ClaudeTask -Prompt Fix*).Id | Should -Be $a.Id, $b.Id
        (Get-ClaudeTask -Prompt *100%*).Id | Should -Be $b.Id
        Get-ClaudeTask -Prompt *100_* | Should -BeNullOrEmpty
        Get-ClaudeTask -Prompt *Fix%bug* | Should -BeNullOrEmpty
    }

    It 'takes PowerShell''s wildcards: a set of characters, and a backquote before what is meant as it stands' {
        (Get-ClaudeTask -Prompt '[fx]ix*').Id | Should -Be $a.Id, $b.Id
        (Get-ClaudeTask -Prompt '*`[it`]').Id | Should -Be $b.Id
        Get-ClaudeTask -Prompt 'Fix`*' | Should -BeNullOrEmpty
    }

    It 'ignores the case in every script' {
        $e = Start-ClaudeTask 'Ändere Öl und ДОМ' -Repository $second -Session 'Früh' @quick | Wait-ClaudeTask
        try {
            (Get-ClaudeTask -Prompt 'Ändere Öl*').Id | Should -Be $e.Id
            (Get-ClaudeTask -Prompt '*öl*дом').Id | Should -Be $e.Id
            (Get-ClaudeTask -Session 'FRÜH').Id | Should -Be $e.Id
        }
        finally { $e | Remove-ClaudeTask }
    }

    It 'finds by time, local or UTC' {
        (Get-ClaudeTask -After $c.CreatedAt).Id | Should -Be $c.Id, $d.Id
        (Get-ClaudeTask -After $c.CreatedAt.ToLocalTime()).Id | Should -Be $c.Id, $d.Id
        (Get-ClaudeTask -Before $c.CreatedAt).Id | Should -Be $a.Id, $b.Id
        (Get-ClaudeTask -After $b.CreatedAt -Before $c.CreatedAt).Id | Should -Be $b.Id
        Get-ClaudeTask -After ([DateTime]::UtcNow.AddDays(1)) | Should -BeNullOrEmpty
    }

    It 'takes a time without a zone as local, as people type it' {
        $local = [DateTime]::SpecifyKind($c.CreatedAt.ToLocalTime(), 'Unspecified')
        (Get-ClaudeTask -After $local).Id | Should -Be $c.Id, $d.Id
    }

    It 'combines what was asked for' {
        (Get-ClaudeTask -Repository $first -Session evening -Status WaitingApproval -Prompt *note*).Id | Should -Be $c.Id
        Get-ClaudeTask -Repository $second -Session morning | Should -BeNullOrEmpty
    }

    It 'gives the newest, still oldest first' {
        (Get-ClaudeTask -Newest 2).Id | Should -Be $c.Id, $d.Id
        (Get-ClaudeTask -Newest 1 -Session evening).Id | Should -Be $c.Id
        (Get-ClaudeTask -Newest 99).Id | Should -Be $a.Id, $b.Id, $c.Id, $d.Id
    }

    It 'pages' {
        (Get-ClaudeTask -First 2).Id | Should -Be $a.Id, $b.Id
        (Get-ClaudeTask -Skip 1 -First 2).Id | Should -Be $b.Id, $c.Id
        (Get-ClaudeTask -Skip 3).Id | Should -Be $d.Id
        Get-ClaudeTask -Skip 99 | Should -BeNullOrEmpty
        (Get-ClaudeTask -Newest 3 -First 2).Id | Should -Be $b.Id, $c.Id
    }

    It 'tells how many there are in all before the page' {
        $total, $tasks = Get-ClaudeTask -First 1 -IncludeTotalCount
        [ulong]$total | Should -Be 4
        $tasks.Id | Should -Be $a.Id
        $total, $null = Get-ClaudeTask -First 1 -Session evening -IncludeTotalCount
        [ulong]$total | Should -Be 2
    }

    It 'returns as soon as a pipeline has enough' { (Get-ClaudeTask | Select-Object -First 1).Id | Should -Be $a.Id }

    It 'shows a queued task with what it waits for' {
        $d.Status | Should -Be Pending
        "$((Wait-Until { Get-ClaudeTask $d.Id | Where-Object WaitingFor }).WaitingFor)" | Should -Be "task $($c.Id)"
        "$((Get-ClaudeTask $c.Id).WaitingFor)" | Should -Be approval
    }

    It 'names the folder when it asks for a repository that is none' {
        $failure = Get-OnlyError { Get-ClaudeTask -Repository "$($box.Folder)/nowhere" }
        $failure.FullyQualifiedErrorId | Should -Be 'RepositoryNotFound,ClaudeTasks.Commands.GetClaudeTaskCommand'
        $failure.CategoryInfo.Category | Should -Be ObjectNotFound
        $failure.Exception.Message | Should -Match nowhere
    }

    It 'names the session when there is none of that name, and finds nothing for a pattern' {
        $failure = Get-OnlyError { Get-ClaudeTask -Session nosuch }
        $failure.FullyQualifiedErrorId | Should -Be 'SessionNotFound,ClaudeTasks.Commands.GetClaudeTaskCommand'
        $failure.CategoryInfo.Category | Should -Be ObjectNotFound
        Get-ClaudeTask -Session nosuch* | Should -BeNullOrEmpty
    }

    It 'does not find a task that never was' {
        $failure = Get-OnlyError { Get-ClaudeTask 9999 }
        $failure.FullyQualifiedErrorId | Should -Be 'TaskNotFound,ClaudeTasks.Commands.GetClaudeTaskCommand'
        $failure = Get-OnlyError { Get-ClaudeTask ([guid]'6c0c2b1e-7f2c-4a51-9d8a-2f4f7a1c9b36') }
        $failure.FullyQualifiedErrorId | Should -Be 'TaskNotFound,ClaudeTasks.Commands.GetClaudeTaskCommand'
    }

    It 'keeps every property that users were promised' {
        $promised = -split 'Id TaskId Prompt Status Reason ReasonText WaitingFor Repository Session CreatedAt StartedAt CompletedAt Duration Model
            PermissionMode ConversationId StartingCommit StartingBranch FilesChanged CostUsd InputTokens OutputTokens Turns ExitCode Result
            CommittedSha CommitMessage RejectedAt RejectionReason'
        $promised | Where-Object { $_ -notin $a.PSObject.Properties.Name } | Should -BeNullOrEmpty
        $a.CreatedAt.Kind, $a.StartedAt.Kind, $a.CompletedAt.Kind | Should -Be Utc, Utc, Utc
    }
}
