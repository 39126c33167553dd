BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    $box = New-TestBox
    $repository = New-TestRepository $box

    # The error is the catalogue's, and nothing of the task is left.
    function Assert-Refused([scriptblock] $Script, [string] $Id, [string] $Category) {
        $count = @(Get-ClaudeTask).Count
        $failure = Get-OnlyError $Script
        $failure.FullyQualifiedErrorId | Should -Be "$Id,ClaudeTasks.Commands.StartClaudeTaskCommand"
        $failure.CategoryInfo.Category | Should -Be $Category
        $failure.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        @(Get-ClaudeTask).Count | Should -Be $count
        $failure
    }
}

AfterAll { Remove-TestBox $box }

Describe 'A prompt' {
    It 'must say something: <name>' -TestCases @(
        @{ name = 'empty'; prompt = '' }, @{ name = 'blank'; prompt = '   ' }, @{ name = 'only lines'; prompt = "`r`n`t`n" }
        @{ name = 'a space without a break'; prompt = [string][char]0xa0 }
    ) {
        param($prompt)
        Assert-Refused { Start-ClaudeTask $prompt -Repository $repository } InvalidPrompt InvalidArgument | Out-Null
        Assert-Refused { $prompt | Start-ClaudeTask -Repository $repository } InvalidPrompt InvalidArgument | Out-Null
    }

    It 'must be whole characters' {
        Assert-Refused { Start-ClaudeTask "half $([char]0xd83d) of it" -Repository $repository } InvalidPrompt InvalidArgument | Out-Null
    }

    It 'may not be longer than can be sent, and the error does not repeat it' {
        $failure = Assert-Refused { Start-ClaudeTask ('x' * 9MB) -Repository $repository } InvalidPrompt InvalidArgument
        "$failure".Length | Should -BeLessThan 500
        "$($failure.TargetObject)".Length | Should -BeLessThan 500
    }

    It 'does not spoil its neighbours in the pipeline' {
        $prompt = Get-Prompt 'Good' @{ text = 'Hello.' }
        $failures = $null
        $tasks = $prompt, ' ', $prompt | Start-ClaudeTask -Repository $repository -InProcess -ErrorVariable failures -ErrorAction SilentlyContinue
        $tasks.Count | Should -Be 2
        $failures.Count | Should -Be 1
        ($tasks | Wait-ClaudeTask).Status | Should -Be Completed, Completed
    }

    It 'reaches the agent character by character: <name>' -TestCases @(
        @{ name = 'a leading minus'; prompt = '--version -p' }, @{ name = 'a leading slash'; prompt = '/clear the table' }
        @{ name = 'an at sign'; prompt = '@README.md' }, @{ name = 'quotes and backslashes'; prompt = "`"a`" 'b' \c \`" `$HOME ``x`` %PATH% {}" }
        @{ name = 'many scripts'; prompt = "日本語 العربية עברית हिन्दी ไทย 🎉👩‍👩‍👧 e$([char]0x301)" }, @{ name = 'lines'; prompt = "one`r`ntwo`n`n`tthree`n" }
        @{ name = 'control characters'; prompt = "a`e[31mb`a$([char]0x85)$([char]0x2028)c" }, @{ name = 'a NUL'; prompt = "a`0b" }
        @{ name = 'surrounding blanks'; prompt = '  x  ' }
    ) {
        param($prompt)
        $scenario = New-Scenario $box @{ echoPrompt = 1 }
        $task = Start-ClaudeTask $prompt -Repository $repository -AgentArgument "--scenario=$scenario" -InProcess | Wait-ClaudeTask
        $task.Status | Should -Be Completed
        $task.Prompt | Should -BeExactly $prompt
        ($task | Receive-ClaudeTask -Kind Message).Text | Should -BeExactly $prompt
        (Get-ClaudeTask $task.Id).Prompt.Length | Should -Be $prompt.Length
    }

    It 'may have a megabyte' {
        $prompt = 'ü€ ' * 175000
        $scenario = New-Scenario $box @{ echoPrompt = 1 }
        $task = Start-ClaudeTask $prompt -Repository $repository -AgentArgument "--scenario=$scenario" | Wait-ClaudeTask
        $task.Status | Should -Be Completed
        $task.Result -ceq $prompt | Should -BeTrue
    }
}

Describe 'A setting' {
    It 'that no task can have is refused: <name> <what>' -TestCases @(
        @{ name = 'Timeout'; what = '-5'; value = -5 }, @{ name = 'Timeout'; what = '0'; value = 0 }, @{ name = 'Timeout'; what = '8d'; value = '8d' }
        @{ name = 'StallTimeout'; what = '0'; value = 0 }, @{ name = 'StartTimeout'; what = '-1'; value = '-1' }
        @{ name = 'ThrottleLimit'; what = '0'; value = 0 }, @{ name = 'ThrottleLimit'; what = '-1'; value = -1 }
        @{ name = 'Session'; what = 'blank'; value = '   ' }, @{ name = 'AppendSystemPrompt'; what = 'of 30000 characters'; value = 'x' * 30000 }
        @{ name = 'Model'; what = 'with a NUL'; value = "a`0b" }, @{ name = 'AgentArgument'; what = 'with a NUL'; value = "--x=`0" }
    ) {
        param($name, $value)
        $set = @{ $name = $value }
        Assert-Refused { Start-ClaudeTask 'Do it' -Repository $repository @set } InvalidArgument InvalidArgument | Out-Null
    }

    It 'that is not a valid time limit is refused: <value>' -TestCases @(@{ value = 'abc' }, @{ value = 1e30 }, @{ value = '' }, @{ value = [double]::NaN }, @{ value = $true }) {
        param($value)
        $failure = Get-OnlyError { Start-ClaudeTask 'Do it' -Repository $repository -Timeout $value }
        $failure.FullyQualifiedErrorId | Should -Be 'ParameterArgumentTransformationError,ClaudeTasks.Commands.StartClaudeTaskCommand'
        $failure.Exception.Message | Should -Match 'not a valid time limit.*90s, 20m, 1h30m'
    }

    It 'that would break the agent''s protocol is refused by name: <value>' -TestCases @(
        @{ value = '-p' }, @{ value = '--print' }, @{ value = '--output-format=text' }, @{ value = '--resume=x' }, @{ value = '--' }, @{ value = '--model=x' }
    ) {
        param($value)
        $failure = Assert-Refused { Start-ClaudeTask 'Do it' -Repository $repository -AgentArgument '--ok', $value } AgentArgumentRefused InvalidArgument
        $failure.Exception.Message | Should -Match ([regex]::Escape($value.Split('=')[0]))
    }
}
