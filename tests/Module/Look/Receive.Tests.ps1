BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    $box = New-TestBox
    $odd = '{"type":"odd",  "text":"ü → 漢字"}'
    $steps = @{ thinking = 'Hm.' }, @{ text = 'Hello.' }, @{ raw = $odd }, @{ raw = 'no JSON at all' }, @{ raw = '' }, @{ stderr = 'a complaint' },
        (Get-WriteStep a.txt), @{ tool = 'Bash'; input = @{ command = 'echo never' } }, @{ text = 'Bye.' }
    $task = Start-ClaudeTask (Get-Prompt 'Say things' $steps) -Repository (New-TestRepository $box) -InProcess | Wait-ClaudeTask
    $all = [Enum]::GetNames($task.Status.GetType().Assembly.GetType('ClaudeTasks.Model.ClaudeTaskEventKind'))
}

AfterAll { Remove-TestBox $box }

Describe 'Receive-ClaudeTask' {
    It 'gives what happened, in order, with everything it stands on' {
        $events = $task | Receive-ClaudeTask
        $events.Seq | Should -Be ($events.Seq | Sort-Object -Unique)
        $events.TaskId | Select-Object -Unique | Should -Be $task.TaskId
        $events.Time | ForEach-Object Kind | Select-Object -Unique | Should -Be Utc
        $events | Where-Object Kind -EQ Message | ForEach-Object Text | Should -Be Hello., Bye.
        ($events | Where-Object Kind -EQ Thinking).Text | Should -Be Hm.
        ($events | Where-Object Kind -EQ StandardError).Text | Should -Contain 'a complaint'
        ($events | Where-Object Kind -EQ ToolUse).Text | Should -Contain 'Writing: a.txt'
        ($events | Where-Object Kind -EQ ToolUse).Text | Should -Contain 'Running: echo never'
        ($events | Where-Object Kind -EQ Unknown).Text | Should -Contain 'no JSON at all'
        ($events | Where-Object Kind -EQ Status).Text -join ' ' | Should -Match 'Running.*WaitingApproval'
    }

    It 'tells that a permission was asked for and denied, and the task went on' {
        ($task | Receive-ClaudeTask -Kind Permission).Text -join "`n" | Should -Match 'echo never'
        (Get-ClaudeTask $task.Id).DeniedTools | Should -Contain Bash
        $task.Status | Should -Be WaitingApproval
    }

    It 'hides the housekeeping until it is asked for' {
        $task | Receive-ClaudeTask | Where-Object Kind -EQ Protocol | Should -BeNullOrEmpty
        $protocol = $task | Receive-ClaudeTask -Kind Protocol
        $protocol.Count | Should -BeGreaterThan 0
        $protocol.Kind | Select-Object -Unique | Should -Be Protocol
    }

    It 'gives every event, without a gap, when all kinds are asked for' {
        $events = $task | Receive-ClaudeTask -Kind $all
        $events.Seq | Should -Be (1..$events.Count)
    }

    It 'goes on after the event the user has seen last' {
        $events = $task | Receive-ClaudeTask
        $seen = $events[3].Seq
        ($task | Receive-ClaudeTask -After $seen).Seq | Should -Be $events[4..($events.Count - 1)].Seq
        $task | Receive-ClaudeTask -After $events[-1].Seq | Should -BeNullOrEmpty
        $task | Receive-ClaudeTask -After ([int]::MaxValue) | Should -BeNullOrEmpty
        { $task | Receive-ClaudeTask -After -1 -ErrorAction Stop } | Should -Throw
    }

    It 'takes several kinds at once' {
        ($task | Receive-ClaudeTask -Kind Message, Thinking).Text | Should -Be Hm., Hello., Bye.
    }

    It 'gives with -Raw the very lines of the agent, and nothing else' {
        $lines = $task | Receive-ClaudeTask -Raw
        $lines | ForEach-Object { $_.GetType() } | Select-Object -Unique | Should -Be ([string])
        $lines | Should -Contain $odd
        $lines | Should -Contain 'no JSON at all'
        ($lines | Where-Object { $_ -match '^\{"type":"result"' } | ConvertFrom-Json).subtype | Should -Be success
        $lines | Should -Not -Contain 'Started'
        ($task | Receive-ClaudeTask -Raw -Kind Message | ForEach-Object { ($_ | ConvertFrom-Json).message.content.text }) | Should -Be Hello., Bye.
    }

    It 'keeps the line in the event, too' {
        $event = $task | Receive-ClaudeTask -Kind Message | Select-Object -First 1
        ($event.Raw | ConvertFrom-Json).message.content[0].text | Should -Be Hello.
        "$event" | Should -Be Hello.
    }

    It 'keeps bytes that are no text' {
        $bytes = [byte[]](0x7b, 0xff, 0xfe, 0x00, 0x7d)
        $binary = Start-ClaudeTask (Get-Prompt 'Print bytes' @{ rawBase64 = [Convert]::ToBase64String($bytes) }, @{ text = 'On.' }) `
            -Repository (New-TestRepository $box) -InProcess | Wait-ClaudeTask
        $binary.Status | Should -Be Completed
        ($binary | Receive-ClaudeTask -Kind Unknown | Where-Object { $_.GetRawBytes().Length -eq 5 }).GetRawBytes() | Should -Be $bytes
    }

    It 'gives a line of a megabyte whole' {
        $huge = Start-ClaudeTask (Get-Prompt 'Be long' @{ huge = 1MB }) -Repository (New-TestRepository $box) -InProcess | Wait-ClaudeTask
        ($huge | Receive-ClaudeTask -Kind Message).Text.Length | Should -Be 1MB
    }

    It 'follows several tasks at once until all have settled' {
        $go = "$($box.Folder)/go-both"
        $prompt = Get-Prompt 'Both' @{ text = 'Before.' }, @{ waitFile = $go }, @{ text = 'After.' }
        $both = 1..2 | ForEach-Object { Start-ClaudeTask $prompt -Repository (New-TestRepository $box) -InProcess }
        $seen = $both | Receive-ClaudeTask -Follow -Kind Message | ForEach-Object {
            "$($_.Task) $($_.Text)"
            # Neither can speak again before both have spoken: only what is followed side by side gets here twice.
            if (++$spoken -eq 2) { [IO.File]::WriteAllText($go, '') }
        }
        foreach ($id in $both.Id) { @($seen -like "$id *") | Should -Be "$id Before.", "$id After." }
    }

    It 'follows what has ended as if looking back' {
        ($task | Receive-ClaudeTask -Follow).Seq | Should -Be ($task | Receive-ClaudeTask).Seq
    }

    It 'shows one task after the other when looking back at several' {
        $other = Start-ClaudeTask (Get-Prompt 'Other' @{ text = 'Other.' }) -Repository (New-TestRepository $box) -InProcess | Wait-ClaudeTask
        ($task, $other | Receive-ClaudeTask -Kind Message).Text | Should -Be Hello., Bye., Other.
    }

    It 'follows in one runspace what runs in another, to its end' {
        $go = "$($box.Folder)/go-runspace"
        $runs = Start-ClaudeTask (Get-Prompt 'Elsewhere' @{ text = 'Before.' }, @{ waitFile = $go }, @{ text = 'After.' }) -Repository (New-TestRepository $box) -InProcess
        $follower = Start-Runspace "Receive-ClaudeTask $($runs.Id) -Follow -Kind Message"
        Wait-Until { $follower.Output.Count -eq 1 } 'the first message came' | Out-Null
        [IO.File]::WriteAllText($go, '')
        Wait-Until { $follower.Run.IsCompleted } 'it has returned' | Out-Null
        $follower.Output.Text | Should -Be Before., After.
        Stop-Runspace $follower | Should -Be Completed
    }

    It 'says so when a task is removed while it is followed' {
        $removed = Start-ClaudeTask (Get-Prompt 'Removed' @{ text = 'Hello.' }) -Repository (New-TestRepository $box) -At (Get-Date).AddDays(1) -InProcess
        $follower = Start-Runspace "Receive-ClaudeTask $($removed.Id) -Follow"
        Wait-Until { $follower.Output.Count } 'it follows' | Out-Null
        Remove-ClaudeTask $removed.Id
        Wait-Until { $follower.Run.IsCompleted } 'it has returned' | Out-Null
        $follower.Shell.Streams.Error.FullyQualifiedErrorId | Should -Be 'TaskNotFound,ClaudeTasks.Commands.ReceiveClaudeTaskCommand'
        Stop-Runspace $follower
    }

    It 'leaves no thread that watches the store behind when <how>' -Skip:(-not $IsLinux) -TestCases @(
        @{ how = 'the pipeline has enough'; use = { Receive-ClaudeTask $args[0] -Follow | Select-Object -First 1 } }
        @{ how = 'Ctrl+C ends it'; use = { $follower = Start-Runspace "Receive-ClaudeTask $($args[0]) -Follow"; Wait-Until { $follower.Output.Count }; Stop-Runspace $follower } }
        @{ how = 'its output is an error'; use = { try { Receive-ClaudeTask $args[0] -Follow | ForEach-Object { Write-Error no -ErrorAction Stop } } catch { } } }
    ) {
        param($use)
        function Get-Watcher { @(Get-Content /proc/self/task/*/comm -ErrorAction Ignore) -like 'claude-tasks st*' }
        $go = "$($box.Folder)/$(New-Guid)"
        $busy = Start-ClaudeTask (Get-Prompt 'Busy' @{ text = 'Hello.' }, @{ waitFile = $go }) -Repository (New-TestRepository $box) -InProcess
        $waiter = Start-Runspace "Receive-ClaudeTask $($busy.Id) -Follow"
        Wait-Until { Get-Watcher } 'a follower has a thread that watches' | Out-Null
        Stop-Runspace $waiter
        & $use $busy.Id | Out-Null
        Wait-Until { -not (Get-Watcher) } 'nobody watches any more' | Out-Null
        [IO.File]::WriteAllText($go, '')
        ($busy | Wait-ClaudeTask).Status | Should -Be Completed
    }
}
