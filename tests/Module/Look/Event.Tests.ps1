BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    $box = New-TestBox
    $repository = New-TestRepository $box
    $go = "$($box.Folder)/go"

    function Start-TestTask([string] $Text, [object[]] $Steps) { Start-ClaudeTask (Get-Prompt $Text $Steps) -Repository $repository -InProcess -AllowDirty }

    # Actions run in a module of their own; what they see is put here.
    $seen = [Collections.Concurrent.ConcurrentQueue[object]]::new()
    function Register-Seen($Watcher, [string] $Name) {
        Register-ObjectEvent $Watcher $Name -SupportEvent -MessageData $seen -Action { $Event.MessageData.Enqueue(($EventArgs.Task ?? $EventArgs.Event ?? $EventArgs.GetException())) }
    }
}

AfterAll { Remove-TestBox $box }

Describe 'New-ClaudeTaskWatcher' {
    BeforeEach { $seen.Clear() }
    AfterEach {
        Get-EventSubscriber -Force | Where-Object SourceObject -Is ([ClaudeTasks.Events.ClaudeTaskWatcher]) | Unregister-Event -Force
        Remove-Item $go -ErrorAction Ignore
        Get-ClaudeTask | Where-Object { -not $_.IsEnded } | Stop-ClaudeTask -WarningAction Ignore
    }

    It 'tells with OutputReceived exactly what Receive-ClaudeTask -Follow would, whenever it is registered' {
        $task = Start-TestTask 'Output' @{ text = 'One.' }, @{ waitFile = $go }, @{ text = 'Two.' }
        $watcher = $task | New-ClaudeTaskWatcher
        Register-Seen $watcher OutputReceived
        Wait-Until { $seen.Text -contains 'One.' } 'the first line came' | Out-Null
        [IO.File]::WriteAllText($go, '')
        $all = $task | Receive-ClaudeTask -Follow
        Wait-Until { $seen.Count -ge $all.Count } 'all came' | Out-Null
        # PowerShell may run one action before another that was queued first.
        $seen.Seq | Sort-Object | Should -Be $all.Seq
        ($seen | Sort-Object Seq).Text | Should -Be $all.Text

        # Long after the end: nothing is missed either.
        $seen.Clear()
        Register-Seen $watcher OutputReceived
        Wait-Until { $seen.Count -ge $all.Count } 'all came again' | Out-Null
        $seen.Seq | Sort-Object | Should -Be $all.Seq
    }

    It 'tells with StatusChanged how the task is, and each change of it, up to the end' {
        $task = Start-TestTask 'Status' @{ waitFile = $go }, (Get-WriteStep status.txt)
        $watcher = New-ClaudeTaskWatcher $task
        Register-Seen $watcher StatusChanged
        Wait-Until { $seen.Status -contains 'Running' } 'it runs' | Out-Null
        [IO.File]::WriteAllText($go, '')
        Wait-Until { $seen.Status -contains 'WaitingApproval' } 'it waits for approval' | Out-Null
        ($seen | Where-Object Status -EQ WaitingApproval | Select-Object -Last 1).FilesChanged | Should -Be 1
        $task | Deny-ClaudeTask | Out-Null
        Wait-Until { $seen.Status -contains 'Rejected' } 'it was rejected' | Out-Null
        $seen.Id | Select-Object -Unique | Should -Be $task.Id
        $told = @($seen | ForEach-Object { "$($_.Status) $($_.WaitingFor)" })
        $told | Select-Object -Unique | Should -HaveCount $told.Count
    }

    It 'tells at once of a task that ended before anybody registered' {
        $task = Start-TestTask 'Ended' @{ text = 'Hello.' } | Wait-ClaudeTask
        Register-Seen (New-ClaudeTaskWatcher $task) StatusChanged
        Wait-Until { $seen.Count } 'it was told' | Out-Null
        $seen.Status | Should -Be Completed
    }

    It 'tells that Claude waits for an answer' {
        $task = Start-ClaudeTask (Get-Prompt 'Ask' (Get-AskStep 'echo hi')) -Repository $repository -InProcess -AllowDirty -OnQuestion Ask
        Register-Seen (New-ClaudeTaskWatcher $task) StatusChanged
        Wait-Until { $seen.WaitingFor -like 'an answer*' } 'it asks' | Out-Null
    }

    It 'watches several tasks at once, and a session' {
        $tasks = 'A', 'B' | ForEach-Object { Get-Prompt $_ @{ text = "$_." } } | Start-ClaudeTask -Repository $repository -Session several -InProcess -AllowDirty
        $watcher = $tasks | New-ClaudeTaskWatcher
        $watcher.Id | Should -Be $tasks.Id
        (Get-ClaudeTaskSession several | New-ClaudeTaskWatcher).Id | Should -Be $tasks.Id
        ($watcher | Get-ClaudeTask).Id | Should -Be $tasks.Id
        $watcher | Out-String | Should -Match "$($tasks[0].Id), $($tasks[1].Id)"
        Register-Seen $watcher StatusChanged
        Wait-Until { ($seen | Where-Object IsEnded).Id.Count -eq 2 } 'both ended' | Out-Null
    }

    It 'works with Wait-Event, and tells of a job like of a task' {
        $job = Start-ClaudeTask (Get-Prompt 'Wait' @{ text = 'Hello.' }) -Repository $repository -InProcess -AllowDirty -AsJob
        Register-ObjectEvent ($job | New-ClaudeTaskWatcher) StatusChanged -SourceIdentifier waited
        $ended = while ($true) {
            $told = Wait-Event waited -Timeout 60
            $told | Remove-Event
            if (-not $told -or $told.SourceEventArgs.Task.IsEnded) { $told; break }
        }
        $ended.SourceEventArgs.Task.Status | Should -Be Completed
        Unregister-Event waited
        $job | Remove-Job
    }

    It 'is told nothing more when the handler is unregistered, and nothing when it is disposed' {
        $task = Start-TestTask 'Leave' @{ text = 'One.' }, @{ waitFile = $go }, @{ text = 'Two.' }
        $left, $disposed, $stays = 1..3 | ForEach-Object { New-ClaudeTaskWatcher $task }
        $left, $disposed, $stays | ForEach-Object { Register-ObjectEvent $_ OutputReceived }
        function Get-Told($Watcher) { @(Get-Event | Where-Object { $_.Sender -eq $Watcher -and $_.SourceEventArgs.Event.Kind -eq 'Message' }).SourceEventArgs.Event.Text }
        $left, $disposed, $stays | ForEach-Object { $one = $_; Wait-Until { (Get-Told $one) -contains 'One.' } 'the first line came' | Out-Null }
        Get-EventSubscriber | Where-Object SourceObject -EQ $left | Unregister-Event
        $disposed.Dispose()
        [IO.File]::WriteAllText($go, '')
        Wait-Until { (Get-Told $stays) -contains 'Two.' } 'the second line came' | Out-Null
        Get-Told $left | Should -Be One.
        Get-Told $disposed | Should -Be One.
        { Register-ObjectEvent $disposed OutputReceived -ErrorAction Stop } | Should -Throw
        Get-Event | Remove-Event
    }

    It 'tells of a task that is removed, as an error' {
        $task = Start-TestTask 'Removed' (Get-WriteStep removed.txt) | Wait-ClaudeTask
        $watcher = New-ClaudeTaskWatcher $task
        Register-Seen $watcher Error
        Register-Seen $watcher StatusChanged
        Wait-Until { $seen.Count } 'it was told' | Out-Null
        $task | Remove-ClaudeTask -Confirm:$false
        Wait-Until { $seen.ErrorId -contains 'TaskNotFound' } 'the removal was told' | Out-Null
    }

    It 'writes one error for each task there is not' {
        (Get-OnlyError { New-ClaudeTaskWatcher 9999 }).FullyQualifiedErrorId | Should -Be 'TaskNotFound,ClaudeTasks.Commands.NewClaudeTaskWatcherCommand'
    }
}

