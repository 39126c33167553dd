BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    $box = New-TestBox
    $repository = New-TestRepository $box
    $task = Start-ClaudeTask (Get-Prompt 'Hello' @{ text = 'Hello.' }) -Repository $repository | Wait-ClaudeTask
    Wait-Until { -not (Get-ChildItem "$($box.Home)/workers") } 'the worker has ended' | Out-Null

    # A store of its own, as the box's is when nobody has it open. By another process: to open and close the file in this one would drop
    # SQLite's locks on it.
    function Copy-Store([string] $Name) {
        $copy = "$($box.Folder)/$Name"
        cp -r $box.Home $copy
        $env:CLAUDETASKS_HOME = $copy
        $copy
    }

    function Get-Failed { Test-ClaudeTaskStore | Where-Object { -not $_.Passed -and $_.Name -ne 'Room' } }

    function Break-Page([string] $Store, [int] $Page) {
        $stream = [IO.File]::Open("$Store/tasks.db", 'Open', 'ReadWrite')
        $stream.Position = ($Page - 1) * 4096
        $stream.Write([byte[]]::new(4096))
        $stream.Dispose()
    }

    # The folded log: a store at rest, whose pages are all in the file.
    function Copy-RestingStore([string] $Name) {
        $copy = Copy-Store $Name
        Invoke-Pwsh $box "Get-ClaudeTask | Out-Null" -Environment @{ CLAUDETASKS_HOME = $copy } | Out-Null
        Remove-Item "$copy/tasks.db-shm" -ErrorAction Ignore
        Get-Item "$copy/tasks.db-wal" -ErrorAction Ignore | Where-Object Length -EQ 0 | Remove-Item
        $copy
    }
}

AfterAll { Remove-TestBox $box }

Describe 'Test-ClaudeTaskStore' -Skip:$IsWindows {
    AfterEach { $env:CLAUDETASKS_HOME = $box.Home }

    It 'passes every check of a good store' {
        $checks = Test-ClaudeTaskStore
        $checks.Name | Should -Be File, Permissions, Room, Database, Writing, Log, Schema, Integrity, References, Leases, Tasks, Events, Decisions, Workers, Objects, Worktrees
        $checks | Where-Object { -not $_.Passed -and $_.Name -ne 'Room' } | Should -BeNullOrEmpty
        $checks | Where-Object { -not $_.Detail } | Should -BeNullOrEmpty
    }

    It 'makes no store where there is none' {
        $env:CLAUDETASKS_HOME = "$($box.Folder)/none"
        $check = Test-ClaudeTaskStore
        $check.Passed | Should -BeFalse
        $check.Detail | Should -Match 'There is no store'
        Test-Path $env:CLAUDETASKS_HOME | Should -BeFalse
    }

    It 'tells who else can read it' {
        $store = Copy-Store open
        chmod 755 $store
        chmod 644 "$store/tasks.db"
        $failed = Get-Failed
        $failed.Name | Should -Be Permissions
        $failed.Detail | Should -Match '755'
        $failed.Fix | Should -Match 'chmod'
        stat -c %a $store | Should -Be 755
    }

    It 'tells what is no database' {
        $store = (New-Item -ItemType Directory "$($box.Folder)/text").FullName
        chmod 700 $store
        [IO.File]::WriteAllText("$store/tasks.db", 'my precious notes' * 100)
        chmod 600 "$store/tasks.db"
        $env:CLAUDETASKS_HOME = $store
        $failed = Get-Failed
        $failed.Name | Should -Be Database
        $failed.Fix | Should -Match 'Repair-ClaudeTaskStore'
        (Get-ChildItem $store).Name | Should -Be tasks.db
    }

    It 'shows a check in words' {
        $env:CLAUDETASKS_HOME = "$($box.Folder)/none"
        Test-ClaudeTaskStore | Out-String | Should -Match 'FAILED.*File: There is no store'
    }
}

