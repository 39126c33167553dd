BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    $box = New-TestBox
    $repository = New-TestRepository $box 'api'
    $other = New-TestRepository $box "web's"
    $quick = @{ InProcess = $true }
    # Names with a space, quotes of all kinds, what expands, wildcards, a dash in front, something of everything.
    $names = 'plain', 'two words', "it's", 'say "hi"', '$HOME', 'a`b', 'a[1]', 'star*', "typo$([char]0x2019)graphic $([char]0x201c)x$([char]0x201d)", '-dash', '@at', '#hash', 'a;b|c&d(e){f}', '漢字'
    foreach ($name in $names) { New-ClaudeTaskSession $name -Repository $repository | Out-Null }
    $hostile = "Evil `e]0;title`a`e[31mred $([char]0x202e)txt"
    function Say([string] $Text) { Get-Prompt $Text @{ text = 'Hello.' } }
    $tasks = @((Say 'First prompt'), (Say "Second`nline two"), (Say $hostile) | Start-ClaudeTask -Repository $repository -Session 'two words' @quick | Wait-ClaudeTask)
    $away = Start-ClaudeTask (Say 'Elsewhere') -Repository $other -Session elsewhere @quick | Wait-ClaudeTask

    function Complete([string] $Text) { (TabExpansion2 $Text $Text.Length).CompletionMatches }

    # What a command gets that was completed so: the last argument as PowerShell reads it.
    function Get-Argument([string] $Text, [string] $Completion) {
        $completed = TabExpansion2 $Text $Text.Length
        $line = $Text.Substring(0, $completed.ReplacementIndex) + $Completion + $Text.Substring($completed.ReplacementIndex + $completed.ReplacementLength)
        $tokens = $errors = $null
        $ast = [Management.Automation.Language.Parser]::ParseInput($line, [ref] $tokens, [ref] $errors)
        $errors | Should -BeNullOrEmpty -Because $line
        $ast.EndBlock.Statements.Count | Should -Be 1 -Because $line
        $ast.EndBlock.Statements[0].PipelineElements[-1].CommandElements[-1].SafeGetValue()
    }
}

AfterAll { Remove-TestBox $box }

