# Each script runs as a step of a CI service does: in a pwsh of its own, with no terminal and the service's variables.
BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    $box = New-TestBox
    $github = @{ GITHUB_ACTIONS = 'true'; GITHUB_STEP_SUMMARY = "$($box.Folder)/summary.md" }
    $azure = @{ TF_BUILD = 'True'; AGENT_TEMPDIRECTORY = $box.Folder }
    $error50 = Get-Prompt 'Fail' @() @{ result = @{ is_error = $true; result = "50% of: it;`n[no]" } }
    $hostileText = "::add-mask::evil`n  ::error::evil`n##[error]evil`na ##vso[task.setvariable variable=evil]evil"

    # A script with variables; here-strings and quotes are the prompts' own.
    function Invoke-Step([string] $Script, [hashtable] $Environment = @{}, [hashtable] $Variables = @{}) {
        $file = [IO.Path]::Combine($box.Folder, [guid]::NewGuid().ToString('N') + '.xml')
        $Variables | Export-Clixml $file
        Invoke-Pwsh $box "`$v = Import-Clixml '$file'`n$Script" -Environment $Environment
    }

    function Get-Line($Result) { $Result.Out -split '\r?\n' }
}

AfterAll { Remove-TestBox $box }

Describe 'Invoke-ClaudeTask under GitHub Actions' {
    It 'folds what each task does into a group, and adds a report of each to the summary' {
        Set-Content $github.GITHUB_STEP_SUMMARY 'from an earlier command'
        $prompts = (Get-Prompt '100% of it' @{ text = 'Hello.' }), (Get-Prompt 'Second' @{ text = 'Bye.' })
        $result = Invoke-Step '$v.Prompts | Invoke-ClaudeTask -Repository $v.Repository | Out-Null' $github @{ Prompts = $prompts; Repository = New-TestRepository $box }
        $result.ExitCode | Should -Be 0
        $lines = Get-Line $result
        $marks = $lines | Where-Object { $_ -match '^::|^Hello|^Bye' }
        $marks -replace '^(::group::Task )\d+(: [^{]*).*', '$1n$2' | Should -Be '::group::Task n: 100%25 of it SCENARIO ', Hello., '::endgroup::', '::group::Task n: Second SCENARIO ', Bye., '::endgroup::'
        $summary = Get-Content $github.GITHUB_STEP_SUMMARY -Raw
        $summary | Should -Match '^from an earlier command\r?\n# <code>'
        $summary | Should -Match '100&#37; of it|100% of it'
        $summary | Should -Match Second
    }

    It 'makes a bad ending an error of the run, in one line' {
        $result = Invoke-Step 'Invoke-ClaudeTask $v.Prompt -Repository $v.Repository -ErrorAction Stop' $github @{ Prompt = $error50; Repository = New-TestRepository $box }
        $result.ExitCode | Should -Not -Be 0
        $errors = @(Get-Line $result | Where-Object { $_ -like '::error*' })
        $errors | Should -HaveCount 1
        $errors[0] | Should -Match '^::error title=Claude task::Task \d+ ended as Failed \(AgentError\): 50%25 of: it;%0A\[no\] Receive-ClaudeTask \d+ shows'
        Get-Content $github.GITHUB_STEP_SUMMARY -Raw | Should -Match 'Failed: AgentError'
    }

    It 'says so when the summary has no room, and leaves it as it is' {
        $full = "$($box.Folder)/full.md"
        [IO.File]::WriteAllText($full, 'x' * (1024 * 1024 - 100))
        $result = Invoke-Step 'Invoke-ClaudeTask $v.Prompt -Repository $v.Repository | Out-Null' @{ GITHUB_ACTIONS = 'true'; GITHUB_STEP_SUMMARY = $full } @{
            Prompt = Get-Prompt 'One' @{ text = 'Hello.' }; Repository = New-TestRepository $box
        }
        $result.ExitCode | Should -Be 0
        $result.Out | Should -Match 'summary has no room for task \d+; Get-ClaudeTask \d+ \| Export-ClaudeTaskReport'
        (Get-Item $full).Length | Should -Be (1024 * 1024 - 100)
    }

    It 'goes on when the summary cannot be written or there is none' {
        $variables = @{ Prompt = Get-Prompt 'One' @{ text = 'Hello.' }; Repository = New-TestRepository $box }
        $result = Invoke-Step 'Invoke-ClaudeTask $v.Prompt -Repository $v.Repository | Out-Null' @{ GITHUB_ACTIONS = 'true'; GITHUB_STEP_SUMMARY = $box.Folder } $variables
        $result.ExitCode | Should -Be 0
        $result.Out -replace '\s+', ' ' | Should -Match "WARNING: The run's summary has no report of task"
        $result = Invoke-Step 'Invoke-ClaudeTask $v.Prompt -Repository $v.Repository | Out-Null' @{ GITHUB_ACTIONS = 'true' } $variables
        $result.ExitCode | Should -Be 0
        $result.Out | Should -Not -Match WARNING
    }

    It 'writes no summary through a link that a program left in its place' -Skip:$IsWindows {
        Set-Content "$($box.Folder)/mine.txt" mine
        ln -s mine.txt "$($box.Folder)/link.md"
        $result = Invoke-Step 'Invoke-ClaudeTask $v.Prompt -Repository $v.Repository | Out-Null' @{ GITHUB_ACTIONS = 'true'; GITHUB_STEP_SUMMARY = "$($box.Folder)/link.md" } @{
            Prompt = Get-Prompt 'One' @{ text = 'Hello.' }; Repository = New-TestRepository $box
        }
        $result.ExitCode | Should -Be 0
        $result.Out -replace '\s+', ' ' | Should -Match "WARNING: The run's summary has no report of task"
        Get-Content "$($box.Folder)/mine.txt" | Should -Be mine
    }

    It 'shows only the error and the summary with -Quiet' {
        $result = Invoke-Step 'Invoke-ClaudeTask $v.Prompt -Repository $v.Repository -Quiet | Out-Null' $github @{ Prompt = $error50; Repository = New-TestRepository $box }
        Get-Line $result | Should -HaveCount 1
        $result.Out | Should -Match '^::error '
    }
}

