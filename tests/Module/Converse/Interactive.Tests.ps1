BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    $box = New-TestBox

    Import-ScriptedHost
    $color = @{ askUser = @{ question = "Which`e[31m color?"; options = 'Red', 'Blue' } }

    # Runs a script at a host, in this process; Complete-AtHost gives what was shown there.
    function Start-AtHost([string] $Script, [string[]] $Answers = @(), $With = [ScriptedHost]::new()) {
        foreach ($answer in $Answers) { $With.Plan($answer) }
        $runspace = [runspacefactory]::CreateRunspace($With)
        $runspace.Open()
        $shell = [powershell]::Create($runspace)
        [void]$shell.AddScript("Import-Module '$(Get-ModulePath)'; & { $Script } | Out-Default")
        [pscustomobject]@{ Shell = $shell; Run = $shell.BeginInvoke(); Ui = $With.Scripted }
    }

    function Complete-AtHost($Started) {
        Wait-Until { $Started.Run.IsCompleted } 'the script at the host has ended' | Out-Null
        $Started.Shell.Runspace.Dispose(); $Started.Shell.Dispose()
        $Started.Ui.Shown.ToString()
    }

    function Get-Call([object[]] $Steps, [string] $Verb = 'Invoke') {
        $script:repository = New-TestRepository $box
        $prompt = (Get-Prompt 'Ask me' $Steps).Replace("'", "''")
        $Verb -eq 'Invoke' ? "Invoke-ClaudeTask '$prompt' -Repository '$repository' -InProcess -OnQuestion Ask -Interactive"
            : "Start-ClaudeTask '$prompt' -Repository '$repository' -InProcess -OnQuestion Ask | Wait-ClaudeTask -Interactive"
    }

    function Get-ToolResult { (Get-ClaudeTask -Repository $repository | Receive-ClaudeTask -Kind ToolResult).Text }
}

AfterAll { Remove-TestBox $box }

Describe '-Interactive' {
    It 'asks at the terminal with <verb>-ClaudeTask, all of it and harmless' -TestCases @(@{ verb = 'Invoke' }, @{ verb = 'Wait' }) {
        $command = "touch asked`n# $('x' * 300)`necho `e[2Jend"
        $shown = Complete-AtHost (Start-AtHost (Get-Call (Get-AskStep $command), $color $verb) Yes, 2)
        $shown | Should -Match "Task \d+ asks \(question \d+, until \d\d:\d\d\)`r?`nRunning: touch asked`r?`n# x{300}`r?`necho .\[2Jend"
        $shown | Should -Match '  1\. Red\r?\n  2\. Blue'
        $shown | Should -Not -Match "`e\[(2J|31m color)"
        "$repository/asked" | Should -Exist
        (Get-ToolResult)[1] | Should -Match '="Blue"'
        (Get-ClaudeTask -Repository $repository).Status | Should -Be WaitingApproval
        # Who answered needs not be told how to.
        $shown | Should -Not -Match 'Resolve-ClaudeTaskQuestion'
    }

    It 'denies where nothing is chosen, tells Claude why, remembers, and shows what the tool is given' {
        $steps = (Get-AskStep 'touch a'), (Get-AskStep 'touch b'), (Get-AskStep 'touch c'), (Get-AskStep 'touch d')
        $shown = Complete-AtHost (Start-AtHost (Get-Call $steps) '', Tell, 'not on main', Always, Show, No)
        Test-Path $repository/a, $repository/b, $repository/c, $repository/d | Should -Be $false, $false, $true, $false
        (Get-ToolResult)[1] | Should -Match 'not on main'
        $shown | Should -Match '"command": "touch d"'
        (Get-ClaudeTaskRule $repository).Pattern | Should -Be 'touch c'
    }

    It 'asks one thing after the other, and takes several answers where they may be given' {
        $input = @{ questions = @(
                @{ question = 'Color?'; options = @{ label = 'Red'; description = 'a warm one' }, @{ label = 'Blue' } }
                @{ question = 'Sizes?'; multiSelect = $true; options = @{ label = 'S' }, @{ label = 'M' }, @{ label = 'L' } }
                @{ question = 'Words?'; options = @() }) }
        $shown = Complete-AtHost (Start-AtHost (Get-Call @{ tool = 'AskUserQuestion'; input = $input }) 1, '1, 3', 'my own')
        $shown | Should -Match '1\. Red: a warm one'
        Get-ToolResult | Should -Match '"Color\?"="Red", "Sizes\?"="S, L", "Words\?"="my own"'
    }

    It 'shows a plan, which is no permission to remember' {
        $run = Start-AtHost (Get-Call @{ tool = 'ExitPlanMode'; ask = $true; input = @{ plan = "# Plan`n1. Do it" } }) Yes
        Complete-AtHost $run | Should -Match "Presenting a plan:`r?`n# Plan`r?`n1\. Do it"
        $run.Ui.Choices | Should -Not -Contain Always
    }

    It 'leaves a question open, and says how to answer it' {
        $run = Start-AtHost (Get-Call (Get-AskStep 'touch a')) Later
        $question = Wait-Question (Wait-Until { Get-ClaudeTask -Repository $repository })
        Wait-Until { $run.Ui.Shown.ToString() -match "Resolve-ClaudeTaskQuestion $($question.Id)" } | Out-Null
        $question | Resolve-ClaudeTaskQuestion -Allow
        Complete-AtHost $run | Out-Null
        "$repository/a" | Should -Exist
    }

    It 'only warns when somebody else has answered meanwhile, and goes on' {
        $go = "$($box.Folder)/meanwhile"
        $atHost = [ScriptedHost]::new()
        $atHost.PlanAfter($go, 'No')
        $call = Get-Call (Get-AskStep 'touch a'), (Get-AskStep 'touch b')
        $other = Start-Pwsh $box "while (-not (Test-Path '$go.asked')) { Start-Sleep -Milliseconds 20 }; Get-ClaudeTaskQuestion | Resolve-ClaudeTaskQuestion -Allow; Set-Content '$go' x"
        $shown = Complete-AtHost (Start-AtHost "`$ErrorActionPreference = 'Stop'; $call" Yes $atHost)
        (Complete-Pwsh $other).Err | Should -BeNullOrEmpty
        $shown | Should -Match 'WARNING Question \d+ \(Running: touch a\) was answered already'
        Test-Path $repository/a, $repository/b | Should -Be $true, $true
        (Get-ClaudeTask -Repository $repository).Status | Should -Be WaitingApproval
    }

    It 'says that nobody can be asked where that is so, and the task goes on' {
        $call = Get-Call (Get-AskStep 'touch a')
        $run = Invoke-Pwsh $box "$call -QuestionTimeout 1 -Quiet | ForEach-Object Status"
        $run.Err | Should -BeNullOrEmpty
        $run.Out | Should -Match 'WARNING: Nobody can be asked here'
        $run.Out | Should -Match 'Completed'
    }
}

