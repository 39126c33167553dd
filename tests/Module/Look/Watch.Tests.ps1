# The live timeline in a real terminal: tmux is one, and can be read. What needs no terminal is tested beside the core (Timeline).
BeforeDiscovery { $hasTmux = [bool](Get-Command tmux -CommandType Application -ErrorAction Ignore) }

BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    $box = New-TestBox
    $repository = New-TestRepository $box
    $socket = "$($box.Folder)/tmux"

    function Open-Terminal([string] $Script, [hashtable] $Environment = @{}) {
        $file = "$($box.Folder)/watch.ps1"
        [IO.File]::WriteAllText($file, "Import-Module '$(Get-ModulePath)'`n$Script")
        $variables = foreach ($name in $Environment.Keys) { "$name='$($Environment[$name])'" }
        $command = "stty -g > '$($box.Folder)/before'; env -u CI -u NO_COLOR LANG=C.UTF-8 $variables pwsh -NoProfile -File '$file'; stty -g > '$($box.Folder)/after'; echo over; exec cat"
        tmux -S $socket -f /dev/null new-session -d -x 80 -y 24 $command
    }

    function Get-Screen { (tmux -S $socket capture-pane -p) -join "`n" }
    function Wait-Screen([string] $Pattern) { Wait-Until { (Get-Screen) -match $Pattern } "the screen shows $Pattern" | Out-Null }
    function Send-Keys { tmux -S $socket send-keys @args }

    function Assert-TerminalIsBack {
        Wait-Screen '(?m)^over$'
        tmux -S $socket display -p '#{alternate_on} #{cursor_flag} #{wrap_flag}' | Should -Be '0 1 1'
        [IO.File]::ReadAllText("$($box.Folder)/after") | Should -Be ([IO.File]::ReadAllText("$($box.Folder)/before"))
    }
}

AfterAll { Remove-TestBox $box }

Describe 'Watch-ClaudeTask in a terminal' -Skip:(-not $hasTmux) {
    BeforeEach {
        $made = New-TestRepository $box
        $task = Start-ClaudeTask (Get-Prompt "Write $([char]27)[2J a file" @{ text = "Hello`e]0;owned`a." }, (Get-WriteStep a.txt)) -Repository $made -Session 'Watched work' | Wait-ClaudeTask
    }

    AfterEach {
        tmux -S $socket kill-server
        $task | Stop-ClaudeTask -WarningAction Ignore
    }

    It 'shows the tasks, the diff, and approves after a yes' {
        Open-Terminal "Watch-ClaudeTask $($task.Id)"
        Wait-Screen '> ! +\d+ .*WaitingApproval'
        Wait-Screen 'Hello␛]0;owned␇\.'
        Send-Keys o
        Wait-Screen 'Added: a\.txt'
        Send-Keys q a
        Wait-Screen 'Commit what task \d+ changed .*\? y/n'
        Send-Keys y
        Wait-Screen 'was committed as'
        (Get-ClaudeTask $task).Status | Should -Be Completed
        Send-Keys q
        Assert-TerminalIsBack
    }

    It 'gives the terminal back after <what>' -TestCases @(
        @{ what = 'Ctrl+C'; leave = { Send-Keys C-c } }
        @{ what = 'a request to end'; leave = { kill -TERM (Get-Watching) } }
        @{ what = 'a hang-up'; leave = { kill -HUP (Get-Watching) } }
        @{ what = 'an error'; leave = { [IO.Directory]::Move("$($box.Home)", "$($box.Home)-gone") } }
    ) {
        param($what, $leave)
        function Get-Watching { Get-BoxProcess $box | Where-Object { [IO.File]::ReadAllText("/proc/$_/cmdline").Contains('watch.ps1') -and [IO.File]::ReadAllText("/proc/$_/comm").Trim() -eq 'pwsh' } }
        Open-Terminal "Watch-ClaudeTask $($task.Id)"
        Wait-Screen '> ! '
        try {
            . $leave
            Assert-TerminalIsBack
            if ($what -eq 'an error') { Get-Screen | Should -Match 'store' }
        }
        finally {
            if ([IO.Directory]::Exists("$($box.Home)-gone")) {
                if ([IO.Directory]::Exists($box.Home)) { Remove-Item $box.Home -Recurse -Force }
                [IO.Directory]::Move("$($box.Home)-gone", $box.Home)
            }
        }
    }

    It 'follows the size of the terminal, and has no colour with <name>' -TestCases @(
        @{ name = 'NO_COLOR'; environment = @{ NO_COLOR = '1' }; before = '' }
        @{ name = 'OutputRendering PlainText'; environment = @{}; before = '$PSStyle.OutputRendering = "PlainText"; ' }
    ) {
        param($name, $environment, $before)
        Open-Terminal "$before Watch-ClaudeTask -Session 'watched*'" $environment
        Wait-Screen '> ! '
        tmux -S $socket resize-window -x 40 -y 10
        Wait-Until { $rows = (Get-Screen) -split "`n"; $rows.Count -eq 10 -and $rows[-1] -match '^\? help  q quit' } 'the narrow screen is drawn' | Out-Null
        (tmux -S $socket capture-pane -p -e) -join '' | Should -Not -Match "`e"
        Send-Keys q
        Assert-TerminalIsBack
    }
}

