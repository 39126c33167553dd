BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    $box = New-TestBox
    $repository = New-TestRepository $box
    $scenario = New-Scenario $box @{ text = 'Hello.' }
    $quick = @{ AgentArgument = "--scenario=$scenario"; InProcess = $true; Repository = $repository }
    Register-ClaudeTaskTemplate -Name fix -Prompt 'Fix {{Issue}} and add a test' -Timeout 20 | Out-Null
}

AfterAll { Remove-TestBox $box }

Describe 'Register-ClaudeTaskTemplate' {
    It 'keeps what was said, and nothing else' {
        $made = Register-ClaudeTaskTemplate full 'Update {{Package}} to {{ Version }}' -Description 'Updates' -Model opus -AllowedTool 'Bash(npm *)' -RepairAttempt 2 -Worktree
        $made.Name, $made.Description, $made.Model, $made.RepairAttempt, $made.Worktree | Should -Be full, Updates, opus, 2, $true
        $made.Placeholders | Should -Be Package, Version
        $made.AllowedTool | Should -Be 'Bash(npm *)'
        $made.Timeout, $made.AutoApprove, $made.Gate | Should -Be $null, $null, $null
        (Get-ClaudeTaskTemplate FULL).Prompt | Should -Be $made.Prompt
        Unregister-ClaudeTaskTemplate full
    }

    It 'takes a plain number for seconds, as Start-ClaudeTask does' { (Get-ClaudeTaskTemplate fix).Timeout | Should -Be ([TimeSpan]::FromSeconds(20)) }

    It 'replaces the one of that name, whatever the case' {
        Register-ClaudeTaskTemplate twice First | Out-Null
        Register-ClaudeTaskTemplate TWICE Second | Out-Null
        @(Get-ClaudeTaskTemplate twice).Prompt | Should -Be Second
        Unregister-ClaudeTaskTemplate twice
    }

    It 'changes nothing with -WhatIf' {
        Register-ClaudeTaskTemplate imagined 'Do it' -WhatIf
        Get-ClaudeTaskTemplate imagined* | Should -BeNullOrEmpty
        Unregister-ClaudeTaskTemplate fix -WhatIf
        (Get-ClaudeTaskTemplate fix).Name | Should -Be fix
    }
}

Describe 'Get-ClaudeTaskTemplate' {
    It 'finds by wildcards, has a table that fits 80 columns and a list' {
        Register-ClaudeTaskTemplate upgrade ('Upgrade {{Package}} ' * 20) -Gate build | Out-Null
        (Get-ClaudeTaskTemplate up*, f?x).Name | Should -Be fix, upgrade
        $table = Get-ClaudeTaskTemplate | Out-String -Width 80
        foreach ($line in $table -split '\r?\n') { $line.Length | Should -BeLessOrEqual 80 }
        $table | Should -Match '(?m)^fix +Issue +Fix \{\{Issue\}\} and add a test'
        Get-ClaudeTaskTemplate upgrade | Format-List | Out-String | Should -Match '(?m)^Settings +: Gate = build'
        Get-ClaudeTaskTemplate | Export-Clixml "$($box.Folder)/t.xml"
        Import-Clixml "$($box.Folder)/t.xml" | Out-String | Should -Match 'upgrade +Package'
        Unregister-ClaudeTaskTemplate upgrade
    }
}

