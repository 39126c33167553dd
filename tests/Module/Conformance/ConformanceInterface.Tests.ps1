# What is seen: views, widths, colour, and progress. Views.Tests.ps1 has what hostile content looks like.
BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    $box = New-TestBox
    $long = 'word ' * 60
    $repository = New-TestRepository $box ('long' * 20)
    Register-ClaudeTaskGate ('gate' * 20) 'echo it; false' -Optional | Out-Null
    Register-ClaudeTaskTemplate ('template' * 10) "{{A}} $long" -Description $long | Out-Null
    $asking = Start-ClaudeTask (Get-Prompt "Ask $long" (Get-AskStep "make $long"), (Get-AskStep "make $long 2")) -Repository (New-TestRepository $box) -OnQuestion Ask -InProcess
    Wait-Question $asking | Resolve-ClaudeTaskQuestion -Allow -Remember
    Wait-Question $asking | Out-Null
    $task = Start-ClaudeTask (Get-Prompt $long @{ text = $long }, (Get-WriteStep ('a' * 100))) -Repository $repository -Session ('session' * 20) -InProcess | Wait-ClaudeTask

    # Something of every type that a command writes.
    $written = @{
        ClaudeTask = { Get-ClaudeTask }; ClaudeTaskAttempt = { $task | Get-ClaudeTaskAttempt }; ClaudeTaskChange = { $task | Get-ClaudeTaskDiff }; ClaudeTaskEvent = { $task | Receive-ClaudeTask }
        ClaudeTaskGate = { Get-ClaudeTaskGate }; ClaudeTaskGateResult = { $task | Get-ClaudeTaskGateResult }; ClaudeTaskMeasure = { Measure-ClaudeTask }; ClaudeTaskOption = { Get-ClaudeTaskOption }
        ClaudeTaskQuestion = { Get-ClaudeTaskQuestion }; ClaudeTaskRule = { Get-ClaudeTaskRule }; ClaudeTaskSession = { Get-ClaudeTaskSession }; ClaudeTaskTemplate = { Get-ClaudeTaskTemplate }
        PrerequisiteCheck = { Test-ClaudeTaskPrerequisite $repository }; ClaudeTaskJob = { Start-ClaudeTask $long -Repository $repository -InProcess -AsJob }; ClaudeTaskWatcher = { $task | New-ClaudeTaskWatcher }
    }
    # A repair wants a store that nobody has open: Store.Tests.ps1.
    $types = (Get-Command -Module ClaudeTasks).OutputType.Type | Where-Object { $_.Namespace -like 'ClaudeTasks*' -and $_.Name -ne 'ClaudeTaskStoreRepair' } | Sort-Object FullName -Unique
}

AfterAll { Remove-TestBox $box }

Describe 'Every type that a command writes' {
    It 'has a view, and something of it to look at here' {
        $types.Name | Sort-Object | Should -Be ($written.Keys | Sort-Object)
        foreach ($type in $types) { Get-FormatData @(& $written[$type.Name])[0].PSObject.TypeNames | Should -Not -BeNullOrEmpty -Because $type.FullName }
    }

    It 'fits 80 columns in a table, however long its texts are' {
        foreach ($type in $types.Name -ne 'ClaudeTaskChange' -ne 'ClaudeTaskEvent') {
            $lines = (& $written[$type] | Format-Table | Out-String -Width 80).TrimEnd() -split '\r?\n'
            $lines.Count | Should -BeGreaterThan 2 -Because $type
            foreach ($line in $lines) { $Host.UI.RawUI.LengthInBufferCells(($line -replace '\e\[[0-9;]*m')) | Should -BeLessOrEqual 80 -Because "${type}: $line" }
        }
    }

    It 'is shown without an escape sequence where no colour is wanted' {
        # The child has NO_COLOR=1.
        $script = $written.Keys | ForEach-Object { "'== $_'; $($written[$_].ToString().Replace('$task', "Get-ClaudeTask $($task.Id)").Replace('$repository', "'$repository'").Replace('$long', "'$long'"))" }
        foreach ($end in '', ' | Format-List') {
            $result = Invoke-Pwsh $box ($script.ForEach({ $_ + $end }) -join "`n")
            $result.Out | Should -Not -Match "`e"
            $result.Err | Should -BeNullOrEmpty
            foreach ($key in $written.Keys) { $result.Out | Should -Match "== $key\b" }
        }
    }
}

Describe 'Progress' {
    It 'has an id of its own for each task, which stays, and ends with Completed' {
        $go = "$($box.Folder)/go"
        $tasks = 1..2 | ForEach-Object { Start-ClaudeTask (Get-Prompt "Task $_" @{ waitFile = $go }) -Repository (New-TestRepository $box) -InProcess }
        $waiting = Start-Runspace "Wait-ClaudeTask $($tasks.Id -join ', ')"
        Wait-Until { @($waiting.Shell.Streams.Progress.ActivityId | Sort-Object -Unique).Count -ge 2 } 'both are shown' | Out-Null
        [IO.File]::WriteAllText($go, '')
        Wait-Until { $waiting.Run.IsCompleted } 'it has returned' | Out-Null
        $records = @($waiting.Shell.Streams.Progress)
        foreach ($group in $records | Group-Object ActivityId) {
            $group.Group[-1].RecordType | Should -Be Completed
            @($group.Group | Where-Object RecordType -EQ Completed).Count | Should -Be 1
        }
        Stop-Runspace $waiting | Should -Be Completed
    }
}
