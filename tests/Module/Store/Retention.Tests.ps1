BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    $box = New-TestBox
    $repository = New-TestRepository $box
    $scenario = New-Scenario $box @{ text = 'x' * 2000000 }
    $quick = @{ AgentArgument = "--scenario=$scenario"; InProcess = $true; Repository = $repository }
}

AfterAll { Remove-TestBox $box }

Describe 'Remove-ClaudeTask -OlderThan' {
    It 'removes what ended before, and gives the room back to the disk' {
        $old = 1..3 | ForEach-Object { Start-ClaudeTask "Old $_" @quick } | Wait-ClaudeTask
        $moment = Get-Date
        $young = Start-ClaudeTask 'Young' @quick | Wait-ClaudeTask
        $waiting = Start-ClaudeTask (Get-Prompt 'Waits' (Get-WriteStep kept.txt)) -Repository (New-TestRepository $box) -InProcess | Wait-ClaudeTask
        $before = (Get-Item "$($box.Home)/tasks.db").Length

        Remove-ClaudeTask -OlderThan 30
        Remove-ClaudeTask -OlderThan 30d
        Remove-ClaudeTask -OlderThan ([TimeSpan]::FromHours(1))
        @(Get-ClaudeTask).Count | Should -Be 5
        $seen = Invoke-Pwsh $box "Remove-ClaudeTask -OlderThan '$($moment.ToString('o'))' -WhatIf"
        @($seen.Out -split '\r?\n' | Where-Object { $_ -match 'Task (\d+) \(Completed\): Old' }).Count | Should -Be 3
        @(Get-ClaudeTask).Count | Should -Be 5

        Remove-ClaudeTask -OlderThan $moment | Should -BeNullOrEmpty
        (Get-ClaudeTask).Id | Should -Be $young.Id, $waiting.Id
        (Get-Item "$($box.Home)/tasks.db").Length | Should -BeLessThan ($before - 2000000)
        Get-ChildItem "$($box.Home)/objects" | Where-Object Name -In $old.TaskId | Should -BeNullOrEmpty

        Remove-ClaudeTask -OlderThan 0
        (Get-ClaudeTask).Id | Should -Be $waiting.Id
        $waiting | Deny-ClaudeTask | Out-Null
    }

    It 'does not understand the age <value>' -TestCases @(@{ value = 'abc' }, @{ value = -1 }, @{ value = '' }, @{ value = $true }, @{ value = 1e9 }) {
        $failure = Get-OnlyError { Remove-ClaudeTask -OlderThan $value }
        $failure.FullyQualifiedErrorId | Should -Be 'ParameterArgumentTransformationError,ClaudeTasks.Commands.RemoveClaudeTaskCommand'
        $failure.Exception.Message | Should -Match 'not a valid time.*30d or 12h'
    }

    It 'takes tasks or an age, not both' {
        (Get-OnlyError { Remove-ClaudeTask 1 -OlderThan 30 }).CategoryInfo.Category | Should -Be InvalidArgument
    }
}
