BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    $box = New-TestBox
    $scenario = New-Scenario $box @{ text = 'Hello.' }
    $quick = @{ AgentArgument = "--scenario=$scenario"; InProcess = $true }
    $api = New-TestRepository $box api
    $web = New-TestRepository $box web
    Register-ClaudeTaskTemplate greet 'Greet {{Whom}}' | Out-Null
    $first = Start-ClaudeTask 'First' -Repository $api -Session 'Release 2.0' @quick | Wait-ClaudeTask
    $second = Start-ClaudeTask -Template greet -Value @{ Whom = 'them' } -Repository $api -Session 'Other' @quick | Wait-ClaudeTask
    $bad = Start-ClaudeTask (Get-Prompt 'Fail' @{ exit = 9 }) -Repository $web -Session 'Release 2.0' -InProcess | Wait-ClaudeTask
    $stopped = Start-ClaudeTask (Get-Prompt 'Never end' @{ hang = 1 }) -Repository $web -InProcess | Stop-ClaudeTask -PassThru
    $all = $first, $second, $bad, $stopped
}

AfterAll { Remove-TestBox $box }

Describe 'Measure-ClaudeTask' {
    It 'sums up all tasks in one object' {
        $sum = Measure-ClaudeTask
        $sum.Count, $sum.Succeeded, $sum.Failed | Should -Be 4, 2, 1
        $sum.SuccessRate | Should -Be (2 / 3)
        $sum.CostUsd | Should -Be ($all.CostUsd | Measure-Object -Sum).Sum
        $sum.CostUsd | Should -BeGreaterThan 0
        $sum.InputTokens, $sum.OutputTokens | Should -Be ($all | Measure-Object InputTokens -Sum).Sum, ($all | Measure-Object OutputTokens -Sum).Sum
        $sum.Duration.Ticks | Should -Be ($all.Duration.Ticks | Measure-Object -Sum).Sum
        $sum.AverageDuration | Should -Be ($sum.Duration / @($all | Where-Object StartedAt).Count)
        $sum.Group | Should -BeNullOrEmpty
    }

    It 'groups by <by>' -TestCases @(
        @{ by = 'Repository'; groups = { $api, $web }; counts = 2, 2 }
        @{ by = 'Session'; groups = { 'Release 2.0', 'Other', 'Release 2.0', $stopped.Session }; counts = 1, 1, 1, 1 }
        @{ by = 'Day'; groups = { $first.StartedAt.ToLocalTime().ToString('yyyy-MM-dd') }; counts = 4 }
        @{ by = 'Template'; groups = { $null, 'greet' }; counts = 3, 1 }
        @{ by = 'Status'; groups = { 'Cancelled', 'Completed', 'Failed' }; counts = 1, 2, 1 }
    ) {
        $measures = Measure-ClaudeTask -GroupBy $by
        $measures.Group | Should -Be (& $groups)
        $measures | ForEach-Object Count | Should -Be $counts
        $measures.GroupBy | Select-Object -Unique | Should -Be $by
        ($measures.CostUsd | Measure-Object -Sum).Sum | Should -Be (Measure-ClaudeTask).CostUsd
    }

    It 'groups by model' { (Measure-ClaudeTask -GroupBy Model | Where-Object Group -EQ $first.Model).Count | Should -BeGreaterOrEqual 2 }

    It 'tells sessions of one name apart by their repository' {
        (Measure-ClaudeTask -GroupBy Session -Session 'release*').Repository | Should -Be $api, $web
    }

    It 'measures only some tasks' {
        (Measure-ClaudeTask -Repository $api).Count | Should -Be 2
        (Measure-ClaudeTask -Session 'release 2.0' -Repository $web).Count | Should -Be 1
        Measure-ClaudeTask -Since (Get-Date).AddDays(-7) -GroupBy Repository | ForEach-Object Count | Should -Be 2, 2
        (Measure-ClaudeTask -Since $second.StartedAt -Until $bad.StartedAt).Count | Should -Be 1
        (Measure-ClaudeTask -Since (Get-Date).AddDays(1)).Count | Should -Be 0
        (Measure-ClaudeTask -Since (Get-Date).AddDays(1)).SuccessRate | Should -BeNullOrEmpty
        Measure-ClaudeTask -Since (Get-Date).AddDays(1) -GroupBy Day | Should -BeNullOrEmpty
    }

    It 'names the session that does not exist' {
        $failure = Get-OnlyError { Measure-ClaudeTask -Session nosuch }
        $failure.FullyQualifiedErrorId | Should -Be 'SessionNotFound,ClaudeTasks.Commands.MeasureClaudeTaskCommand'
        $failure.CategoryInfo.Category | Should -Be ObjectNotFound
        (Measure-ClaudeTask -Session nosuch*).Count | Should -Be 0
    }

    It 'has a table that fits 80 columns and a list' {
        $table = Measure-ClaudeTask -GroupBy Repository | Out-String -Width 80
        foreach ($line in $table -split '\r?\n') { $line.Length | Should -BeLessOrEqual 80 }
        $table | Should -Match '(?m)^api +2 +100 % .* \$0\.\d+ '
        $table | Should -Match '(?m)^web +2 +0 % '
        Measure-ClaudeTask | Out-String | Should -Match '(?m)^\(all\) +4 '
        Measure-ClaudeTask | Format-List | Out-String | Should -Match '(?m)^CacheReadTokens +: \d'
        Measure-ClaudeTask -GroupBy Template | Export-Clixml "$($box.Folder)/m.xml"
        Import-Clixml "$($box.Folder)/m.xml" | Out-String -Width 80 | Should -Match '(?m)^\(none\) +3 '
    }
}

Describe 'The time left' {
    It 'is shown where the past tells, and only there' {
        $repository = New-TestRepository $box
        $go = "$($box.Folder)/go"
        $waits = @{ AgentArgument = "--scenario=$(New-Scenario $box @{ waitFile = $go })"; InProcess = $true }
        function Get-Seen {
            $task = Start-ClaudeTask 'As long as the others' -Repository $repository @waits
            $run = Start-Runspace "Wait-ClaudeTask $($task.Id)"
            Wait-Until { @($run.Shell.Streams.Progress | Where-Object StatusDescription -Match '^Running') } | Out-Null
            [IO.File]::WriteAllText($go, '')
            Wait-Until { $run.Run.IsCompleted } | Out-Null
            $run.Shell.Streams.Progress | Where-Object StatusDescription -Match '^Running' | Select-Object -First 1
            $run.Shell.Dispose()
            [IO.File]::Delete($go)
        }

        $before = Get-Seen
        $before.StatusDescription | Should -Match '\d\d:\d\d:\d\d$'
        $before.PercentComplete, $before.SecondsRemaining | Should -Be -1, -1
        1..3 | ForEach-Object { Start-ClaudeTask 'Just as long as others' -Repository $repository @quick } | Wait-ClaudeTask | Out-Null
        $after = Get-Seen
        $after.StatusDescription | Should -Match '\d\d:\d\d:\d\d  (≈ \d+s left|longer than usual) \(\d+[sm]–\d+[sm]\)$'
        $after.PercentComplete | Should -BeIn (0..99)
    }
}