Describe 'Invoke-ClaudeTask under Azure Pipelines' {
    It 'has groups, an error and a summary in its own words' {
        $result = Invoke-Step 'Invoke-ClaudeTask $v.Prompt -Repository $v.Repository -ErrorAction Stop' $azure @{ Prompt = $error50; Repository = New-TestRepository $box }
        $result.ExitCode | Should -Not -Be 0
        $marks = @(Get-Line $result | Where-Object { $_ -match '##' })
        $marks | Should -HaveCount 4
        $marks[0] | Should -Match '^##\[group\]Task \d+: Fail'
        $marks[1] | Should -Be '##[endgroup]'
        $marks[2] | Should -Match '^##vso\[task\.logissue type=error\]Claude task: Task \d+ ended as Failed \(AgentError\): 50%AZP25 of: it%3B%0A\[no%5D Receive'
        $marks[3] | Should -Match '^##vso\[task\.uploadsummary\].*Claude task \d+\.md$'
        Get-Content ($marks[3] -replace '^##vso\[task\.uploadsummary\]') -Raw | Should -Match 'Failed: AgentError'
        $result.Out | Should -Not -Match '(?m)^::'
    }
}

Describe 'A program that knows the name of the summary under Azure Pipelines' {
    It 'gets nothing written through its link' -Skip:$IsWindows {
        $temporary = (New-Item -ItemType Directory "$($box.Folder)/azure").FullName
        Set-Content "$($box.Folder)/mine.txt" mine
        1..300 | ForEach-Object { [void][IO.File]::CreateSymbolicLink("$temporary/Claude task $_.md", "$($box.Folder)/mine.txt") }
        $result = Invoke-Step 'Invoke-ClaudeTask $v.Prompt -Repository $v.Repository | Out-Null' @{ TF_BUILD = 'True'; AGENT_TEMPDIRECTORY = $temporary } @{
            Prompt = Get-Prompt 'One' @{ text = 'Hello.' }; Repository = New-TestRepository $box
        }
        $result.ExitCode | Should -Be 0
        $result.Out -replace '\s+', ' ' | Should -Match "WARNING: The run's summary has no report of task"
        Get-Content "$($box.Folder)/mine.txt" | Should -Be mine
    }
}

