BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
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
}

AfterAll { Remove-TestBox $box }

Describe 'What is shown' {
    It 'has something harmless to list of every type that has a view, which no cell of data shows' {
        $views = ([xml](Get-Content "$(Get-ModulePath)/ClaudeTasks.Format.ps1xml")).Configuration.ViewDefinitions.View.ViewSelectedBy.TypeName | Sort-Object -Unique
        $types = ([xml](Get-Content "$(Get-ModulePath)/ClaudeTasks.Types.ps1xml")).Types.Type
        $types.Name | Sort-Object | Should -Be ($views -notmatch '#')
        $types.Members.ScriptProperty.IsHidden | Select-Object -Unique | Should -Be true
        $task | ConvertTo-Csv | Select-Object -First 1 | Should -Not -Match StatusText
        $task | ConvertTo-Json | Should -Not -Match StatusText
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

    It 'has colours where they are wanted' {
        $before = $PSStyle.OutputRendering
        $PSStyle.OutputRendering = 'Ansi'
        try { $text = $task | Get-ClaudeTaskDiff -Stat | Out-String } finally { $PSStyle.OutputRendering = $before }
        $text | Should -Match ([regex]::Escape($PSStyle.Foreground.Green) + '\+')
    }
}
