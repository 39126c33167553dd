BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    $box = New-TestBox
    $repository = New-TestRepository $box
    $task = Start-ClaudeTask (Get-Prompt 'Hello' @{ text = 'Hello.' }) -Repository $repository | Wait-ClaudeTask

    # What each cmdlet says of a store in this folder, in a PowerShell of its own.
    function Assert-Store([string] $Folder, [string] $Id, [string] $Category, [string] $Message) {
        $result = Invoke-Pwsh $box -Environment @{ CLAUDETASKS_HOME = $Folder } "
            `$uses = { Get-ClaudeTask }, { Start-ClaudeTask 'Do it' -Repository '$repository' }, { Receive-ClaudeTask 1 }, { Wait-ClaudeTask 1 },
                { Stop-ClaudeTask 1 }, { Remove-ClaudeTask 1 }, { Get-ClaudeTaskDiff 1 }, { Invoke-ClaudeTask 'Do it' -Repository '$repository' }
            @(foreach (`$use in `$uses) {
                try { & `$use; throw 'no error' } catch {
                    @{ Id = `$_.FullyQualifiedErrorId; Category = `"`$(`$_.CategoryInfo.Category)`"; Message = `$_.Exception.Message; Fix = `$_.ErrorDetails.RecommendedAction }
                }
            }) | ConvertTo-Json"
        $result.Err | Should -BeNullOrEmpty
        $failures = $result.Out | ConvertFrom-Json
        $failures.Id | Should -Be ('Get', 'Start', 'Receive', 'Wait', 'Stop', 'Remove', 'GetDiff', 'Invoke' | ForEach-Object {
                $_ -eq 'GetDiff' ? "$Id,ClaudeTasks.Commands.GetClaudeTaskDiffCommand" : "$Id,ClaudeTasks.Commands.${_}ClaudeTaskCommand" })
        $failures.Category | Select-Object -Unique | Should -Be $Category
        $failures.Message | ForEach-Object { $_ | Should -Match $Message }
        $failures.Fix | ForEach-Object { $_ | Should -Not -BeNullOrEmpty }
    }

    function Copy-Store([string] $Name) {
        $copy = "$($box.Folder)/$Name"
        # By another process: to open and close the file in this one would drop SQLite's locks on it.
        cp -r $box.Home $copy
        chmod 700 $copy
        $copy
    }
}

AfterAll { Remove-TestBox $box }

Describe 'A store' -Skip:$IsWindows {
    It 'from a newer version is refused and left alone' {
        $store = Copy-Store newer
        # user_version is a big-endian number at offset 60 of the file; the write-ahead log would win over it.
        Remove-Item "$store/tasks.db-wal", "$store/tasks.db-shm" -ErrorAction Ignore
        $stream = [IO.File]::Open("$store/tasks.db", 'Open', 'ReadWrite')
        $stream.Position = 60
        $stream.Write([byte[]](0, 0, 3, 231))
        $stream.Dispose()
        $before = (Get-FileHash "$store/tasks.db").Hash
        Assert-Store $store StoreTooNew InvalidData '999|newer'
        (Get-FileHash "$store/tasks.db").Hash | Should -Be $before
    }

    It 'that is no SQLite file is refused and left alone' {
        $store = "$($box.Folder)/text"
        New-Item -ItemType Directory $store | Out-Null
        [IO.File]::WriteAllText("$store/tasks.db", "my precious notes`n" * 100)
        Assert-Store $store StoreCorrupt InvalidData 'no SQLite database|damaged'
        Get-Content "$store/tasks.db" -TotalCount 1 | Should -Be 'my precious notes'
    }

    It 'that is damaged is refused' {
        $store = Copy-Store damaged
        Remove-Item "$store/tasks.db-wal", "$store/tasks.db-shm" -ErrorAction Ignore
        $stream = [IO.File]::Open("$store/tasks.db", 'Open', 'ReadWrite')
        $stream.SetLength(100)
        $stream.Dispose()
        Assert-Store $store StoreCorrupt InvalidData 'no SQLite database|damaged'
    }

    It 'whose folder cannot be made is refused with what to do' {
        Assert-Store "$repository/README.md/store" StoreUnusable OpenError 'README\.md'
        if ($IsLinux) { Assert-Store /proc/claude-tasks StoreUnusable OpenError '/proc/claude-tasks' }
    }

    It 'that is a folder is refused' {
        $store = "$($box.Folder)/folder"
        New-Item -ItemType Directory "$store/tasks.db" | Out-Null
        chmod 700 $store
        Assert-Store $store StoreUnusable OpenError 'tasks\.db'
    }

    It 'in a folder that others can open and that holds other things is refused, and the folder left as it is' -Skip:$IsWindows {
        $store = (New-Item -ItemType Directory "$($box.Folder)/shared").FullName
        [IO.File]::WriteAllText("$store/other", '')
        chmod 755 $store
        Assert-Store $store StoreUnusable OpenError 'Other users'
        (Get-ChildItem $store).Name | Should -Be other
        stat -c %a $store | Should -Be 755
    }

    It 'is the user''s alone' -Skip:(-not $IsLinux) {
        stat -c %a $box.Home | Should -Be 700
        Get-ChildItem $box.Home -File -Force | ForEach-Object { stat -c %a $_.FullName } | Select-Object -Unique | Should -Be 600
    }

    It 'under an odd name works' {
        $store = "$($box.Folder)/st`"o're [x] ü; Mode=ReadOnly"
        $result = Invoke-Pwsh $box -Environment @{ CLAUDETASKS_HOME = $store } `
            "(Start-ClaudeTask '$(Get-Prompt 'Hello' @{ text = 'Hello.' })' -Repository '$repository' | Wait-ClaudeTask).Status"
        $result.Err | Should -BeNullOrEmpty
        $result.Out | Should -Be Completed
        Test-Path -LiteralPath "$store/tasks.db" | Should -BeTrue
    }

    It 'follows $env:CLAUDETASKS_HOME within a session' {
        $env:CLAUDETASKS_HOME = "$($box.Folder)/second"
        try { Get-ClaudeTask | Should -BeNullOrEmpty } finally { $env:CLAUDETASKS_HOME = $box.Home }
        (Get-ClaudeTask).Id | Should -Contain $task.Id
    }

    It 'takes tasks of several PowerShells at once' {
        $script = "1..5 | ForEach-Object { (Start-ClaudeTask (`"Do `$_``nSCENARIO``n{```"steps```":[]}`") -Repository '{0}' -Session crowd).Id } | Out-Null
            Get-ClaudeTask -Session crowd | Wait-ClaudeTask | Out-Null"
        $children = 1..3 | ForEach-Object { Start-Pwsh $box ($script.Replace('{0}', (New-TestRepository $box))) }
        $results = $children | ForEach-Object { Complete-Pwsh $_ }
        $results.Err | Where-Object { $_ } | Should -BeNullOrEmpty
        $crowd = Get-ClaudeTask -Session crowd | Wait-ClaudeTask
        $crowd.Count | Should -Be 15
        $crowd.Status | Select-Object -Unique | Should -Be Completed
    }
}
