BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    $box = New-TestBox
    $repository = New-TestRepository $box

    function Get-Failed($Checks) { $Checks | Where-Object { -not $_.Passed } }
}

AfterAll { Remove-TestBox $box }

Describe 'Test-ClaudeTaskPrerequisite' {
    It 'passes every check where all is well' {
        $checks = Test-ClaudeTaskPrerequisite $repository
        $checks.Name | Should -Be Store, Git, Repository, NoOperation, CleanTree, RepositorySettings, ClaudeCode, Login
        $checks.Passed | Select-Object -Unique | Should -BeTrue
        $checks | Where-Object { -not $_.Detail -or $_.Fix } | Should -BeNullOrEmpty
        @(Get-ClaudeTask) | Should -BeNullOrEmpty
    }

    It 'leaves the repository out when none is named' {
        (Test-ClaudeTaskPrerequisite).Name | Should -Be Store, Git, ClaudeCode, Login
    }

    It 'takes folders from the pipeline' {
        $checks = Get-Item $repository, (New-TestRepository $box) | Test-ClaudeTaskPrerequisite
        ($checks | Where-Object Name -EQ Repository).Count | Should -Be 2
    }

    It 'names the files that make a tree dirty, and what to do' {
        $dirty = New-TestRepository $box
        [IO.File]::WriteAllText("$dirty/new file.txt", '')
        [IO.File]::AppendAllText("$dirty/README.md", 'more')
        $failed = Get-Failed (Test-ClaudeTaskPrerequisite $dirty)
        $failed.Name | Should -Be CleanTree
        $failed.Detail | Should -Match 'README.md'
        $failed.Detail | Should -Match 'new file.txt'
        $failed.Fix | Should -Match 'Commit, stash'
    }

    It 'says how to get Claude Code when it is not there' {
        $env:CLAUDE_CODE_PATH = "$($box.Folder)/no-claude"
        try { $failed = Get-Failed (Test-ClaudeTaskPrerequisite) } finally { $env:CLAUDE_CODE_PATH = Get-AgentPath }
        $failed.Name | Should -Be ClaudeCode
        $failed.Detail | Should -Match 'CLAUDE_CODE_PATH'
        $failed.Fix | Should -Match 'install'
    }

    It 'finds a program from where PowerShell is' -Skip:$IsWindows {
        [void][IO.Directory]::CreateDirectory("$($box.Folder)/bin")
        New-Item -ItemType SymbolicLink -Path "$($box.Folder)/bin/my-claude" -Target (Get-AgentPath) | Out-Null
        Push-Location $box.Folder
        try { Get-Failed (Test-ClaudeTaskPrerequisite -ClaudePath ./bin/my-claude) | Should -BeNullOrEmpty } finally { Pop-Location }
    }

    It 'says how to log in' {
        $env:SIMULATED_AGENT_SCENARIO = New-Scenario $box -Settings @{ account = @{ tokenSource = 'none'; apiKeySource = 'none'; apiProvider = 'firstParty' } }
        try { $failed = Get-Failed (Test-ClaudeTaskPrerequisite) } finally { $env:SIMULATED_AGENT_SCENARIO = $null }
        $failed.Name | Should -Be Login
        $failed.Fix | Should -Not -BeNullOrEmpty
    }

    It 'says that a folder is no repository' {
        $plain = (New-Item -ItemType Directory "$($box.Folder)/plain").FullName
        $failed = Get-Failed (Test-ClaudeTaskPrerequisite $plain)
        $failed.Name | Should -Be Repository
        $failed.Fix | Should -Match 'git init'
        (Get-Failed (Test-ClaudeTaskPrerequisite "$plain/missing")).Detail | Should -Match 'does not exist'
    }

    It 'says that a merge is in progress' {
        $merging = New-TestRepository $box
        git -C $merging checkout -q -b other
        [IO.File]::WriteAllText("$merging/README.md", 'theirs'); git -C $merging commit -q -a -m theirs
        git -C $merging checkout -q main
        [IO.File]::WriteAllText("$merging/README.md", 'ours'); git -C $merging commit -q -a -m ours
        git -C $merging merge -q other *> $null
        $failed = Get-Failed (Test-ClaudeTaskPrerequisite $merging) | Where-Object Name -EQ NoOperation
        $failed.Detail | Should -Match 'merge is in progress'
        $failed.Fix | Should -Match 'git merge --continue or --abort'
    }

    It 'says in a result, not in an error, that the store is unusable' {
        $result = Invoke-Pwsh $box -Environment @{ CLAUDETASKS_HOME = "$repository/README.md/x" } `
            '(Test-ClaudeTaskPrerequisite | Where-Object { -not $_.Passed } | ConvertTo-Json)'
        $result.Err | Should -BeNullOrEmpty
        $check = $result.Out | ConvertFrom-Json
        $check.Name | Should -Be Store
        $check.Detail | Should -Match README.md
        $check.Fix | Should -Match CLAUDETASKS_HOME
    }
}
