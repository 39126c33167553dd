BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    $box = New-TestBox
    $repository = New-TestRepository $box

    function Get-Ended([hashtable] $Set) {
        Start-ClaudeTask 'Do it' -Repository $repository -InProcess @Set | Wait-ClaudeTask
    }

    function New-Program([string] $Text, [string] $Mode = '755') {
        $path = "$($box.Folder)/claude-" + [guid]::NewGuid().ToString('N')
        [IO.File]::WriteAllText($path, $Text)
        chmod $Mode $path
        $path
    }

    # Before anything was spent: nothing of the repository has changed, and the next task can have it.
    function Assert-NothingDone($Task, [string] $Reason, [string] $Message) {
        $Task.Status | Should -Be Failed
        $Task.Reason | Should -Be $Reason
        $Task.ReasonText | Should -Match $Message
        $Task.CostUsd | Should -BeNullOrEmpty
        git -C $repository status --porcelain | Should -BeNullOrEmpty
    }
}

AfterAll { Remove-TestBox $box }

Describe 'A Claude Code' {
    AfterEach { $env:SIMULATED_AGENT_SCENARIO = $null }

    It 'that is not there is a failure that says how to get it' {
        Assert-NothingDone (Get-Ended @{ ClaudePath = "$($box.Folder)/none" }) PreFlightFailed 'Claude Code is not at .*/none.*-ClaudePath.*[Ii]nstall'
        Assert-NothingDone (Get-Ended @{ ClaudePath = 'no-such-claude' }) PreFlightFailed 'no-such-claude.*[Ii]nstall'
    }

    It 'that $env:CLAUDE_CODE_PATH does not find is a failure that names the variable' {
        $env:CLAUDE_CODE_PATH = "$($box.Folder)/none"
        try { Assert-NothingDone (Get-Ended @{}) PreFlightFailed 'CLAUDE_CODE_PATH' } finally { $env:CLAUDE_CODE_PATH = Get-AgentPath }
    }

    It 'that is not executable is a failure that names it' -Skip:$IsWindows {
        $program = New-Program "#!/bin/sh`necho 2.1.330`n" 644
        Assert-NothingDone (Get-Ended @{ ClaudePath = $program }) PreFlightFailed ([regex]::Escape($program))
    }

    It 'that is a folder is a failure' {
        Assert-NothingDone (Get-Ended @{ ClaudePath = $box.Folder }) PreFlightFailed 'Claude Code is not at'
    }

    It 'that is too old is a failure that says so, and how to update it' {
        $env:SIMULATED_AGENT_SCENARIO = New-Scenario $box -Settings @{ version = '1.0.98 (Claude Code)' }
        Assert-NothingDone (Get-Ended @{}) PreFlightFailed '1\.0\.98 is too old; 2.*claude update'
    }

    It 'that prints garbage for a version is a failure that shows it' {
        $env:SIMULATED_AGENT_SCENARIO = New-Scenario $box -Settings @{ version = 'I am a teapot' }
        Assert-NothingDone (Get-Ended @{}) PreFlightFailed 'answered no version.*teapot'
    }

    It 'that prints bytes for a version is a failure' -Skip:$IsWindows {
        $program = New-Program "#!/bin/sh`nprintf '\033]0;x\007\377\376\000\n'`n"
        $task = Get-Ended @{ ClaudePath = $program }
        Assert-NothingDone $task PreFlightFailed 'answered no version'
        $task | Format-List ReasonText, Status | Out-String | Should -Not -BeNullOrEmpty
    }

    It 'that fails at --version is a failure with what it said' -Skip:$IsWindows {
        Assert-NothingDone (Get-Ended @{ ClaudePath = New-Program "#!/bin/sh`necho broken pipe dream >&2; exit 7`n" }) PreFlightFailed 'exit code 7: broken pipe dream'
    }

    It 'that exits at once is a failure with what it said' {
        $env:SIMULATED_AGENT_SCENARIO = New-Scenario $box -Settings @{ exitAtStart = 4; stderrAtStart = 'my disk is full' }
        $task = Get-Ended @{}
        Assert-NothingDone $task StartFailed 'my disk is full'
        $task.ExitCode | Should -Be 4
        ($task | Receive-ClaudeTask -Kind StandardError).Text | Should -Contain 'my disk is full'
    }

    It 'that never answers is a failure after the start limit' {
        $env:SIMULATED_AGENT_SCENARIO = New-Scenario $box -Settings @{ initialize = 'ignore' }
        Assert-NothingDone (Get-Ended @{ StartTimeout = 1 }) StartFailed 'did not answer'
        Wait-Until { -not (Get-BoxProcess $box) } 'the agent is gone' | Out-Null
    }

    It 'that speaks garbage instead of the protocol is a failure' -Skip:$IsWindows {
        $program = New-Program "#!/bin/sh`n[ `"`$1`" = --version ] && { echo 2.1.330; exit; }`nhead -c 5000 /dev/urandom`necho '{`"type`":'`nexit 0`n"
        $task = Get-Ended @{ ClaudePath = $program }
        $task.Status | Should -Be Failed
        $task.Reason | Should -Be StartFailed
        ($task | Receive-ClaudeTask -Kind Unknown).Count | Should -BeGreaterThan 0
    }

    It 'that nobody is logged in to is a failure that says how to log in' {
        $env:SIMULATED_AGENT_SCENARIO = New-Scenario $box -Settings @{ account = @{ tokenSource = 'none'; apiKeySource = 'none'; apiProvider = 'firstParty' } }
        Assert-NothingDone (Get-Ended @{}) PreFlightFailed 'not logged in'
    }

    It 'that ends without the evidence of a success is a failure: <name>' -TestCases @(
        @{ name = 'no result'; settings = @{ noResult = $true; noIdle = $true } }
        @{ name = 'exit code'; settings = @{ exitCode = 5 } }
        @{ name = 'an error result'; settings = @{ result = @{ is_error = $true; subtype = 'error_during_execution' } } }
    ) {
        param($settings)
        $prompt = Get-Prompt 'Evidence' @(@{ text = 'All done!' }) $settings
        $task = Start-ClaudeTask $prompt -Repository $repository -InProcess -StallTimeout 5 | Wait-ClaudeTask
        $task.Status | Should -Be Failed
        $task.ReasonText | Should -Not -BeNullOrEmpty
        ($task | Receive-ClaudeTask -Kind Message).Text | Should -Be 'All done!'
    }

    It 'works again afterwards' {
        (Start-ClaudeTask (Get-Prompt 'Fine' @{ text = 'Hello.' }) -Repository $repository -InProcess | Wait-ClaudeTask).Status | Should -Be Completed
    }
}