Describe 'Elsewhere' {
    It 'writes the log as at a terminal <when>' -TestCases @(
        @{ when = 'with -NoCIFormat under GitHub Actions'; service = 'github'; switch = '-NoCIFormat' }
        @{ when = 'with -NoCIFormat under Azure Pipelines'; service = 'azure'; switch = '-NoCIFormat' }
        @{ when = 'where no service is'; service = ''; switch = '' }
    ) {
        param($service, $switch)
        $environment = switch ($service) { github { @{ GITHUB_ACTIONS = 'true'; GITHUB_STEP_SUMMARY = "$($box.Folder)/none.md" } } azure { $azure } default { @{} } }
        $result = Invoke-Step "Invoke-ClaudeTask `$v.Prompt -Repository `$v.Repository $switch -ErrorAction Stop" $environment @{ Prompt = $error50; Repository = New-TestRepository $box }
        $result.ExitCode | Should -Not -Be 0
        $result.Out | Should -Match '── Running'
        $result.Out | Should -Not -Match '(?m)^::|##'
        "$($box.Folder)/none.md" | Should -Not -Exist
    }
}

Describe 'Text from outside' {
    It 'starts no command under <service>' -TestCases @(@{ service = 'github' }, @{ service = 'azure' }) {
        param($service)
        $repository = New-TestRepository $box
        $wide = 'a' * 79
        # Views break the line after 79 characters, which puts the rest of it at the start of the next.
        $steps = @{ text = "$hostileText`n${wide}::add-mask::evil" }, @{ stderr = $hostileText }, (Get-WriteStep a.txt "$hostileText`n"),
            @{ tool = 'Bash'; input = @{ command = "echo '$hostileText'" } }
        $prompt = Get-Prompt $hostileText $steps @{ result = @{ is_error = $true; result = "$hostileText`n${wide}::add-mask::evil" } }
        $result = Invoke-Step '
            Register-ClaudeTaskGate "##[error]evil" "exit 1" -Repository $v.Repository
            Invoke-ClaudeTask $v.Prompt -Repository $v.Repository
            $task = Get-ClaudeTask -Repository $v.Repository
            $task; $task | Format-List; $task | Receive-ClaudeTask; $task | Get-ClaudeTaskDiff; $task | Get-ClaudeTaskDiff -Stat
            $task | Remove-ClaudeTask -WhatIf
            Start-ClaudeTask Again -Repository $v.Repository -Gate nope
            Get-ClaudeTaskGate | Format-List
            ' ($service -eq 'github' ? $github : $azure) @{ Prompt = $prompt; Repository = $repository }
        $result.Out | Should -Match evil
        # What the runners look for, by their sources; ours are the only ones, and hold none of these words where a command has its name.
        $all = ($result.Out + "`n" + $result.Err) -split '\r?\n'
        $all | Where-Object { $_ -match '^\s*::' -and $_ -notmatch '^::(group|endgroup|error title=Claude task)::' } | Should -BeNullOrEmpty
        $all | Where-Object { $_ -match '##(vso)?\[' -and $_ -notmatch '^##(\[group\]|\[endgroup\]|vso\[task\.(logissue type=error|uploadsummary)\])' } | Should -BeNullOrEmpty
        $all | Where-Object { ([regex]::Matches($_, '##(vso)?\[')).Count -gt 1 } | Should -BeNullOrEmpty
        # The data is as it came.
        (Get-ClaudeTask -Repository $repository).ReasonText | Should -Match '(?m)^::add-mask::evil'
    }
}

