BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    $box = New-TestBox
    $color = @{ askUser = @{ question = 'Which color?'; options = 'Red', 'Blue' } }
    $touch = Get-AskStep 'touch asked'

    # Runs a task with a policy to its rest; its worker is a process of its own unless With says otherwise.
    function Invoke-Asking($OnQuestion, [object[]] $Steps = $touch, [hashtable] $With = @{}) {
        Start-ClaudeTask (Get-Prompt 'Ask first' $Steps) -Repository (New-TestRepository $box) -OnQuestion $OnQuestion @With | Wait-ClaudeTask
    }

    function Get-ToolResult($Task) { ($Task | Receive-ClaudeTask -Kind ToolResult).Text }
    function Get-PermissionText($Task) { ($Task | Receive-ClaudeTask -Kind Permission).Text -join "`n" }
}

AfterAll { Remove-TestBox $box }

Describe '-OnQuestion' {
    It 'is Deny where nobody can answer, which the task says' {
        $repository = New-TestRepository $box
        $prompt = (Get-Prompt 'Ask' $touch).Replace("'", "''")
        $run = Invoke-Pwsh $box "`$task = Start-ClaudeTask '$prompt' -Repository '$repository' | Wait-ClaudeTask; `$task | Format-List OnQuestion, DeniedTools, WaitingFor"
        $run.Out | Should -Match 'OnQuestion\s+: Deny'
        $run.Out | Should -Match 'DeniedTools\s+: \{?Bash'
        $run.Out | Should -Match 'WaitingFor\s+: *(\n|$)'
        Get-PermissionText (Get-ClaudeTask -Repository $repository) | Should -Match 'Denied, as nobody is there to answer: Running: touch asked'
        "$repository/asked" | Should -Not -Exist
    }

    It 'allows all that is asked for with Allow, and leaves questions to people' {
        $task = Start-ClaudeTask (Get-Prompt 'Ask' $touch, $color) -Repository (New-TestRepository $box) -OnQuestion Allow -InProcess
        (Wait-Question $task).Kind | Should -Be Question
        "$($task.Repository)/asked" | Should -Exist
        Wait-Question $task | Resolve-ClaudeTaskQuestion -Answer Red
        $task | Wait-ClaudeTask | Out-Null
        Get-PermissionText $task | Should -Match 'Allowed, as the task allows all'
    }

    It 'takes no other word' {
        (Get-OnlyError { Start-ClaudeTask x -Repository $box.Folder -OnQuestion Script }).FullyQualifiedErrorId |
            Should -Be 'ParameterArgumentTransformationError,ClaudeTasks.Commands.StartClaudeTaskCommand'
    }

    It 'decides by code that gives <what>, in a worker of its own' -TestCases @(
        @{ what = 'true'; code = { $true }; allowed = $true }
        @{ what = 'false'; code = { $false }; heard = 'The user does not allow this' }
        @{ what = 'Allow'; code = { 'Allow' }; allowed = $true }
        @{ what = 'Deny'; code = { 'Deny' }; heard = 'The user does not allow this' }
        @{ what = 'a reason'; code = { 'use the API' }; heard = 'use the API' }
        @{ what = 'a table that allows'; code = { @{ Allow = $true } }; allowed = $true }
        @{ what = 'a table that denies with a word'; code = { @{ Allow = $false; Message = 'not here' } }; heard = 'not here' }
        @{ what = 'its last output'; code = { $false; Write-Warning 'never mind'; $true }; allowed = $true }
        @{ what = 'what it makes of the question, as $_ and as argument'; code = { param($question) $_.Tool -eq 'Bash' -and $question.Text -like '*touch*' }; allowed = $true }
        @{ what = 'what cmdlets and modules say'; allowed = $true; code = {
                Import-Module Microsoft.PowerShell.Utility
                ($_.Input | ConvertFrom-Json).command -eq 'touch asked' -and (Get-ChildItem $PSHOME -Filter *.dll | Measure-Object).Count -gt 0
            }
        }
    ) {
        $task = Invoke-Asking $code
        Test-Path "$($task.Repository)/asked" | Should -Be ([bool]$allowed) -Because (Get-PermissionText $task)
        if ($heard) { Get-ToolResult $task | Should -Match $heard }
        $task.OnQuestion | Should -Be Script
    }

    It 'decides by code in process too, apart from the session it was written in' {
        $secret = 'of the session'
        $task = Invoke-Asking { "[$secret] $($_.Tool)" } -With @{ InProcess = $true }
        Get-ToolResult $task | Should -Match '\[\] Bash'
    }

    It 'answers a question of Claude''s own by code' {
        $task = Invoke-Asking { $_.Kind -eq 'Question' ? $_.Options[-1] : $true } $color, $touch
        (Get-ToolResult $task)[0] | Should -Match '="Blue"'
        $task.Status | Should -Be WaitingApproval
        $other = Invoke-Asking { @{ Answer = 'Green' } } $color
        Get-ToolResult $other | Should -Match '="Green"'
    }

    It 'remembers what code decides, where it says so' {
        $task = Invoke-Asking { @{ Allow = $true; Remember = $true; Pattern = 'touch *' } }
        $rule = Get-ClaudeTaskRule $task.Repository
        $rule.Pattern | Should -Be 'touch *'
        $rule.Allowed ?? $rule.IsAllowed | Should -BeTrue
    }

    It 'leaves to people what code <what>' -TestCases @(
        @{ what = 'gives nothing for'; code = { } ; told = 'Question \d+, open until' }
        @{ what = 'says Ask to'; code = { 'Ask' }; told = 'Question \d+, open until' }
        @{ what = 'throws at'; code = { throw 'boom' }; told = 'boom' }
        @{ what = 'has no command for'; code = { Get-NoSuchThing; $true }; told = 'Get-NoSuchThing' }
        @{ what = 'has an error on'; code = { Write-Error 'no such luck'; $true }; told = 'no such luck' }
        @{ what = 'exits at'; code = { exit 3 }; told = 'Question \d+, open until' }
        @{ what = 'gives no answer that fits'; code = { $true }; told = 'needs an answer'; steps = @{ askUser = @{ question = 'Which?'; options = 'Red', 'Blue' } } }
    ) {
        $task = Start-ClaudeTask (Get-Prompt 'Ask' ($steps ?? $touch)) -Repository (New-TestRepository $box) -OnQuestion $code
        $question = Wait-Question $task
        Wait-Until { ($task | Receive-ClaudeTask -Kind Warning, Permission).Text -match $told } $told | Out-Null
        Wait-Until { ($task | Receive-ClaudeTask -Kind Permission).Text -match "Resolve-ClaudeTaskQuestion $($question.Id)" } 'it says how to answer' | Out-Null
        (Get-ClaudeTaskQuestion $question.Id).State | Should -Be Open
        $question | Resolve-ClaudeTaskQuestion -Deny
        ($task | Wait-ClaudeTask).Status | Should -Be Completed
    }

    It 'lets people be quicker than code, and stops code that nobody waits for' {
        $marker = "$($box.Folder)/outlived"
        $task = Start-ClaudeTask (Get-Prompt 'Ask' $touch) -Repository (New-TestRepository $box) -InProcess -OnQuestion ([scriptblock]::Create(
            "Set-Content '$marker.begun' x; 1..20 | ForEach-Object { Start-Sleep -Milliseconds 100 }; Set-Content '$marker' x; `$false"))
        $question = Wait-Question $task
        Wait-Until { Test-Path "$marker.begun" } | Out-Null
        $question | Resolve-ClaudeTaskQuestion -Allow
        ($task | Wait-ClaudeTask).Status | Should -Be WaitingApproval
        Start-Sleep 3
        $marker | Should -Not -Exist
        $task | Receive-ClaudeTask -Kind Warning | Should -BeNullOrEmpty
    }

    It 'denies at the deadline what code takes too long for' {
        $task = Invoke-Asking { while ($true) { Start-Sleep -Milliseconds 50 } } -With @{ QuestionTimeout = 1 }
        $task.DeniedTools | Should -Be Bash
        ($task | Get-ClaudeTaskQuestion -All).State | Should -Be Expired
    }
}

