BeforeAll {
    Import-Module $PSScriptRoot/Common.psm1 -Force
    $box = New-TestBox

    # A colour, a window title, a link, a carriage return that hides, a C1 sequence, a reversed order, an erased screen, a backspace.
    $hostile = "HOSTILE `e[31mred`e[0m `e]0;title`a `e]8;;http://evil.invalid`e\link`e]8;;`e\ safe`rgone $([char]0x9b)31m $([char]0x202e)txt.exe$([char]0x202c) `e[2J`b"
    $controls = '[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f]'
    $name = "re`e[31mpo"
    $repository = New-TestRepository $box $name
    $steps = @{ text = "Message $hostile" }, @{ thinking = "Thinking $hostile" }, @{ stderr = "Stderr $hostile" }, @{ raw = "Unknown $hostile" },
        @{ tool = 'Bash'; input = @{ command = "echo $hostile" } }, (Get-WriteStep "fi`e[31mle`r.txt" "Content $hostile`n"), @{ text = "Result $hostile" }
    Register-ClaudeTaskGate check "printf '%s\n' 'Gate $hostile'" -Repository $repository | Out-Null
    $task = Start-ClaudeTask (Get-Prompt "Prompt $hostile" $steps) -Repository $repository -Session "Session $hostile" -InProcess -ErrorAction Stop |
        Wait-ClaudeTask

    # What a user sees of it on a terminal that asked for no colour.
    function Get-Seen([string] $Script) {
        $result = Invoke-Pwsh $box $Script
        $result.Err | Should -BeNullOrEmpty
        $result.Out.Replace("`r`n", "`n")
    }
}

AfterAll { Remove-TestBox $box }

Describe 'The data' {
    It 'is as it came: nothing is made harmless there' {
        $task.Status | Should -Be WaitingApproval
        $task.Prompt.Contains($hostile) | Should -BeTrue
        $task.Session | Should -BeExactly "Session $hostile"
        $task.Repository | Should -BeExactly $repository
        $task.Result | Should -BeExactly "Result $hostile"
        ($task | Receive-ClaudeTask -Kind Thinking).Text | Should -BeExactly "Thinking $hostile"
        ($task | Receive-ClaudeTask -Kind Unknown | Where-Object Text -Like Unknown*).Text | Should -BeExactly "Unknown $hostile"
        $change = $task | Get-ClaudeTaskDiff
        $change.Path | Should -BeExactly "fi`e[31mle`r.txt"
        $change.Patch.Contains("+Content $hostile") | Should -BeTrue
    }
}