Describe 'A script with -ErrorAction Stop' {
    It 'fails when a task <what>' -TestCases @(
        @{ what = 'fails'; steps = @(@{ exit = 3 }); says = 'ended as Failed \(AgentError\)' }
        @{ what = 'runs longer than it may'; steps = @(@{ hang = 1 }); parameters = @{ Timeout = '1s' }; says = 'ended as Failed \(TimedOut\)' }
        @{ what = 'is refused before it runs'; steps = @(@{ text = 'x' }); dirty = $true; says = 'ended as Failed \(PreFlightFailed\)' }
        @{ what = 'does not pass its gates'; steps = @(@{ tool = 'Write'; input = @{ file_path = 'a'; content = 'x' } }); gate = 'exit 1'; says = 'ended as QaFailed \(GateFailed\)' }
        @{ what = 'has a gate that hangs'; steps = @(@{ tool = 'Write'; input = @{ file_path = 'a'; content = 'x' } }); gate = 'sleep 60'; says = 'ended as QaFailed' }
        @{ what = 'is not approved by itself'; steps = @(@{ tool = 'Write'; input = @{ file_path = 'a'; content = 'x' } }); parameters = @{ AutoApprove = $true }; says = 'was not approved by itself' }
        @{ what = 'is to pass a gate that there is not'; steps = @(@{ text = 'x' }); parameters = @{ Gate = 'nope' }; says = 'no gate .nope.' }
        @{ what = 'waits behind a decision'; steps = @(@{ text = 'x' }); blocked = $true; says = 'stays in the queue' }
    ) {
        param($steps, $parameters, $dirty, $gate, $blocked, $says)
        $repository = New-TestRepository $box
        if ($dirty) { Set-Content "$repository/dirty.txt" x }
        if ($gate) { Register-ClaudeTaskGate check $gate -Repository $repository -Timeout 2 | Out-Null }
        if ($blocked) { Start-ClaudeTask 'Write a note' -Repository $repository -InProcess | Wait-ClaudeTask | Out-Null }
        $result = Invoke-Step '
            $more = $v.Parameters
            Invoke-ClaudeTask $v.Prompt -Repository $v.Repository -ErrorAction Stop @more
            "not reached"' @{} @{ Prompt = Get-Prompt 'One' $steps; Repository = $repository; Parameters = $parameters ?? @{} }
        $result.ExitCode | Should -Not -Be 0
        $result.Out | Should -Not -Match 'not reached'
        $result.Err -replace '\s+(\| )?', ' ' | Should -Match $says
    }

    It 'fails when somebody <verb>s its task' -TestCases @(@{ verb = 'Stop'; says = 'ended as Cancelled' }, @{ verb = 'Suspend'; says = 'is suspended' }) {
        param($verb, $says)
        $repository = New-TestRepository $box
        $prompt = (Get-Prompt 'One' @{ hang = 1 }).Replace("'", "''")
        $step = Start-Pwsh $box "Invoke-ClaudeTask '$prompt' -Repository '$repository' -ErrorAction Stop; 'not reached'"
        Wait-Until { (Get-ClaudeTask -Repository $repository -ErrorAction Ignore).Status -eq 'Running' } | Out-Null
        Get-ClaudeTask -Repository $repository | & "$verb-ClaudeTask"
        $result = Complete-Pwsh $step
        $result.ExitCode | Should -Not -Be 0
        $result.Out | Should -Not -Match 'not reached'
        $result.Err | Should -Match $says
    }

    It 'goes on after a task that did its work' {
        $repository = New-TestRepository $box
        Register-ClaudeTaskGate check 'test -f a.txt' -Repository $repository | Out-Null
        $result = Invoke-Step 'Invoke-ClaudeTask $v.Prompt -Repository $v.Repository -AutoApprove -Quiet -ErrorAction Stop | ForEach-Object Status; "reached"' @{} @{
            Prompt = Get-Prompt 'One' (Get-WriteStep a.txt); Repository = $repository
        }
        $result.ExitCode | Should -Be 0
        Get-Line $result | Should -Be Completed, reached
    }
}

Describe 'Where there is no terminal' {
    It 'shows no progress bar, no prompt and no escape sequence with <what>' -TestCases @(
        @{ what = 'Wait-ClaudeTask'; script = 'Start-ClaudeTask $v.Prompt -Repository $v.Repository | Wait-ClaudeTask | Out-Null' }
        @{ what = 'Invoke-ClaudeTask'; script = 'Invoke-ClaudeTask $v.Prompt -Repository $v.Repository | Out-Null' }
        @{ what = 'Receive-ClaudeTask'; script = 'Start-ClaudeTask $v.Prompt -Repository $v.Repository | Receive-ClaudeTask -Follow' }
    ) {
        param($what, $script)
        # Slow enough for a bar to be drawn, were there one.
        $prompt = Get-Prompt 'PROMPT-OF-IT' @{ text = 'Hello.' }, @{ delay = 1500 }, (Get-WriteStep a.txt)
        $result = Invoke-Step $script @{ NO_COLOR = '1' } @{ Prompt = $prompt; Repository = New-TestRepository $box }
        $result.ExitCode | Should -Be 0
        $result.Out + $result.Err | Should -Not -Match "`e|PROMPT-OF-IT|Confirm|\[Y\]"
        $result.Err | Should -BeNullOrEmpty
    }
}