Describe 'Watch-ClaudeTask without a terminal' {
    It 'is an error that names what to use instead, and nothing is written' {
        $result = Invoke-Pwsh $box 'try { Watch-ClaudeTask -All } catch { $_.FullyQualifiedErrorId; $_.ErrorDetails.RecommendedAction }'
        $result.Out -split '\r?\n' | Should -Be 'TerminalRequired,ClaudeTasks.Commands.WatchClaudeTaskCommand', 'Follow tasks line by line instead: Receive-ClaudeTask -Follow'
        $result.Err | Should -BeNullOrEmpty
    }
}

Describe '-Notify' {
    It 'calls nobody where output is redirected, whoever asked for it' {
        Set-ClaudeTaskOption -Notify -PassThru | ForEach-Object Value | Should -BeTrue
        $prompt = (Get-Prompt 'Say hello' @{ text = 'Hello.' }).Replace("'", "''")
        $result = Invoke-Pwsh $box "Invoke-ClaudeTask '$prompt' -Repository '$repository' -Quiet | Out-Null; Start-ClaudeTask '$prompt' -Repository '$repository' | Wait-ClaudeTask -Notify | Out-Null" @{ TERM_PROGRAM = 'WezTerm' }
        $result.Out + $result.Err | Should -BeNullOrEmpty
        Set-ClaudeTaskOption -Notify:$false
        (Get-ClaudeTaskOption Notify).Value | Should -BeFalse
        Set-ClaudeTaskOption -Reset Notify
    }

    It 'rings the terminal''s bell when the task ended' -Skip:(-not $hasTmux) {
        $prompt = (Get-Prompt 'Say hello' @{ text = 'Hello.' }).Replace("'", "''")
        $file = "$($box.Folder)/notify.ps1"
        [IO.File]::WriteAllText($file, "Import-Module '$(Get-ModulePath)'; Start-ClaudeTask '$prompt' -Repository '$repository' | Wait-ClaudeTask -Notify | Out-Null")
        tmux -S $socket -f /dev/null new-session -d -x 80 -y 24 "cat > /dev/null"
        tmux -S $socket set-option -g monitor-bell on
        tmux -S $socket new-window -d -n bells "env -u CI pwsh -NoProfile -File '$file'; exec cat"
        try { Wait-Until { (tmux -S $socket list-windows -F '#{window_name} #{window_bell_flag}') -contains 'bells 1' } 'the bell has rung' | Out-Null }
        finally { tmux -S $socket kill-server }
    }
}

Describe 'Progress of several tasks' {
    It 'has a bar that counts, with those of the tasks below it, which tell what Claude does now' {
        $go = "$($box.Folder)/go-several"
        $tasks = 1..2 | ForEach-Object { Start-ClaudeTask (Get-Prompt "Task $_" @{ text = "Thinking of $_" }, @{ waitFile = $go }) -Repository (New-TestRepository $box) -InProcess }
        $waiting = Start-Runspace "Wait-ClaudeTask $($tasks.Id -join ', ')"
        Wait-Until { @($waiting.Shell.Streams.Progress | Where-Object StatusDescription -Match '^Running  \d\d:\d\d:\d\d  Thinking of [12]$' | Group-Object ActivityId).Count -eq 2 } 'both tell what is done' | Out-Null
        $records = @($waiting.Shell.Streams.Progress)
        $records[0].ActivityId, $records[0].StatusDescription | Should -Be 0, '0 of 2'
        ($records | Where-Object { $_.ActivityId -ne 0 }).ParentActivityId | Select-Object -Unique | Should -Be 0
        [IO.File]::WriteAllText($go, '')
        Wait-Until { $waiting.Run.IsCompleted } 'it has returned' | Out-Null
        @($waiting.Shell.Streams.Progress)[-1].ActivityId, "$(@($waiting.Shell.Streams.Progress)[-1].RecordType)" | Should -Be 0, 'Completed'
        Stop-Runspace $waiting | Should -Be Completed
    }

    It 'shows one bar for the task that is invoked' {
        $go = "$($box.Folder)/go-one"
        $prompt = (Get-Prompt 'One' @{ text = 'Thinking' }, @{ waitFile = $go }).Replace("'", "''")
        $invoked = Start-Runspace "Invoke-ClaudeTask '$prompt' -Repository '$(New-TestRepository $box)' -InProcess"
        Wait-Until { $invoked.Shell.Streams.Progress | Where-Object StatusDescription -Match '^Running .*  Thinking$' } 'it tells what is done' | Out-Null
        [IO.File]::WriteAllText($go, '')
        Wait-Until { $invoked.Run.IsCompleted } 'it has returned' | Out-Null
        $records = @($invoked.Shell.Streams.Progress)
        @($records.ActivityId | Select-Object -Unique).Count | Should -Be 1
        $records[-1].RecordType | Should -Be Completed
        Stop-Runspace $invoked | Should -Be Completed
    }
}
