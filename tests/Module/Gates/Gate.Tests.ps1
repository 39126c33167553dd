BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    $box = New-TestBox
}

AfterAll { Remove-TestBox $box }

Describe 'Gates' -Skip:$IsWindows {
    It 'runs what was registered, in order, and shows what it said' {
        $repository = New-TestRepository $box
        Register-ClaudeTaskGate -Name build -Command 'echo building; test -f a.txt' -Repository $repository -Timeout 300 -Order 1 | Out-Null
        Register-ClaudeTaskGate -Name script -ScriptBlock { 'from pwsh'; (Get-Content a.txt) -eq 'new' } -Repository $repository -Order 2 | Out-Null
        Register-ClaudeTaskGate -Name program -FilePath git -ArgumentList rev-parse, --is-inside-work-tree -Repository $repository -Order 3 -Optional | Out-Null
        (Get-ClaudeTaskGate -Repository $repository).Name | Should -Be build, script, program
        (Get-ClaudeTaskGate pro*).IsRequired | Should -BeFalse

        $task = Start-ClaudeTask (Get-Prompt 'Add paging' (Get-WriteStep a.txt)) -Repository $repository | Wait-ClaudeTask
        $task.Status | Should -Be WaitingApproval
        $results = $task | Get-ClaudeTaskGateResult
        $results.Name | Should -Be build, script, program
        $results.Passed | Should -Be $true, $true, $true
        $results[1].Output | Should -Match 'from pwsh'
        ($results | Out-String) | Should -Match 'building'
        ($task | Receive-ClaudeTask -Kind Gate).Text | Should -Contain 'building'
        $task | Deny-ClaudeTask | Out-Null
    }

    It 'fails a script that <what>' -TestCases @(
        @{ what = 'throws'; script = { throw 'bad' } }
        @{ what = 'exits'; script = { exit 3 } }
        @{ what = 'ends with $false'; script = { 'x'; $false } }
        @{ what = 'ends with an exit code'; script = { sh -c 'exit 4'; $LASTEXITCODE } }
        @{ what = 'ends with a program that failed'; script = { sh -c 'echo bad; exit 4' } }
        @{ what = 'ends with a number that is 0 as an exit code'; script = { 256 } }
        @{ what = 'calls what there is not'; script = { Invoke-NoSuchThing; 'fine' } }
        @{ what = 'writes an error'; script = { Write-Error 'bad'; 'fine' } }
    ) {
        $repository = New-TestRepository $box
        Register-ClaudeTaskGate -Name check -ScriptBlock $script -Repository $repository | Out-Null
        $task = Invoke-ClaudeTask (Get-Prompt 'One' (Get-WriteStep a.txt)) -Repository $repository -InProcess -Quiet -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure[-1].FullyQualifiedErrorId | Should -Be 'TaskFailed,ClaudeTasks.Commands.InvokeClaudeTaskCommand'
        $task = Get-ClaudeTask -Repository $repository
        $task.Status | Should -Be QaFailed
        ($task | Get-ClaudeTaskGateResult).Passed | Should -BeFalse
    }

    It 'passes a script that <what>' -TestCases @(
        @{ what = 'ends with the exit code of a program that did its work'; script = { sh -c 'echo ok'; $LASTEXITCODE } }
        @{ what = 'ends with $true after a program that failed'; script = { sh -c 'exit 4'; $true } }
        @{ what = 'only talks'; script = { 'fine' } }
        @{ what = 'says nothing'; script = { $null = 1 } }
    ) {
        $repository = New-TestRepository $box
        Register-ClaudeTaskGate check -ScriptBlock $script -Repository $repository | Out-Null
        (Invoke-ClaudeTask (Get-Prompt 'One' (Get-WriteStep a.txt)) -Repository $repository -InProcess -Quiet).Status | Should -Be WaitingApproval
    }

    It 'takes a script block by position for a script' {
        $repository = New-TestRepository $box
        $gate = Register-ClaudeTaskGate style { if (Get-ChildItem) { 'fine' } } -Repository $repository
        "$($gate.Kind)" | Should -Be Script
        $task = Invoke-ClaudeTask (Get-Prompt 'Work' (Get-WriteStep new.txt)) -Repository $repository -InProcess -Quiet
        $task.Status | Should -Be WaitingApproval
        ($task | Get-ClaudeTaskGateResult).Output | Should -Match fine
    }

    It 'keeps what a script writes into every stream' {
        $repository = New-TestRepository $box
        Register-ClaudeTaskGate streams -Repository $repository -ScriptBlock {
            'to output'; Write-Error 'to error' -ErrorAction Continue; Write-Warning 'to warning'; Write-Verbose 'to verbose' -Verbose; Write-Debug 'to debug' -Debug
            Write-Information 'to information' -InformationAction Continue; Write-Host 'to host'; [pscustomobject]@{ Column = 'to table' }; sh -c 'echo to stderr >&2'
        } | Out-Null
        $task = Invoke-ClaudeTask (Get-Prompt 'One' (Get-WriteStep a.txt)) -Repository $repository -InProcess -Quiet
        $output = ($task | Get-ClaudeTaskGateResult).Output
        'output', 'error', 'warning', 'verbose', 'debug', 'information', 'host', 'table', 'stderr' | ForEach-Object { $output | Should -Match "to $_" }
        $output | Should -Not -Match "`e"
    }

    It 'shows numbers on the way, and takes the one at the end for what it says' {
        $repository = New-TestRepository $box
        Register-ClaudeTaskGate check -ScriptBlock { 11; $false; 'text'; 12; 0 } -Repository $repository | Out-Null
        $result = Invoke-ClaudeTask (Get-Prompt 'One' (Get-WriteStep a.txt)) -Repository $repository -InProcess -Quiet | Get-ClaudeTaskGateResult
        $result.Passed | Should -BeTrue
        $result.Output.Trim() -split '\s+' | Should -Be 11, False, text, 12
    }

    It 'runs a script file with its arguments' {
        $repository = New-TestRepository $box
        Set-Content "$($box.Folder)/check.ps1" 'param($Name, [switch] $Strict) "<$Name> $Strict in $(Split-Path -Leaf $PWD)"; exit 3'
        Push-Location $box.Folder
        try { Register-ClaudeTaskGate file -FilePath check.ps1 -ArgumentList 'a b', -Strict -Repository $repository | Out-Null } finally { Pop-Location }
        Invoke-ClaudeTask (Get-Prompt 'One' (Get-WriteStep a.txt)) -Repository $repository -InProcess -Quiet -ErrorAction SilentlyContinue | Out-Null
        $result = Get-ClaudeTask -Repository $repository | Get-ClaudeTaskGateResult
        $result.ExitCode | Should -Be 3
        $result.Output.Trim() | Should -Be "<a b> True in $(Split-Path -Leaf $repository)"
    }

    It 'runs nothing of the repository that was not registered' {
        $repository = New-TestRepository $box
        $marker = "$($box.Folder)/ran"
        $names = 'check', 'check.ps1', 'sh', 'pwsh', 'git', '.claude-tasks', 'profile.ps1', 'Microsoft.PowerShell_profile.ps1'
        foreach ($name in $names) { [IO.File]::WriteAllText("$repository/$name", "#!/bin/sh`ntouch '$marker'`n"); chmod +x "$repository/$name" }
        git -C $repository add -A; git -C $repository commit -qm Programs
        Push-Location $box.Folder
        try {
            Register-ClaudeTaskGate program -FilePath check -Repository $repository | Out-Null
            Register-ClaudeTaskGate file -FilePath check.ps1 -Repository $repository | Out-Null
        } finally { Pop-Location }

        # Registered in the repository, a bare name is a program on PATH all the same.
        Push-Location $repository
        try { Register-ClaudeTaskGate here -FilePath git -ArgumentList status -Repository . | Out-Null } finally { Pop-Location }
        Register-ClaudeTaskGate line 'true' -Repository $repository | Out-Null
        Register-ClaudeTaskGate script -ScriptBlock { 'fine' } -Repository $repository | Out-Null
        $prompt = Get-Prompt 'One' (Get-WriteStep a.txt)
        foreach ($where in '-InProcess', '') {
            Invoke-Pwsh $box "Invoke-ClaudeTask '$prompt' -Repository . $where -Quiet" -Directory $repository | Out-Null
            $task = Get-ClaudeTask -Repository $repository | Select-Object -Last 1
            $results = $task | Get-ClaudeTaskGateResult | Sort-Object Name
            $results.Passed | Should -Be $false, $true, $true, $false, $true
            $results[3].Reason | Should -Be StartFailed
            $task | Deny-ClaudeTask | Out-Null
        }
        $marker | Should -Not -Exist
    }

    It 'shows what a gate prints while it runs' {
        $repository = New-TestRepository $box
        $go = "$($box.Folder)/go"
        Register-ClaudeTaskGate slow "echo first; until test -e '$go'; do sleep 0.05; done; echo last" -Repository $repository | Out-Null
        $task = Start-ClaudeTask (Get-Prompt 'One' (Get-WriteStep a.txt)) -Repository $repository
        $follower = Start-Runspace "Receive-ClaudeTask $($task.Id) -Follow -Kind Gate"
        Wait-Until { $follower.Output.Count -gt 0 } 'a line of the gate has come' | Out-Null
        $follower.Output[0].Text | Should -Be first
        (Get-ClaudeTask $task.Id).Status | Should -Be QaRunning
        Set-Content $go x
        Wait-Until { $follower.Run.IsCompleted } | Out-Null
        $follower.Output.Text | Should -Be first, last
        $follower.Shell.Dispose()
        (Get-ClaudeTask $task.Id).Status | Should -Be WaitingApproval
    }

    It 'leaves nothing of a gate running, even what dropped its environment' -Skip:(-not $IsLinux) {
        $repository = New-TestRepository $box
        $file = "$($box.Folder)/pids"
        Register-ClaudeTaskGate leaves "env -i setsid sh -c 'echo `$`$ > $file; exec sleep 600' >/dev/null 2>&1 & until test -s $file; do sleep 0.05; done" -Repository $repository | Out-Null
        $task = Start-ClaudeTask (Get-Prompt 'One' (Get-WriteStep a.txt)) -Repository $repository | Wait-ClaudeTask
        $task.Status | Should -Be WaitingApproval
        Wait-Until { -not (Test-Path "/proc/$((Get-Content $file).Trim())/exe") } 'the process is gone' -Seconds 20 | Out-Null
    }

    It 'loses nothing of a failed result: it is put back, or approved by force, which is recorded' {
        $repository = New-TestRepository $box
        Register-ClaudeTaskGate build 'exit 1' -Repository $repository | Out-Null
        $task = Start-ClaudeTask (Get-Prompt 'One' (Get-WriteStep a.txt)) -Repository $repository | Wait-ClaudeTask
        "$repository/a.txt" | Should -Exist
        ($task | Deny-ClaudeTask).Status | Should -Be Rejected
        "$repository/a.txt" | Should -Not -Exist
        ($task | Undo-ClaudeTask).Status | Should -Be QaFailed
        "$repository/a.txt" | Should -Exist
        $approved = $task | Approve-ClaudeTask -Force
        $approved.Status | Should -Be Completed
        ($task | Receive-ClaudeTask -Kind Status).Text | Where-Object { $_ -like '*by force: its gates had failed*' } | Should -HaveCount 1
        git -C $repository show --format= --name-only HEAD | Should -Be a.txt
    }

    It 'runs again after something was mended' {
        $repository = New-TestRepository $box
        Register-ClaudeTaskGate -Name build -Command 'test -f mended.txt' -Repository $repository | Out-Null
        $task = Start-ClaudeTask (Get-Prompt 'One' (Get-WriteStep a.txt)) -Repository $repository | Wait-ClaudeTask
        $task.Status | Should -Be QaFailed
        (Get-OnlyError { $task | Approve-ClaudeTask }).FullyQualifiedErrorId | Should -Be 'TaskStateConflict,ClaudeTasks.Commands.ApproveClaudeTaskCommand'
        Set-Content $repository/mended.txt x
        (Invoke-ClaudeTaskGate -Task $task.Id -Name build).Passed | Should -BeTrue
        ($task | Get-ClaudeTaskGateResult).Attempt | Should -Be 1, 2
        ($task | Approve-ClaudeTask).Status | Should -Be Completed
    }

    It 'lets Claude repair what failed, and commits what passed, with nobody there' {
        $repository = New-TestRepository $box
        Register-ClaudeTaskGate -Name build -Command 'grep mended a.txt' -Repository $repository | Out-Null
        $file = "$repository.json"
        Set-Content $file '{"steps":[{"tool":"Write","input":{"file_path":"a.txt","content":"broken"}}],"resumed":{"steps":[{"tool":"Write","input":{"file_path":"a.txt","content":"mended"}}]}}'
        $task = Invoke-ClaudeTask 'Bump' -Repository $repository -Gate build -RepairAttempt 2 -AutoApprove -AgentArgument "--scenario=$file" -Quiet
        $task.Status | Should -Be Completed
        $task.Repairs | Should -Be 1
        git -C $repository show HEAD:a.txt | Should -Be mended
        git -C $repository status --short | Should -BeNullOrEmpty
    }

    It 'is for all repositories without one, and is taken out again' {
        $repository = New-TestRepository $box
        Register-ClaudeTaskGate -Name everywhere -Command 'exit 1' -WhatIf
        Get-ClaudeTaskGate everywhere | Should -BeNullOrEmpty
        Register-ClaudeTaskGate -Name everywhere -Command 'exit 1' -Environment @{ A = 1 } | Out-Null
        (Get-ClaudeTaskGate everywhere -Repository $repository).Environment['A'] | Should -Be '1'
        (Get-ClaudeTaskGate | Out-String) | Should -Match '\(all\)'
        (Get-OnlyError { Unregister-ClaudeTaskGate everywhere -Repository '' }).FullyQualifiedErrorId | Should -BeLike InvalidArgument*
        Get-ClaudeTaskGate everywhere | Unregister-ClaudeTaskGate
        Get-ClaudeTaskGate everywhere | Should -BeNullOrEmpty
    }

    It 'refuses with <id>: <what>' -TestCases @(
        @{ what = 'an unknown gate at the start'; id = 'GateNotFound'; category = 'ObjectNotFound'; script = { Start-ClaudeTask x -Repository $repository -Gate nope }; cmdlet = 'StartClaudeTaskCommand' }
        @{ what = 'an unknown gate to take out'; id = 'GateNotFound'; category = 'ObjectNotFound'; script = { Unregister-ClaudeTaskGate nope }; cmdlet = 'UnregisterClaudeTaskGateCommand' }
        @{ what = 'a folder outside'; id = 'InvalidArgument'; category = 'InvalidArgument'; script = { Register-ClaudeTaskGate x 'true' -WorkingFolder ../x }; cmdlet = 'RegisterClaudeTaskGateCommand' }
    ) {
        $repository = New-TestRepository $box
        $failure = Get-OnlyError $script
        $failure.FullyQualifiedErrorId | Should -Be "$id,ClaudeTasks.Commands.$cmdlet"
        $failure.CategoryInfo.Category | Should -Be $category
    }
}