Describe 'Tasks' {
    It 'come newest first, with the prompt''s first line beside the number, in <text>' -TestCases @(
        @{ text = 'Get-ClaudeTask ' }, @{ text = 'Get-ClaudeTask -Id ' }, @{ text = 'Get-ClaudeTask -Task ' }, @{ text = 'Wait-ClaudeTask ' }
        @{ text = 'Approve-ClaudeTask ' }, @{ text = 'Receive-ClaudeTask -Id ' }, @{ text = 'Remove-ClaudeTask ' }, @{ text = 'Get-ClaudeTaskQuestion -Task ' }
        @{ text = 'Start-ClaudeTask x -Continue ' }, @{ text = 'Start-ClaudeTask x -DependsOn ' }, @{ text = 'Export-ClaudeTaskReport x.html -Task ' }
    ) {
        param($text)
        $found = Complete $text
        $found.CompletionText | Should -Be ($away, $tasks[2], $tasks[1], $tasks[0]).Id
        $found[3].ListItemText | Should -Be "$($tasks[0].Id)  First prompt"
        $found[2].ListItemText | Should -Be "$($tasks[1].Id)  Second"
        $found[3].ToolTip | Should -Match "^Completed, \d+s ago, in .*api\nFirst prompt"
    }

    It 'come by the first digits of their number, also as a further one of several' {
        (Complete "Get-ClaudeTask $($tasks[1].Id)").CompletionText | Should -Be $tasks[1].Id
        (Complete "Get-ClaudeTask $($tasks[1].Id), $($tasks[0].Id)").CompletionText | Should -Be $tasks[0].Id
        (Complete "Get-ClaudeTask '$($tasks[1].Id)").CompletionText | Should -Be "'$($tasks[1].Id)'"
    }

    It 'come by the first characters of their GUID' {
        $text = "$($tasks[0].TaskId)"
        foreach ($part in $text.Substring(0, 9), $text.ToUpperInvariant().Substring(0, 20)) {
            $found = Complete "Get-ClaudeTask -TaskId $part"
            $found.CompletionText | Should -Be $text
            $found.ListItemText | Should -Be "$($tasks[0].Id)  First prompt"
        }
    }

    It 'are those of the repository that is given' {
        (Complete "Start-ClaudeTask x -Repository '$($other.Replace("'", "''"))' -Continue ").CompletionText | Should -Be $away.Id
        Push-Location $other
        try { (Complete 'Start-ClaudeTask x -Repository . -Continue ').CompletionText | Should -Be $away.Id } finally { Pop-Location }
    }
}

Describe 'Names' {
    It 'are written so that the command gets them as they are: <kind>' -TestCases @(
        @{ kind = 'bare'; text = 'Start-ClaudeTask x -Session '; escape = $false }
        @{ kind = 'in single quotes'; text = "Start-ClaudeTask x -Session '"; escape = $false }
        @{ kind = 'in double quotes'; text = 'Start-ClaudeTask x -Session "'; escape = $false }
        @{ kind = 'in typographic quotes'; text = "Start-ClaudeTask x -Session $([char]0x2018)"; escape = $false }
        @{ kind = 'as a pattern'; text = 'Get-ClaudeTask -Session '; escape = $true }
        @{ kind = 'as a pattern in quotes'; text = 'Get-ClaudeTaskSession "'; escape = $true }
    ) {
        param($text, $escape)
        $found = Complete $text
        foreach ($name in $names) {
            $item = $found | Where-Object ListItemText -EQ $name
            $item | Should -HaveCount 1 -Because $name
            Get-Argument $text $item.CompletionText | Should -BeExactly ($escape ? [WildcardPattern]::Escape($name) : $name)
        }
    }

    It 'that are completed as a pattern find what they name, and nothing else' {
        foreach ($item in Complete 'Get-ClaudeTaskSession ' | Where-Object ListItemText -In $names) {
            (Invoke-Expression "Get-ClaudeTaskSession $($item.CompletionText)").Name | Should -BeExactly $item.ListItemText
            { Invoke-Expression "Get-ClaudeTask -Session $($item.CompletionText) -ErrorAction Stop" } | Should -Not -Throw
        }
    }

    It 'are completed from what was typed of them: <typed>' -TestCases @(
        @{ typed = 'two'; is = "'two words'" }, @{ typed = "'TWO w"; is = "'two words'" }, @{ typed = '"two w'; is = '"two words"' }, @{ typed = "'it''s"; is = "'it''s'" }, @{ typed = "'a["; is = "'a[1]'" }, @{ typed = 'a['; is = "'a[1]'" }, @{ typed = 'a[[]'; is = "'a[1]'" }, @{ typed = 'rds'; is = "'two words'" }, @{ typed = 'tw*or'; is = "'two words'" }, @{ typed = '漢'; is = '漢字' }
    ) {
        param($typed, $is)
        (Complete "Start-ClaudeTask x -Session $typed").CompletionText | Should -Be $is
    }

    It 'of sessions are those of the repository that is given' {
        (Complete "Start-ClaudeTask x -Repository `"$other`" -Session ").CompletionText | Should -Be elsewhere
        (Complete "Get-ClaudeTaskSession -Repository '$repository' -Name else").CompletionText | Should -Not -Contain elsewhere
        (Complete "Get-ClaudeTask -Repository '$($box.Folder)' -Session two").CompletionText | Should -Not -Contain "'two words'"
        (Complete 'Get-ClaudeTask -Session two').ToolTip | Should -Match 'ago, in .*api: Evil'
    }

    It 'of repositories are those that the store knows, then folders' {
        $found = (Complete 'Start-ClaudeTask x -Repository ').CompletionText
        $found | Select-Object -First 2 | Should -Be "'$($other.Replace("'", "''"))'", $repository
        (Complete 'Get-ClaudeTask -Repository ap').CompletionText | Should -Be $repository
        $folder = (New-Item -ItemType Directory "$($box.Folder)/folder").FullName
        Push-Location $box.Folder
        try { (Complete 'Get-ClaudeTask -Repository ./fo').CompletionText | Should -BeLike '*folder' } finally { Pop-Location }
        [IO.File]::WriteAllText("$folder/file.txt", '')
        (Complete "Get-ClaudeTask -Repository $folder/").CompletionText | Should -Not -Contain "$folder/file.txt"
    }

    It 'of gates are those that would run, or all' {
        Register-ClaudeTaskGate everywhere 'true' -Order 2 | Out-Null
        Register-ClaudeTaskGate 'unit tests' 'dotnet test' -Repository $repository | Out-Null
        (Complete 'Start-ClaudeTask x -Gate ').CompletionText | Should -Be "'unit tests'", 'everywhere'
        (Complete "Start-ClaudeTask x -Repository '$($other.Replace("'", "''"))' -Gate ").CompletionText | Should -Be everywhere
        (Complete 'Unregister-ClaudeTaskGate unit').ToolTip | Should -Match "Required, in .*api\ndotnet test"
        Get-ClaudeTaskGate | Unregister-ClaudeTaskGate
    }

    It 'of templates, models, permission modes and statuses are known' {
        Register-ClaudeTaskTemplate 'fix issue' 'Fix {{Issue}}' -Description 'A fix' | Out-Null
        (Complete 'Start-ClaudeTask -Template ').CompletionText | Should -Be "'fix issue'"
        (Complete 'Start-ClaudeTask -Template ').ToolTip | Should -Be "A fix`nFix {{Issue}}"
        $model = Start-ClaudeTask (Say 'With a model') -Repository $repository -Model claude-test-9 @quick | Wait-ClaudeTask
        (Complete 'Start-ClaudeTask x -Model claude-test').CompletionText | Should -Contain $model.Model
        (Complete 'Start-ClaudeTask x -Model o').CompletionText | Should -Contain opus
        (Complete 'Set-ClaudeTaskOption -PermissionMode p').CompletionText | Should -Be plan
        (Complete 'Get-ClaudeTask -Status wait').CompletionText | Should -Be WaitingApproval, WaitingQa
        $model | Remove-ClaudeTask
    }

    It 'of options are known, and their values' {
        (Complete 'Get-ClaudeTaskOption ret').CompletionText | Should -Be RetainDays, RetainEventDays
        (Complete 'Set-ClaudeTaskOption -Reset start').CompletionText | Should -Be StartTimeout
        (Complete 'Set-ClaudeTaskOption -ThrottleLimit ').CompletionText | Should -Be 5
        $value = (Complete 'Set-ClaudeTaskOption -Timeout ').CompletionText
        Invoke-Expression "Set-ClaudeTaskOption -Timeout $value"
        (Get-ClaudeTaskOption Timeout).Value | Should -Be ([timespan]'00:10')
    }
}

Describe 'Questions, rules and reasons' {
    BeforeAll {
        $asking = Start-ClaudeTask (Get-Prompt 'Ask me' @{ askUser = @{ question = 'Which color?'; options = 'Deep red', 'Blue' } }) -Repository $repository -OnQuestion Ask @quick
        $question = Wait-Question $asking
    }

    It 'come by number, with what is asked' {
        foreach ($text in 'Resolve-ClaudeTaskQuestion ', 'Get-ClaudeTaskQuestion -Id ') {
            (Complete $text).CompletionText | Should -Be $question.Id
            (Complete $text).ToolTip | Should -Match "Question of task $($asking.Id).*\nWhich color\?"
        }
    }

    It 'offer the answers that Claude offers' {
        (Complete "Resolve-ClaudeTaskQuestion $($question.Id) -Answer ").CompletionText | Should -Be "'Deep red'", 'Blue'
        (Complete "Resolve-ClaudeTaskQuestion -Id $($question.Id) -Answer b").CompletionText | Should -Be Blue
        (Complete 'Get-ClaudeTaskQuestion | Resolve-ClaudeTaskQuestion -Answer b').CompletionText | Should -Be Blue
        (Complete 'Resolve-ClaudeTaskQuestion 9999 -Answer b').CompletionText | Should -Not -Contain Blue
        Resolve-ClaudeTaskQuestion $question.Id Blue
        $asking | Wait-ClaudeTask | Out-Null
        (Complete 'Resolve-ClaudeTaskQuestion ').CompletionText | Should -Not -Contain $question.Id
    }

    It 'offer standing rules by number, and the reasons that were given before' {
        $task = Start-ClaudeTask (Get-Prompt 'Run it' (Get-AskStep 'make all'), (Get-WriteStep a.txt)) -Repository $repository -OnQuestion Ask @quick
        Wait-Question $task | Resolve-ClaudeTaskQuestion -Allow -Remember
        $rule = Get-ClaudeTaskRule
        (Complete 'Remove-ClaudeTaskRule ').CompletionText | Should -Be $rule.Id
        (Complete 'Remove-ClaudeTaskRule ').ListItemText | Should -Be "$($rule.Id)  Bash: make all"
        $task | Wait-ClaudeTask | Deny-ClaudeTask -Reason 'wrong layer' | Out-Null
        (Complete "Deny-ClaudeTask $($task.Id) -Reason ").CompletionText | Should -Be "'wrong layer'"
    }
}

Describe 'Where something is wrong' {
    BeforeAll { $texts = 'Get-ClaudeTask ', 'Get-ClaudeTask -Session ', 'Start-ClaudeTask x -Repository ', 'Start-ClaudeTask x -Model ', 'Start-ClaudeTask x -Repository /nowhere -Gate ', 'Set-ClaudeTaskOption -Timeout ' }

    AfterEach { $env:CLAUDETASKS_HOME = $box.Home }

    It 'no store is made where there is none, and what needs none is completed' {
        $env:CLAUDETASKS_HOME = "$($box.Folder)/none"
        foreach ($text in $texts) { Complete $text | Out-Null }
        (Complete 'Start-ClaudeTask x -Model son').CompletionText | Should -Be sonnet
        (Complete 'Get-ClaudeTaskOption thr').CompletionText | Should -Be ThrottleLimit
        "$($box.Folder)/none" | Should -Not -Exist
    }

    It 'nothing is touched in a store that is <what>, and no error comes' -TestCases @(
        @{ what = 'no database'; content = 'This is no database, but long enough to look like a file of some kind. ' * 20 }, @{ what = 'empty'; content = '' }
    ) {
        param($content)
        $folder = (New-Item -ItemType Directory "$($box.Folder)/$([guid]::NewGuid().ToString('N'))").FullName
        [IO.File]::WriteAllText("$folder/tasks.db", $content)
        $env:CLAUDETASKS_HOME = $folder
        foreach ($text in $texts) { { Complete $text } | Should -Not -Throw }
        [IO.File]::ReadAllText("$folder/tasks.db") | Should -BeExactly $content
        (Get-ChildItem $folder).Name | Should -Be tasks.db
    }

    It 'nothing comes from a store of another version, which stays as it is' {
        $folder = (New-Item -ItemType Directory "$($box.Folder)/newer").FullName
        $env:CLAUDETASKS_HOME = $folder
        $result = Invoke-Pwsh $box "Get-ClaudeTask | Out-Null
            `$sqlite = [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { `$_.GetName().Name -eq 'Microsoft.Data.Sqlite' }
            `$connection = `$sqlite.GetType('Microsoft.Data.Sqlite.SqliteConnection')::new('Data Source=$folder/tasks.db;Pooling=False'); `$connection.Open()
            `$command = `$connection.CreateCommand(); `$command.CommandText = 'PRAGMA user_version = 999'; [void]`$command.ExecuteNonQuery(); `$connection.Dispose()
            (TabExpansion2 'Get-ClaudeTask -Session ' 24).CompletionMatches.Count; (TabExpansion2 'Start-ClaudeTask x -Model opusp' 31).CompletionMatches.CompletionText"
        $result.Err | Should -BeNullOrEmpty
        $result.Out -split '\r?\n' | Select-Object -Last 1 | Should -Be opusplan
    }

    It 'no error is left in $Error, also of a repository that is none' {
        $Error.Clear()
        (Complete "Start-ClaudeTask x -Repository '/no[where' -Session two").CompletionText | Should -Not -Contain "'two words'"
        (Complete 'Start-ClaudeTask x -Repository nodrive:/x -Session two').CompletionText | Should -Not -Contain "'two words'"
        $Error | Should -BeNullOrEmpty
    }
}