Describe 'What is shown' {
    It 'is harmless in <what>, and still readable' -TestCases @(
        @{ what = 'the table'; script = 'Get-ClaudeTask | Out-String -Width 120'; readable = 'Prompt HOSTILE' }
        @{ what = 'the list'; script = 'Get-ClaudeTask | Format-List'; readable = 'Result HOSTILE' }
        @{ what = 'events'; script = 'Get-ClaudeTask | Receive-ClaudeTask'; readable = 'Message HOSTILE' }
        @{ what = 'all kinds of events'; script = 'Get-ClaudeTask | Receive-ClaudeTask -Kind Message, Thinking, StandardError, Unknown, ToolUse, Permission, Status, Process'; readable = 'Unknown HOSTILE' }
        @{ what = 'the diff'; script = 'Get-ClaudeTask | Get-ClaudeTaskDiff'; readable = '\+Content HOSTILE' }
        @{ what = 'the statistics'; script = 'Get-ClaudeTask | Get-ClaudeTaskDiff -Stat'; readable = '\+1 -0' }
        @{ what = '-WhatIf'; script = 'Get-ClaudeTask | Stop-ClaudeTask -WhatIf; Get-ClaudeTask | Remove-ClaudeTask -WhatIf'; readable = 'What if' }
        @{ what = 'what gates said'; script = 'Get-ClaudeTask | Get-ClaudeTaskGateResult; Get-ClaudeTaskGate'; readable = 'Gate HOSTILE' }
        @{ what = 'the list of what gates said'; script = 'Get-ClaudeTask | Get-ClaudeTaskGateResult | Format-List; Get-ClaudeTaskGate | Format-List'; readable = 'Output +: Gate HOSTILE' }
        @{ what = 'tasks behind other objects'; script = 'Get-Date; Get-ClaudeTask'; readable = 'Prompt HOSTILE' }
        @{ what = 'sessions behind other objects'; script = 'Get-Date; Get-ClaudeTaskSession'; readable = 'Session HOSTILE' }
        @{ what = 'events behind other objects'; script = 'Get-Date; Get-ClaudeTask | Receive-ClaudeTask -Kind Message'; readable = 'Message HOSTILE' }
        @{ what = 'the diff behind other objects'; script = 'Get-Date; Get-ClaudeTask | Get-ClaudeTaskDiff'; readable = 'Added: fi' }
        @{ what = 'what gates said behind other objects'; script = 'Get-Date; Get-ClaudeTask | Get-ClaudeTaskGateResult; Get-ClaudeTaskGate'; readable = 'Gate HOSTILE' }
        @{ what = 'the checks'; script = 'Test-ClaudeTaskPrerequisite (Get-ClaudeTask).Repository'; readable = 'README|uncommitted|fi' }
    ) {
        param($script, $readable)
        $seen = Get-Seen $script
        $seen | Should -Match $readable
        $seen | Should -Not -Match $controls
    }

    It 'has something harmless to list of every type that has a view, which no cell of data shows' {
        $views = ([xml](Get-Content "$(Get-ModulePath)/ClaudeTasks.Format.ps1xml")).Configuration.ViewDefinitions.View.ViewSelectedBy.TypeName | Sort-Object -Unique
        $types = ([xml](Get-Content "$(Get-ModulePath)/ClaudeTasks.Types.ps1xml")).Types.Type
        $types.Name | Sort-Object | Should -Be ($views -notmatch '#')
        $types.Members.ScriptProperty.IsHidden | Select-Object -Unique | Should -Be true
        $task | ConvertTo-Csv | Select-Object -First 1 | Should -Not -Match StatusText
        $task | ConvertTo-Json | Should -Not -Match StatusText
    }

    It 'is harmless in errors and warnings' {
        $result = Invoke-Pwsh $box -Environment @{ EVIL = $hostile } '
            Get-ClaudeTask -Repository "/nowhere/$env:EVIL"
            Start-ClaudeTask "Do it" -Repository "/nowhere/$env:EVIL"
            Start-ClaudeTask "Do it" -AgentArgument "-p$env:EVIL" -Repository (Get-ClaudeTask).Repository -WhatIf
            Start-ClaudeTask "Do it" -AgentArgument "--print=$env:EVIL" -Repository (Get-ClaudeTask).Repository
            Get-ClaudeTask $env:EVIL'
        $result.Err.Replace("`r`n", "`n") + $result.Out.Replace("`r`n", "`n") | Should -Not -Match $controls
        $result.Err | Should -Match 'HOSTILE'
    }

    It 'is harmless while Invoke-ClaudeTask tells what happens, and when it fails' {
        $prompt = Get-Prompt "Prompt $hostile" @{ text = "Message $hostile" }, @{ stderr = "Stderr $hostile" }, @{ exit = 9 }
        [IO.File]::WriteAllText("$($box.Folder)/prompt.txt", $prompt)
        $other = New-TestRepository $box
        $result = Invoke-Pwsh $box "Invoke-ClaudeTask ([IO.File]::ReadAllText('$($box.Folder)/prompt.txt')) -Repository '$other' -InProcess"
        $result.Out | Should -Match 'Message HOSTILE'
        $result.Err | Should -Match 'ended as Failed'
        ($result.Out + $result.Err).Replace("`r`n", "`n") | Should -Not -Match $controls
        Get-ClaudeTask -Repository $other | Remove-ClaudeTask
    }

    It 'fits 80 columns as a table, whatever the tasks are called' {
        $long = New-TestRepository $box ('long' * 20)
        $other = Start-ClaudeTask (Get-Prompt ('A very long prompt indeed ' * 20) @{ text = 'Hello.' }) -Repository $long -InProcess | Wait-ClaudeTask
        $bad = Start-ClaudeTask '漢字だけのとても長いプロンプトです' -Repository $long -InProcess -ClaudePath /none | Wait-ClaudeTask
        $text = Get-ClaudeTask | Out-String -Width 80
        $lines = $text.TrimEnd() -split '\r?\n'
        foreach ($line in $lines) { $Host.UI.RawUI.LengthInBufferCells($line) | Should -BeLessOrEqual 80 -Because $line }
        # A line a task, with the heads: none was broken.
        ($lines | Where-Object { $_.Trim() }).Count | Should -Be 5
        ($task, $other, $bad).Id | ForEach-Object { $text | Should -Match "(?m)^ +$_ " }
        $text | Should -Match 'WaitingApproval'
        $text | Should -Match 'PreFlightFailed'
    }

    It 'has the icons of the statuses' {
        $text = Get-ClaudeTask | Out-String
        $text | Should -Match '⏸️ WaitingApproval'
        $text | Should -Match '✅ Completed'
        $text | Should -Match '⚠️ PreFlightFailed'
    }

    It 'has local times in the list, and UTC in the data' {
        $result = Invoke-Pwsh $box -Environment @{ TZ = 'Asia/Tokyo' } "`$task = Get-ClaudeTask $($task.Id)
            `$task | Format-List | Out-String
            'LOCAL ' + `$task.CreatedAt.ToLocalTime(); 'UTC ' + `$task.CreatedAt.Kind; 'OFFSET ' + [TimeZoneInfo]::Local.BaseUtcOffset"
        $local = [regex]::Match($result.Out, 'LOCAL (.*)').Groups[1].Value.Trim()
        $result.Out | Should -Match ('CreatedAt\s+: ' + [regex]::Escape($local))
        $result.Out | Should -Match 'UTC Utc'
        $result.Out | Should -Match 'OFFSET 09:00:00'
    }

    It 'says in the list what the task is about: no cell is empty that has a value' {
        $text = $task | Format-List | Out-String
        foreach ($property in 'Prompt', 'Repository', 'Session', 'Model', 'Result', 'StartingBranch') { $text | Should -Match "(?m)^$property\s+: \S" }
    }

    It 'shows a task that comes from a file or another session like any other' {
        $task | Export-Clixml "$($box.Folder)/task.xml"
        $copy = Import-Clixml "$($box.Folder)/task.xml"
        $copy | Out-String -Width 120 | Should -Match 'Prompt HOSTILE.*WaitingApproval'
        ($copy | Out-String).Replace("`r`n", "`n") | Should -Not -Match $controls
    }

    It 'has colours where they are wanted' {
        $before = $PSStyle.OutputRendering
        $PSStyle.OutputRendering = 'Ansi'
        try { $text = $task | Get-ClaudeTaskDiff -Stat | Out-String } finally { $PSStyle.OutputRendering = $before }
        $text | Should -Match ([regex]::Escape($PSStyle.Foreground.Green) + '\+')
    }
}