Describe 'A task' {
    It 'stays a snapshot: watched or not, it serialises the same' {
        $task = Start-TestTask 'Snapshot' @{ text = 'Hello.' } | Wait-ClaudeTask
        $before = $task | ConvertTo-Json
        $watcher = New-ClaudeTaskWatcher $task
        Register-ObjectEvent $watcher StatusChanged -SourceIdentifier snapshot
        Get-ClaudeTask $task | ConvertTo-Json | Should -BeExactly $before
        Unregister-Event snapshot
        $watcher.Dispose()
    }
}

Describe 'The examples of docs/events.md' {
    BeforeAll {
        $text = [IO.File]::ReadAllText((Resolve-Path "$PSScriptRoot/../../../docs/events.md"))
        $scripts = [regex]::Matches($text, '(?s)```powershell\n(.*?)```').ForEach({ $_.Groups[1].Value.Replace('~/src/api', "'$repository' -AllowDirty -InProcess") })
    }

    It 'run jobs' {
        $result = Invoke-Pwsh $box "$($scripts[0])
            'TASKS ' + `$tasks.Status
            Get-ClaudeTask -Repository '$repository' -Status WaitingApproval | Deny-ClaudeTask | Out-Null
            Get-Job | Receive-Job -Wait -AutoRemoveJob 6>`$null | Deny-ClaudeTask | Out-Null
            'JOBS ' + @(Get-Job).Count"
        $result.Err | Should -BeNullOrEmpty
        $result.Out | Should -Match 'ClaudeTask\d+'
        $result.Out | Should -Match 'TASKS WaitingApproval'
        $result.Out | Should -Match 'JOBS 0'
    }

    It 'tell of status and output' {
        $told = "$($box.Folder)/told.txt"
        $result = Invoke-Pwsh $box "$($scripts[1].Replace('Out-Host', "Out-String | Add-Content '$told'"))
            while (-not ((Test-Path '$told') -and (`$told = Get-Content '$told' -Raw) -match 'WaitingApproval' -and `$told -match 'Writing')) { Wait-Event -Timeout 1 }
            `$task | Deny-ClaudeTask | Out-Null"
        $result.Err | Should -BeNullOrEmpty
        [IO.File]::ReadAllText($told) | Should -Match '● Writing: notes/'
    }
}
