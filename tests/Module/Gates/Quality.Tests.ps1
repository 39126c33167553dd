# A day with gates, repairs, a session and a report, as somebody would type it. dotnet and npx are stand-ins: what is proved is ours.
BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    $box = New-TestBox
    $repository = New-TestRepository $box 'user/src/api'
    $programs = (New-Item -ItemType Directory "$($box.Folder)/bin").FullName
    function New-Program([string] $Name, [string] $Code) {
        Set-Content "$programs/$Name" "#!/bin/sh`n$Code"
        chmod +x "$programs/$Name"
    }

    New-Program dotnet 'echo "called with $*"; if grep -rn broken *.cs; then exit 1; fi; echo Build succeeded.'
    New-Program npx 'echo "2 problems in $(basename "$PWD")"; exit 1'
    $paging = New-Scenario $box (Get-WriteStep paging.cs broken) @{ resumed = @{ steps = @(Get-WriteStep paging.cs paging) } }
    $bump = New-Scenario $box (Get-WriteStep versions.cs bumped)
}

AfterAll { Remove-TestBox $box }

Describe 'A day with gates' -Skip:$IsWindows {
    It 'goes as it is written' {
        $result = Invoke-Pwsh $box -Environment @{ HOME = "$($box.Folder)/user"; PATH = "$programs$([IO.Path]::PathSeparator)$env:PATH" } -Directory $repository (@'
            1..11 | ForEach-Object { "Earlier $_`nSCENARIO`n{`"steps`":[{`"text`":`"ok`"}]}" } | Start-ClaudeTask | Wait-ClaudeTask | Out-Null
            Register-ClaudeTaskGate test 'echo tested' | Out-Null

            Register-ClaudeTaskGate -Name build -Command 'dotnet build -warnaserror' -Repository ~/src/api -Timeout 300
            Register-ClaudeTaskGate -Name lint -ScriptBlock { npx eslint . ; $LASTEXITCODE } -Optional
            $env:SIMULATED_AGENT_SCENARIO = 'PAGING'
            Start-ClaudeTask 'Add paging' -RepairAttempt 2             # a failing gate's output goes back to Claude, twice at most
            $env:SIMULATED_AGENT_SCENARIO = 'BUMP'
            Start-ClaudeTask 'Bump patch versions' -Gate build, test -AutoApprove   # gates green → committed → Completed

            Wait-ClaudeTask 12 | Out-Null
            Get-ClaudeTask 12 | Get-ClaudeTaskGateResult               # name, passed, exit code, duration, output, attempt
            Invoke-ClaudeTaskGate -Task 12 -Name build                 # again, after I mended something
            Approve-ClaudeTask 12 | Out-Null
            Wait-ClaudeTask 13 | Out-Null
            New-ClaudeTaskSession 'Release 2.0' -Repository ~/src/api; Get-ClaudeTask -Session 'Release 2.0'
            Export-ClaudeTaskReport -Session 'Release 2.0' -Path report.html        # also .md, .json, junit .xml
'@.Replace('PAGING', $paging).Replace('BUMP', $bump))
        $result.Err | Should -BeNullOrEmpty
        $result.ExitCode | Should -Be 0
        $result.Out | Should -Match '(?m)^ +0 build +api +True +5 min +dotnet build -warnaserror'
        $result.Out | Should -Match '(?m)^ +0 lint +\(all\) +False +10 min +npx eslint \.'
        Get-Content "$repository/report.html" -Raw | Should -Match 'Release 2\.0'

        $first, $second = Get-ClaudeTask 12, 13
        $first.Status, $second.Status | Should -Be Completed, Completed
        $first.Repairs, $second.Repairs | Should -Be 1, 0
        $results = $first | Get-ClaudeTaskGateResult
        $results.Name | Should -Be build, lint, test, build, lint, test, build
        $results.Attempt | Should -Be 1, 1, 1, 2, 2, 2, 3
        $results.Passed | Should -Be $false, $false, $true, $true, $false, $true, $true
        $results[0].Output | Should -Match '(?m)^called with build -warnaserror'
        $results[1].ExitCode, $results[1].Output.Trim() | Should -Be 1, '2 problems in api'
        ($second | Get-ClaudeTaskGateResult).Name | Should -Be build, test
        git -C $repository log --format=%s -2 | Should -Be 'Bump patch versions', 'Add paging'
        git -C $repository show --format= --name-only HEAD~ HEAD | Should -Be paging.cs, versions.cs
    }
}
