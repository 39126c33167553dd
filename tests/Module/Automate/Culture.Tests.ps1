BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    $box = New-TestBox
    $repository = New-TestRepository $box
}

AfterAll { Remove-TestBox $box }

Describe 'A moment or a time limit, in the culture <culture>' -ForEach @('de-DE', 'en-GB', 'th-TH', 'ar-SA').ForEach({ @{ culture = $_ } }) {
    BeforeAll {
        $before = [cultureinfo]::CurrentCulture
        [cultureinfo]::CurrentCulture = $culture
        function Get-Start($at) {
            $task = Start-ClaudeTask 'Later' -Repository $repository -At $at -InProcess
            $task | Stop-ClaudeTask
            $task.NotBefore.ToLocalTime()
        }
    }

    AfterAll { [cultureinfo]::CurrentCulture = $before }

    It 'is month first, in the Gregorian calendar, as everywhere in PowerShell' {
        Get-Start '01/02/2030 03:04' | Should -Be ([datetime]'2030-01-02T03:04')
        Get-Start '2030-01-02 03:04' | Should -Be ([datetime]'2030-01-02T03:04')
    }

    It 'can be a day or a distance in words' {
        Get-Start 'tomorrow 9:00' | Should -Be (Get-Date).Date.AddDays(1).AddHours(9)
        [Math]::Abs(((Get-Start 2h) - (Get-Date).AddHours(2)).TotalMinutes) | Should -BeLessThan 1
    }

    It 'has the same meaning for -After, -Before, -Since and -OlderThan' {
        $count = @(Get-ClaudeTask).Count
        @(Get-ClaudeTask -After 1h).Count | Should -Be $count
        @(Get-ClaudeTask -After 1 -Before tomorrow).Count | Should -Be $count
        Get-ClaudeTask -Before '01/02/2026 03:04' | Should -BeNullOrEmpty
        Get-ClaudeTask -After '01/02/2200' | Should -BeNullOrEmpty
        (Measure-ClaudeTask -Since '01/02/2200').Count | Should -Be 0
        Remove-ClaudeTask -OlderThan '01/02/2026'
        Remove-ClaudeTask -OlderThan 12h
        @(Get-ClaudeTask).Count | Should -Be $count
    }

    It 'has a decimal point in a time limit' {
        $template = Register-ClaudeTaskTemplate culture 'Do it' -Timeout 1.5m -RetryDelay 2.5
        $template.Timeout, $template.RetryDelay | Should -Be ([timespan]::FromSeconds(90)), ([timespan]::FromSeconds(2.5))
    }

    It 'is refused with the valid forms where it is day first' {
        (Get-OnlyError { Start-ClaudeTask 'Do it' -Repository $repository -At '31/12/2030' }).Exception.Message | Should -Match "not a valid time.*'2026-12-01 08:00'"
        (Get-OnlyError { Get-ClaudeTask -After '31/12/2030' }).Exception.Message | Should -Match "not a valid time.*'2026-12-01 08:00'"
    }
}