Describe 'Repair-ClaudeTaskStore' -Skip:$IsWindows {
    AfterEach { $env:CLAUDETASKS_HOME = $box.Home }

    It 'saves what can be read, keeps the old file, and tells both' -Skip:(-not (Get-Command sqlite3 -ErrorAction Ignore)) {
        $store = Copy-RestingStore broken
        # An index: no row is lost.
        Break-Page $store ([int](sqlite3 "$store/tasks.db" "SELECT rootpage FROM sqlite_master WHERE name = 'tasks_by_session'"))
        (Get-Failed).Name | Should -Contain Integrity
        $before = (Get-FileHash "$store/tasks.db").Hash
        $repair = Repair-ClaudeTaskStore -Confirm:$false
        $repair | Should -HaveCount 1
        (Get-FileHash $repair.KeptAs).Hash | Should -Be $before
        ($repair.Tables | Where-Object Name -EQ tasks).Saved | Should -Be 1
        $repair.Tables | Where-Object Lost -NE 0 | Should -BeNullOrEmpty
        Get-Failed | Should -BeNullOrEmpty
        (Get-ClaudeTask $task.Id).TaskId | Should -Be $task.TaskId
        $repair | Out-String | Should -Match 'tasks\s+1\s+0'
    }

    It 'changes nothing with -WhatIf' {
        $store = Copy-Store whatif
        Repair-ClaudeTaskStore -WhatIf
        Get-ChildItem $store -Filter *.damaged-* | Should -BeNullOrEmpty
    }

    It 'has nothing to do where there is no store' {
        $env:CLAUDETASKS_HOME = "$($box.Folder)/none"
        $failure = Get-OnlyError { Repair-ClaudeTaskStore -Confirm:$false }
        $failure.FullyQualifiedErrorId | Should -Be 'StoreUnusable,ClaudeTasks.Commands.RepairClaudeTaskStoreCommand'
        Test-Path $env:CLAUDETASKS_HOME | Should -BeFalse
    }

    It 'refuses while a task is at work' {
        $running = Start-ClaudeTask (Get-Prompt 'Hang' @{ hang = $true }) -Repository $repository
        Wait-Until { (Get-ClaudeTask $running.Id).Status -eq 'Running' } | Out-Null
        $failure = Get-OnlyError { Repair-ClaudeTaskStore -Confirm:$false }
        $failure.FullyQualifiedErrorId | Should -Be 'StoreBusy,ClaudeTasks.Commands.RepairClaudeTaskStoreCommand'
        $failure.Exception.Message | Should -Match 'at work'
        (Stop-ClaudeTask $running -PassThru | Wait-ClaudeTask).Status | Should -Be Cancelled
        Wait-Until { -not (Get-ChildItem "$($box.Home)/workers") } 'the worker has ended' | Out-Null
    }

    It 'does no harm to a task at work in this very session' {
        $running = Start-ClaudeTask (Get-Prompt 'Wait' @{ waitFile = "$($box.Folder)/let go" }, @{ text = 'Went on.' }) -Repository $repository -InProcess
        Wait-Until { (Get-ClaudeTask $running.Id).Status -eq 'Running' } | Out-Null
        (Get-OnlyError { Repair-ClaudeTaskStore -Confirm:$false }).FullyQualifiedErrorId | Should -BeLike 'StoreBusy,*'
        [IO.File]::WriteAllText("$($box.Folder)/let go", '')
        ($running | Wait-ClaudeTask).Status | Should -Be Completed
        Wait-Until { -not (Get-ChildItem "$($box.Home)/workers") } 'the worker has ended' | Out-Null
    }

    It 'refuses while another PowerShell has the store open, and works when that has gone' -Skip:(-not $IsLinux) {
        $store = Copy-Store other
        $other = Start-Pwsh $box "Get-ClaudeTask | Out-Null; [IO.File]::WriteAllText('$($box.Folder)/opened', ''); while (-not (Test-Path '$($box.Folder)/close')) { [Threading.Thread]::Sleep(50) }"
        Wait-Until { Test-Path "$($box.Folder)/opened" } | Out-Null
        $failure = Get-OnlyError { Repair-ClaudeTaskStore -Confirm:$false }
        $failure.FullyQualifiedErrorId | Should -Be 'StoreBusy,ClaudeTasks.Commands.RepairClaudeTaskStoreCommand'
        $failure.Exception.Message | Should -Match 'Another process'
        Get-ChildItem $store -Filter *.damaged-* | Should -BeNullOrEmpty
        [IO.File]::WriteAllText("$($box.Folder)/close", '')
        (Complete-Pwsh $other).Err | Should -BeNullOrEmpty
        (Repair-ClaudeTaskStore -Confirm:$false).Tables.Count | Should -BeGreaterThan 10
        (Get-ClaudeTask $task.Id).Status | Should -Be Completed
    }

    It 'may be killed at any moment and loses nothing' -Skip:(-not $IsLinux) {
        $store = Copy-RestingStore killed
        $expected = (Get-ClaudeTask $task.Id).TaskId
        $rounds = $env:CLAUDETASKS_LONG -eq '1' ? 100 : 3
        foreach ($round in 1..$rounds) {
            $go = "$($box.Folder)/go$round"
            $child = Start-Pwsh $box "[IO.File]::WriteAllText('$go', ''); Repair-ClaudeTaskStore -Confirm:`$false | Out-Null" -Environment @{ CLAUDETASKS_HOME = $store }
            Wait-Until { Test-Path $go } | Out-Null
            [Threading.Thread]::Sleep((Get-Random -Minimum 0 -Maximum 600))
            $child.Process.Kill()
            $child.Process.WaitForExit()
            # Either the store is as it was, or the next repair finishes this one.
            $found = try { Get-ClaudeTask $task.Id -ErrorAction Stop } catch { $_ }
            if ($found -is [Management.Automation.ErrorRecord]) {
                $found.FullyQualifiedErrorId | Should -BeLike 'StoreUnusable,*'
                $found.ErrorDetails.RecommendedAction | Should -Match 'Repair-ClaudeTaskStore'
                Repair-ClaudeTaskStore -Confirm:$false | Should -HaveCount 1
                $found = Get-ClaudeTask $task.Id
            }
            $found.TaskId | Should -Be $expected
        }
        Get-Failed | Should -BeNullOrEmpty
        Repair-ClaudeTaskStore -Confirm:$false | Should -HaveCount 1
        Test-Path "$store/repair" | Should -BeFalse
    }
}