Describe 'A terminal that is closed' -Skip:(-not (Get-Command script -CommandType Application -ErrorAction Ignore)) {
    BeforeAll {
        # An interactive pwsh at a terminal of its own, which goes when the program that holds it is killed.
        function Start-AtTerminal {
            $profileFile = "$($box.Folder)/$([guid]::NewGuid().ToString('N')).ps1"
            Set-Content $profileFile "Remove-Module PSReadLine -ErrorAction Ignore; Import-Module '$(Get-ModulePath)'"
            $start = [Diagnostics.ProcessStartInfo]::new('script')
            '-q', '-c', "stty cols 200 rows 50; exec $((Get-Process -Id $PID).Path) -NoProfile -NoLogo -NoExit -File $profileFile", '/dev/null' | ForEach-Object { $start.ArgumentList.Add($_) }
            $start.RedirectStandardInput = $start.RedirectStandardOutput = $true
            $terminal = [Diagnostics.Process]::Start($start)
            $terminal.StandardInput.AutoFlush = $true
            [void]$terminal.StandardOutput.ReadToEndAsync()
            $terminal
        }
    }

    It 'does not stop the task that asks there' {
        $script:terminal = Start-AtTerminal
        $repository = New-TestRepository $box
        $prompt = (Get-Prompt 'Ask me' (Get-AskStep 'touch asked')).Replace("'", "''").Replace("`n", "'+[char]10+'")
        $terminal.StandardInput.Write("Invoke-ClaudeTask ('$prompt') -Repository '$repository' -OnQuestion Ask -Interactive`r")
        $question = Wait-Question (Wait-Until { Get-ClaudeTask -Repository $repository })
        $shell = Wait-Until { Get-Process -Id (Get-Content "/proc/$($terminal.Id)/task/$($terminal.Id)/children" -ErrorAction Ignore).Trim().Split(' ')[0] }

        $terminal.Kill()
        Wait-Until { $shell.HasExited } 'the shell has gone with its terminal' | Out-Null

        (Get-ClaudeTask -Repository $repository).Status | Should -Be Running
        $question | Resolve-ClaudeTaskQuestion -Allow
        Get-ClaudeTask -Repository $repository | Wait-ClaudeTask | ForEach-Object Status | Should -Be WaitingApproval
        "$repository/asked" | Should -Exist
    }

    AfterEach {
        if (-not $terminal.HasExited) { $terminal.Kill($true) }
        $terminal.Dispose()
    }
}
