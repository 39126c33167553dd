BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    $box = New-TestBox
    $repository = New-TestRepository $box
    $scenario = New-Scenario $box @{ text = 'Hello.' }
    $quick = @{ AgentArgument = "--scenario=$scenario"; InProcess = $true; Repository = $repository }
}

AfterAll { Remove-TestBox $box }

Describe 'Get-ClaudeTaskOption' {
    It 'lists every option with its value, where it comes from, and what it does' {
        $options = Get-ClaudeTaskOption
        $options.Name | Should -Be Model, PermissionMode, Timeout, StallTimeout, StartTimeout, ThrottleLimit, WorktreeFolder, MaxCost, DailyCostLimit, QuestionTimeout, HookTimeout, RetainDays, RetainEventDays, Notify
        $options.Origin | Select-Object -Unique | Should -Be Default
        $options.Description | Should -Not -Contain ''
        (Get-ClaudeTaskOption Timeout).Value | Should -Be ([TimeSpan]::FromMinutes(10))
        (Get-ClaudeTaskOption retain*).Value | Should -Be $null, $null
    }

    It 'is a table that fits 80 columns and shows the whole description' {
        $table = Get-ClaudeTaskOption | Out-String -Width 80
        foreach ($line in $table -split '\r?\n') { $line.Length | Should -BeLessOrEqual 80 }
        $table | Should -Match '(?m)^Timeout +10m 00s +Default +How long Claude may work'
        $table | Should -Not -Match '…'
        Get-ClaudeTaskOption | Export-Clixml "$($box.Folder)/o.xml"
        Import-Clixml "$($box.Folder)/o.xml" | Out-String -Width 80 | Should -Match '(?m)^Timeout +10m 00s +Default'
    }

    It 'names what there is when there is no such option' {
        $failure = Get-OnlyError { Get-ClaudeTaskOption Colour }
        $failure.FullyQualifiedErrorId | Should -Be 'InvalidArgument,ClaudeTasks.Commands.GetClaudeTaskOptionCommand'
        $failure.ErrorDetails.RecommendedAction | Should -Match DailyCostLimit
        Get-ClaudeTaskOption Colour* | Should -BeNullOrEmpty
    }
}

Describe 'Set-ClaudeTaskOption' {
    AfterEach { Set-ClaudeTaskOption -Reset (Get-ClaudeTaskOption).Name }

    It 'takes <given> for <time>' -TestCases @(
        @{ given = '1d'; time = '1.00:00:00' }, @{ given = '1.5d'; time = '1.12:00:00' }, @{ given = '90s'; time = '00:01:30' }, @{ given = '1d2h'; time = '1.02:00:00' }
        @{ given = '90'; time = '00:01:30' }, @{ given = "'00:10:00'"; time = '00:10:00' }
    ) {
        # As it is typed: PowerShell takes 1d for a number, and 90s too.
        Invoke-Expression "Set-ClaudeTaskOption -Timeout $given"
        (Get-ClaudeTaskOption Timeout).Value | Should -Be ([timespan] $time)
    }

    It 'sets options for every session, and takes them back' {
        Set-ClaudeTaskOption -DailyCostLimit 20 -Timeout 20m -WorktreeFolder trees | Should -BeNullOrEmpty
        $seen = Invoke-Pwsh $box 'Get-ClaudeTaskOption | Where-Object Origin -eq Store | ForEach-Object { "$($_.Name)=$($_.Value)" }'
        $seen.Out -split '\r?\n' | Should -Be 'Timeout=00:20:00', "WorktreeFolder=$(Join-Path (Get-Location) trees)", 'DailyCostLimit=20'
        $back = Set-ClaudeTaskOption -Reset Timeout, DailyCostLimit -PassThru
        $back.Origin | Should -Be Default, Default
        $back.Value | Should -Be ([TimeSpan]::FromMinutes(10)), $null
    }

    It 'holds for tasks that say nothing else' {
        Set-ClaudeTaskOption -PermissionMode plan -Timeout 1
        (Start-ClaudeTask 'One' @quick -Timeout 60 | Wait-ClaudeTask).PermissionMode | Should -Be plan
        (Start-ClaudeTask 'One' @quick -Timeout 60 -PermissionMode dontAsk | Wait-ClaudeTask).PermissionMode | Should -Be dontAsk
        (Start-ClaudeTask (Get-Prompt 'Never end' @{ hang = 1 }) -Repository $repository -InProcess | Wait-ClaudeTask).Reason | Should -Be TimedOut
    }

    It 'says how many tasks run at once' {
        Set-ClaudeTaskOption -ThrottleLimit 1
        $first = Start-ClaudeTask (Get-Prompt 'Never end' @{ hang = 1 }) -Repository (New-TestRepository $box) -InProcess | Wait-ClaudeTask -Until Running
        $second = Start-ClaudeTask 'Behind' @quick
        "$($second.WaitingFor)" | Should -Be 'a free slot'
        $first | Stop-ClaudeTask
        ($second | Wait-ClaudeTask).Status | Should -Be Completed
    }

    It 'says where work trees are made' {
        Set-ClaudeTaskOption -WorktreeFolder "$($box.Folder)/trees"
        $task = Start-ClaudeTask (Get-Prompt 'Write' (Get-WriteStep a.txt)) -Repository (New-TestRepository $box) -InProcess -Worktree | Wait-ClaudeTask
        Split-Path $task.Worktree | Should -Be "$($box.Folder)/trees"
        $task | Deny-ClaudeTask | Out-Null
        (Start-ClaudeTask 'None of its own' @quick | Wait-ClaudeTask).Worktree | Should -BeNullOrEmpty
    }

    It 'changes nothing with -WhatIf' {
        Set-ClaudeTaskOption -Timeout 5m -WhatIf
        (Get-ClaudeTaskOption Timeout).Origin | Should -Be Default
    }

    It 'refuses <what>, and sets nothing' -TestCases @(
        @{ what = 'a limit of nothing'; set = @{ Timeout = 0 } }
        @{ what = 'a limit of 8 days'; set = @{ StallTimeout = '8d' } }
        @{ what = 'no task at once'; set = @{ ThrottleLimit = 0 } }
        @{ what = 'no money'; set = @{ DailyCostLimit = 0 } }
        @{ what = 'less than no money'; set = @{ MaxCost = -1 } }
        @{ what = 'to keep for no day'; set = @{ RetainDays = 0 } }
        @{ what = 'both a value and none'; set = @{ MaxCost = 1; Reset = 'MaxCost' } }
        @{ what = 'nothing at all'; set = @{} }
    ) {
        if ($set.Count) { $set.Model = 'opus' }
        $failure = Get-OnlyError { Set-ClaudeTaskOption @set }
        $failure.FullyQualifiedErrorId | Should -Be 'InvalidArgument,ClaudeTasks.Commands.SetClaudeTaskOptionCommand'
        $failure.CategoryInfo.Category | Should -Be InvalidArgument
        $failure.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        (Get-ClaudeTaskOption).Origin | Select-Object -Unique | Should -Be Default
    }

    It 'does not understand <what>' -TestCases @(
        @{ what = 'a permission mode that is none'; set = @{ PermissionMode = 'yolo' } }
        @{ what = 'a limit that is none'; set = @{ Timeout = 'soon' } }
        @{ what = 'an option that is none'; set = @{ Reset = 'Colour' } }
    ) {
        (Get-OnlyError { Set-ClaudeTaskOption @set }).FullyQualifiedErrorId | Should -Match '^(Parameter|CannotConvert).*,ClaudeTasks.Commands.SetClaudeTaskOptionCommand$'
    }
}