Describe 'A store that its own session copies' -Skip:$IsWindows {
    It 'loses nothing, and the copy of the one file holds what was done' {
        $session = Invoke-Pwsh $box @"
            # It reads all the while, as the worker opens the store at some moment.
            . { function Complete {
                `$task = Start-ClaudeTask '$(Get-Prompt 'Hello' @{ text = 'Hello.' })' -Repository '$repository'
                while (-not (Get-ClaudeTask `$task.Id).IsEnded) { }
                "`$((Get-ClaudeTask `$task.Id).Status)"
                while (Get-ChildItem `$env:CLAUDETASKS_HOME/workers) { [Threading.Thread]::Sleep(20) } } }
            Complete
            Get-ChildItem `$env:CLAUDETASKS_HOME -File | Copy-Item -Destination (New-Item -ItemType Directory '$($box.Folder)/first')
            foreach (`$round in 1..4) { Complete }
            New-Item -ItemType Directory '$($box.Folder)/second' | ForEach-Object { Copy-Item `$env:CLAUDETASKS_HOME/tasks.db `$_ }
            @(Get-ClaudeTask).Count
            (Test-ClaudeTaskStore | Where-Object { -not `$_.Passed -and `$_.Name -ne 'Room' }).Detail
"@ -Environment @{ CLAUDETASKS_HOME = "$($box.Folder)/copied" }
        $session.Err | Should -BeNullOrEmpty
        $session.Out -split "`n" | Should -Be Completed, Completed, Completed, Completed, Completed, 5
        foreach ($copy in @{ Name = 'copied'; Tasks = 5 }, @{ Name = 'first'; Tasks = 1 }, @{ Name = 'second'; Tasks = 5 }) {
            chmod -R go= "$($box.Folder)/$($copy.Name)"
            (Invoke-Pwsh $box '@(Get-ClaudeTask).Count' -Environment @{ CLAUDETASKS_HOME = "$($box.Folder)/$($copy.Name)" }).Out | Should -Be $copy.Tasks
        }
    }
}
