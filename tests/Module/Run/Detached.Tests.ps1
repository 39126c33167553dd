BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    $box = New-TestBox

    # The steps of a task that says a word, goes on when a file is there, and says another.
    function Get-GatedPrompt([string] $Go) { Get-Prompt 'Talk' @{ text = 'Before.' }, @{ waitFile = $Go }, @{ text = 'After.' } }
}

AfterAll { Remove-TestBox $box }

Describe 'A task whose PowerShell is gone' {
    It 'goes on, and another PowerShell finds it and follows it live' {
        $repository = New-TestRepository $box
        $go = "$($box.Folder)/go-exit"
        $first = Invoke-Pwsh $box "(Start-ClaudeTask '$(Get-GatedPrompt $go)' -Repository '$repository').Id"
        $first.Err | Should -BeNullOrEmpty
        $id = [int]$first.Out
        Wait-ClaudeTask $id -Until Running | Out-Null
        # The first words reach the other PowerShell while the task still runs: only they let it go on.
        $second = Invoke-Pwsh $box "Get-ClaudeTask $id | Receive-ClaudeTask -Follow | ForEach-Object {
                if (`$_.Text -eq 'Before.') { [IO.File]::WriteAllText('$go', '') }
                if (`$_.Kind -eq 'Message') { `$_.Text }
            }
            (Get-ClaudeTask $id).Status"
        $second.Err | Should -BeNullOrEmpty
        $second.Out -split '\r?\n' | Should -Be Before., After., Completed
    }

    It 'is stopped by another PowerShell' {
        $repository = New-TestRepository $box
        $first = Invoke-Pwsh $box "(Start-ClaudeTask '$(Get-GatedPrompt "$($box.Folder)/never")' -Repository '$repository').Id"
        $id = [int]$first.Out
        Wait-ClaudeTask $id -Until Running | Out-Null
        $second = Invoke-Pwsh $box "(Stop-ClaudeTask $id -PassThru).Status"
        $second.Err | Should -BeNullOrEmpty
        $second.Out | Should -Be Cancelled
        (Get-ClaudeTask $id).Reason | Should -Be Stopped
        Wait-Until { -not (Get-BoxProcess $box) } 'its worker and its agent are gone' | Out-Null
    }

    It 'goes on when everything in the terminal gets <signal>' -TestCases @(@{ signal = 'HUP' }, @{ signal = 'INT' }, @{ signal = 'KILL' }) -Skip:(-not $IsLinux) {
        param($signal)
        $repository = New-TestRepository $box
        $go = "$($box.Folder)/go-$signal"
        $child = Start-Pwsh $box -OwnGroup "Start-ClaudeTask '$(Get-GatedPrompt $go)' -Repository '$repository' -Session '$signal' | Wait-ClaudeTask"
        $task = Wait-Until { Get-ClaudeTask -Session $signal | Where-Object Status -EQ Running }
        /bin/kill "-$signal" -- "-$($child.Process.Id)"
        Complete-Pwsh $child | Out-Null
        (Get-ClaudeTask $task.Id).Status | Should -Be Running
        [IO.File]::WriteAllText($go, '')
        ($task | Wait-ClaudeTask).Status | Should -Be Completed
        ($task | Receive-ClaudeTask -Kind Message).Text | Should -Be Before., After.
    }

    It 'is at work in a process that <how>' -TestCases @(
        @{ how = 'never started PowerShell'; hooks = $null; starts = $false }
        @{ how = 'started PowerShell, where the user has a say in the hooks of .NET'; hooks = ''; starts = $true }
    ) -Skip:(-not $IsLinux) {
        param($hooks, $starts)
        $repository = New-TestRepository $box
        $go = "$($box.Folder)/go-$starts"
        $environment = $null -eq $hooks ? @{} : @{ DOTNET_STARTUP_HOOKS = $hooks }
        $id = [int](Invoke-Pwsh $box "(Start-ClaudeTask '$(Get-GatedPrompt $go)' -Repository '$repository').Id" $environment).Out
        Wait-ClaudeTask $id -Until Running | Out-Null
        [IO.File]::ReadAllText("/proc/$(Wait-BoxWorker $box)/maps").Contains('ConsoleHost') | Should -Be $starts
        [IO.File]::WriteAllText($go, '')
        (Wait-ClaudeTask $id).Status | Should -Be Completed
    }

    It 'says WorkerLost, with all it printed, when its worker is killed' -Skip:(-not $IsLinux) {
        $repository = New-TestRepository $box
        $prompt = Get-Prompt 'Be lost' @{ text = 'Before.' }, (Get-WriteStep half.txt), @{ text = 'Written.' }, @{ hang = 1 }
        $task = Start-ClaudeTask $prompt -Repository $repository
        Wait-Until { $task | Receive-ClaudeTask | Where-Object Text -EQ Written. } | Out-Null
        $worker = Wait-BoxWorker $box
        /bin/kill -KILL $worker
        $ended = $task | Wait-ClaudeTask
        $ended.Status | Should -Be Failed
        $ended.Reason | Should -Be WorkerLost
        ($task | Receive-ClaudeTask -Kind Message).Text | Should -Be Before., Written.
        ($task | Get-ClaudeTaskDiff).Path | Should -Be half.txt
        Wait-Until { -not (Get-BoxProcess $box) } 'its agent is gone' | Out-Null
    }
}

Describe 'Ctrl+C' {
    BeforeAll {
        $repository = New-TestRepository $box
        $go = "$($box.Folder)/go-ctrl"
        $task = Start-ClaudeTask (Get-GatedPrompt $go) -Repository $repository
        Wait-Until { $task | Receive-ClaudeTask | Where-Object Text -EQ Before. } | Out-Null
    }

    It 'leaves <name> and the task goes on' -TestCases @(
        @{ name = 'Wait-ClaudeTask'; script = '"started"; Wait-ClaudeTask {0}' }
        @{ name = 'Receive-ClaudeTask -Follow'; script = 'Receive-ClaudeTask {0} -Follow' }
        @{ name = 'Receive-ClaudeTask -Follow -Raw'; script = 'Receive-ClaudeTask {0} -Follow -Raw' }
    ) {
        param($script)
        $run = Start-Runspace ($script -f $task.Id)
        Wait-Until { $run.Output.Count -gt 0 } | Out-Null
        Stop-Runspace $run | Should -Be Stopped
        (Get-ClaudeTask $task.Id).Status | Should -Be Running
    }

    It 'leaves a pipeline that has had enough, and the task goes on' {
        ($task | Receive-ClaudeTask -Follow | Select-Object -First 1).Seq | Should -Be 1
        ($task | Receive-ClaudeTask -Follow -Kind Message | Select-Object -First 1).Text | Should -Be Before.
        (Get-ClaudeTask $task.Id).Status | Should -Be Running
    }

    It 'has done the task no harm' {
        [IO.File]::WriteAllText($go, '')
        ($task | Wait-ClaudeTask).Status | Should -Be Completed
    }

    It 'stops the task of Invoke-ClaudeTask' {
        $run = Start-Runspace "Invoke-ClaudeTask '$(Get-Prompt 'Never end' @{ text = 'Before.' }, @{ hang = 1 })' -Repository '$repository' -Session ctrl-c"
        $task = Wait-Until { Get-ClaudeTask -Session ctrl-c | Where-Object Status -EQ Running }
        Stop-Runspace $run | Should -Be Stopped
        ($task | Wait-ClaudeTask).Status | Should -Be Cancelled
        (Get-ClaudeTask $task.Id).Reason | Should -Be Stopped
    }

    It 'in a real terminal process stops the task of Invoke-ClaudeTask, too' -Skip:(-not $IsLinux) {
        $child = Start-Pwsh $box -OwnGroup "Invoke-ClaudeTask '$(Get-Prompt 'Never end' @{ hang = 1 })' -Repository '$repository' -Session sigint"
        $task = Wait-Until { Get-ClaudeTask -Session sigint | Where-Object Status -EQ Running }
        /bin/kill -INT -- "-$($child.Process.Id)"
        Complete-Pwsh $child | Out-Null
        ($task | Wait-ClaudeTask).Status | Should -Be Cancelled
    }
}