Describe 'A task from a template' {
    It 'has the prompt with its values, and the name of the template' {
        $task = Start-ClaudeTask -Template Fix -Value @{ Issue = '#42' } @quick | Wait-ClaudeTask
        $task.Prompt | Should -BeExactly 'Fix #42 and add a test'
        $task.Template | Should -BeExactly fix
        $task.Status | Should -Be Completed
        $task | Format-List | Out-String | Should -Match '(?m)^Template +: fix'
        (Start-ClaudeTask 'Plain' @quick | Wait-ClaudeTask).Template | Should -BeNullOrEmpty
    }

    It 'is run with what the template says, unless the user says something else' {
        Register-ClaudeTaskTemplate modes 'Do it' -PermissionMode plan -AutoApprove -Model opus | Out-Null
        $task = Start-ClaudeTask -Template modes @quick | Wait-ClaudeTask
        $task.PermissionMode, $task.AutoApprove | Should -Be plan, $true
        $task = Start-ClaudeTask -Template modes -PermissionMode dontAsk -AutoApprove:$false @quick | Wait-ClaudeTask
        $task.PermissionMode, $task.AutoApprove | Should -Be dontAsk, $false
        Unregister-ClaudeTaskTemplate modes
    }

    It 'takes what it is run with in a worker of its own' {
        Register-ClaudeTaskTemplate slow (Get-Prompt 'Never end {{x}}' @{ hang = 1 }) -Timeout 1 | Out-Null
        (Start-ClaudeTask -Template slow -Value @{ x = 1 } -Repository $repository | Wait-ClaudeTask).Reason | Should -Be TimedOut
        Unregister-ClaudeTaskTemplate slow
    }

    It 'is made for every table, and every folder, that is piped' {
        $tasks = @{ Issue = '#1' }, [ordered]@{ issue = 2 } | Start-ClaudeTask -Template fix @quick | Wait-ClaudeTask
        $tasks.Prompt | Sort-Object | Should -Be 'Fix #1 and add a test', 'Fix 2 and add a test'
        $other = @{ AgentArgument = $quick.AgentArgument; InProcess = $true }
        (Get-Item $repository | Start-ClaudeTask -Template fix -Value @{ Issue = '#3' } @other | Wait-ClaudeTask).Repository | Should -Be $repository
    }

    It 'is waited for by Invoke-ClaudeTask too' {
        (Invoke-ClaudeTask -Template fix -Value @{ Issue = '#5' } -Quiet @quick).Prompt | Should -Be 'Fix #5 and add a test'
    }

    It 'puts values in as they are' {
        (Start-ClaudeTask -Template fix -Value @{ Issue = '{{Issue}} $1 \0' } @quick | Wait-ClaudeTask).Prompt | Should -BeExactly 'Fix {{Issue}} $1 \0 and add a test'
    }

    It 'shows the prompt that would be sent with -WhatIf' {
        (Invoke-Pwsh $box "Start-ClaudeTask -Template fix -Value @{ Issue = '#6' } -Repository '$repository' -WhatIf").Out | Should -Match 'Fix #6 and add a test'
        @(Get-ClaudeTask -Prompt 'Fix #6*') | Should -BeNullOrEmpty
    }
}

Describe 'Errors' {
    It 'refuses with <id>: <what>' -TestCases @(
        @{ what = 'a missing value'; id = 'TemplateValueMissing'; category = 'InvalidArgument'; says = "'Issue'"; script = { Start-ClaudeTask -Template fix @quick }; cmdlet = 'StartClaudeTaskCommand' }
        @{ what = 'a null value'; id = 'TemplateValueMissing'; category = 'InvalidArgument'; says = "'Issue'"; script = { Invoke-ClaudeTask -Template fix -Value @{ Issue = $null } @quick }; cmdlet = 'InvokeClaudeTaskCommand' }
        @{ what = 'a value with no place'; id = 'InvalidArgument'; category = 'InvalidArgument'; says = "'Ticket'"; script = { Start-ClaudeTask -Template fix -Value @{ Issue = 1; Ticket = 2 } @quick }; cmdlet = 'StartClaudeTaskCommand' }
        @{ what = 'an unknown template'; id = 'TemplateNotFound'; category = 'ObjectNotFound'; says = "'nope'"; script = { Start-ClaudeTask -Template nope @quick }; cmdlet = 'StartClaudeTaskCommand' }
        @{ what = 'an unknown template to take out'; id = 'TemplateNotFound'; category = 'ObjectNotFound'; says = "'nope'"; script = { Unregister-ClaudeTaskTemplate nope }; cmdlet = 'UnregisterClaudeTaskTemplateCommand' }
        @{ what = 'a blank prompt'; id = 'InvalidPrompt'; category = 'InvalidArgument'; says = 'blank'; script = { Register-ClaudeTaskTemplate x ' ' }; cmdlet = 'RegisterClaudeTaskTemplateCommand' }
        @{ what = 'a limit of nothing'; id = 'InvalidArgument'; category = 'InvalidArgument'; says = 'Timeout'; script = { Register-ClaudeTaskTemplate x y -Timeout 0 }; cmdlet = 'RegisterClaudeTaskTemplateCommand' }
    ) {
        $failure = Get-OnlyError $script
        $failure.FullyQualifiedErrorId | Should -Be "$id,ClaudeTasks.Commands.$cmdlet"
        $failure.CategoryInfo.Category | Should -Be $category
        $failure.Exception.Message | Should -BeLike "*$says*"
        $failure.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'takes a prompt or a template, not both' {
        (Get-OnlyError { Start-ClaudeTask -Prompt x -Template fix @quick }).FullyQualifiedErrorId | Should -BeLike AmbiguousParameterSet*
    }
}