Describe 'Rules' {
    It 'are made of an answer, decide the next time, and are removed again' {
        $repository = New-TestRepository $box
        $go = @{ Repository = $repository; InProcess = $true }
        $task = Start-ClaudeTask (Get-Prompt 'Ask' (Get-AskStep 'git log')) @go -OnQuestion Ask
        Wait-Question $task | Resolve-ClaudeTaskQuestion -Allow -Remember -Pattern 'git *'
        $task | Wait-ClaudeTask | Out-Null
        $rule = Get-ClaudeTaskRule -Repository $repository
        $rule.Tool, $rule.Pattern, $rule.IsAllowed | Should -Be Bash, 'git *', $true
        ($rule | Out-String) | Should -Match 'Bash +True +False +git \*'

        $second = Start-ClaudeTask (Get-Prompt 'Ask' (Get-AskStep 'git status'), (Get-AskStep 'git status; touch no')) @go -OnQuestion Deny | Wait-ClaudeTask
        ($second | Get-ClaudeTaskQuestion -All).State | Should -Be Allowed, Denied
        Get-PermissionText $second | Should -Match "by rule $($rule.Id)"
        "$repository/no" | Should -Not -Exist

        $rule | Remove-ClaudeTaskRule -WhatIf
        (Get-ClaudeTaskRule $repository).Id | Should -Be $rule.Id
        $rule | Remove-ClaudeTaskRule | Should -BeNullOrEmpty
        Get-ClaudeTaskRule $repository | Should -BeNullOrEmpty
        (Start-ClaudeTask (Get-Prompt 'Ask' (Get-AskStep 'git status')) @go -OnQuestion Deny | Wait-ClaudeTask).DeniedTools | Should -Be Bash
        $failure = Get-OnlyError { Remove-ClaudeTaskRule $rule.Id }
        $failure.FullyQualifiedErrorId | Should -Be 'RuleNotFound,ClaudeTasks.Commands.RemoveClaudeTaskRuleCommand'
        $failure.CategoryInfo.Category | Should -Be ObjectNotFound
        $failure.TargetObject | Should -Be $rule.Id
    }

    It 'are of their repository alone, and denials win' {
        $repository = New-TestRepository $box
        foreach ($step in @{ Allow = $true; Pattern = 'touch *' }, @{ Deny = $true; Pattern = 'touch b' }) {
            $task = Start-ClaudeTask (Get-Prompt 'Ask' (Get-AskStep 'echo x')) -Repository $repository -InProcess -OnQuestion Ask
            Wait-Question $task | Resolve-ClaudeTaskQuestion -Remember @step
            $task | Wait-ClaudeTask | Out-Null
        }
        $steps = (Get-AskStep 'touch a'), (Get-AskStep 'touch b')
        $task = Start-ClaudeTask (Get-Prompt 'Ask' $steps) -Repository $repository -InProcess -OnQuestion Deny | Wait-ClaudeTask
        Test-Path $repository/a, $repository/b | Should -Be $true, $false
        $other = Invoke-Asking Deny (Get-AskStep 'touch a') @{ InProcess = $true }
        $other.DeniedTools | Should -Be Bash
        @(Get-ClaudeTaskRule).Where({ $_.Repository -eq $repository }).Count | Should -Be 2
        $text = Invoke-Pwsh $box 'Get-ClaudeTaskRule | Out-String -Width 80'
        $text.Out | Should -Not -Match "`e"
        foreach ($line in $text.Out -split "`n") { $Host.UI.RawUI.LengthInBufferCells($line) | Should -BeLessOrEqual 80 }
    }
}
