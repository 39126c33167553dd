BeforeAll {
    Import-Module $PSScriptRoot/Common.psm1 -Force
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
    ) {
        $repository = New-TestRepository $box
        Register-ClaudeTaskGate -Name check -ScriptBlock $script -Repository $repository | Out-Null
        $task = Invoke-ClaudeTask (Get-Prompt 'One' (Get-WriteStep a.txt)) -Repository $repository -InProcess -Quiet -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure[-1].FullyQualifiedErrorId | Should -Be 'TaskFailed,ClaudeTasks.Commands.InvokeClaudeTaskCommand'
        $task = Get-ClaudeTask -Repository $repository
        $task.Status | Should -Be QaFailed
        ($task | Get-ClaudeTaskGateResult).Passed | Should -BeFalse
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
        Unregister-ClaudeTaskGate everywhere
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
