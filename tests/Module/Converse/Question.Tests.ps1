BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    $box = New-TestBox
    $color = @{ askUser = @{ question = "Which`e[31m color?"; options = 'Red', 'Blue' } }

    function Start-Asking([object[]] $Steps = (Get-AskStep 'touch asked'), [hashtable] $With = @{ OnQuestion = 'Ask' }) {
        Start-ClaudeTask (Get-Prompt 'Ask first' $Steps) -Repository (New-TestRepository $box) -InProcess @With
    }

    function Get-ToolResult($Task) { ($Task | Receive-ClaudeTask -Kind ToolResult).Text }
}

AfterAll { Remove-TestBox $box }

Describe 'Questions' {
    It 'are listed, with their task waiting for them, until they are answered' {
        $task = Start-Asking
        $question = Wait-Question $task
        $question.Task | Should -Be $task.Id
        $question.Kind | Should -Be Permission
        $question.Tool | Should -Be Bash
        $question.Text | Should -Be 'Running: touch asked'
        $question.State | Should -Be Open
        ($question.Deadline - $question.AskedAt).TotalMinutes | Should -BeGreaterThan 9.9
        $waiting = $task | Get-ClaudeTask
        $waiting.Status | Should -Be Running
        "$($waiting.WaitingFor)" | Should -Be "an answer to question $($question.Id)"
        ($waiting | ConvertTo-Json | ConvertFrom-Json).WaitingFor.Question | Should -Be $question.Id
        ($waiting | ConvertTo-Csv | ConvertFrom-Csv).WaitingFor | Should -Be "an answer to question $($question.Id)"
        ($waiting | Out-String) | Should -Match "question $($question.Id)"
        (Get-ClaudeTaskQuestion $question.Id).AskedAt | Should -Be $question.AskedAt
        Resolve-ClaudeTaskQuestion $question.Id -Allow | Should -BeNullOrEmpty
        "$(($task | Wait-ClaudeTask).WaitingFor)" | Should -Be approval
        "$($task.Repository)/asked" | Should -Exist
        $task | Get-ClaudeTaskQuestion | Should -BeNullOrEmpty
        ($task | Get-ClaudeTaskQuestion -All).State | Should -Be Allowed
    }

    It 'are answered with one of the options or other words, and Claude hears which' {
        $task = Start-Asking $color, $color
        $question = Wait-Question $task
        $question.Kind | Should -Be Question
        $question.Options | Should -Be Red, Blue
        Resolve-ClaudeTaskQuestion $question.Id Blue
        $second = Wait-Until { $task | Get-ClaudeTaskQuestion | Where-Object Id -ne $question.Id }
        ($second | Resolve-ClaudeTaskQuestion -Answer "a 'green' one" -PassThru).Answer | Should -Be "a 'green' one"
        $task | Wait-ClaudeTask | Out-Null
        (Get-ToolResult $task)[0] | Should -Match '="Blue"'
        (Get-ToolResult $task)[1] | Should -Match "=`"a 'green' one`""
    }

    It 'of several things take an answer for each' {
        $input = @{ questions = @{ question = 'Color?'; options = @{ label = 'Red' }, @{ label = 'Blue' } }, @{ question = 'Size?'; options = @{ label = 'Small' }, @{ label = 'Large' } } }
        $task = Start-Asking @{ tool = 'AskUserQuestion'; input = $input }
        $question = Wait-Question $task
        (Get-OnlyError { $question | Resolve-ClaudeTaskQuestion -Answer Red }).ErrorDetails.Message | Should -Match 'asks 2 things'
        $question | Resolve-ClaudeTaskQuestion -Answer Red, Large
        $task | Wait-ClaudeTask | Out-Null
        Get-ToolResult $task | Should -Match '"Color\?"="Red", "Size\?"="Large"'
    }

    It 'are denied with a word to Claude' {
        $task = Start-Asking
        (Wait-Question $task | Resolve-ClaudeTaskQuestion -Deny -Message 'use the API instead' -PassThru).State | Should -Be Denied
        $ended = $task | Wait-ClaudeTask
        $ended.DeniedTools | Should -Be Bash
        "$($task.Repository)/asked" | Should -Not -Exist
        Get-ToolResult $task | Should -Match 'use the API instead'
    }

    It 'are answered from another process' {
        $task = Start-Asking
        $question = Wait-Question $task
        $other = Invoke-Pwsh $box "Get-ClaudeTaskQuestion -Task $($task.Id) | Resolve-ClaudeTaskQuestion -Allow -PassThru | ForEach-Object State"
        $other.Err | Should -BeNullOrEmpty
        $other.Out | Should -Be Allowed
        ($task | Wait-ClaudeTask).Status | Should -Be WaitingApproval
        (Get-ClaudeTaskQuestion $question.Id).State | Should -Be Allowed
    }

    It 'that two processes answer at once are answered by one, and the other is told' {
        $task = Start-Asking
        $question = Wait-Question $task
        $go = "$($box.Folder)/answer"
        $processes = 1, 2 | ForEach-Object {
            Start-Pwsh $box "Set-Content '$($box.Folder)/ready$_' x; while (-not [IO.File]::Exists('$go')) {}
                Resolve-ClaudeTaskQuestion $($question.Id) -Allow -ErrorVariable failure -ErrorAction SilentlyContinue
                `$failure ? `$failure[0].FullyQualifiedErrorId : 'answered'"
        }
        Wait-Until { (Test-Path "$($box.Folder)/ready1") -and (Test-Path "$($box.Folder)/ready2") } 'both are ready' | Out-Null
        Set-Content $go x
        ($processes | ForEach-Object { (Complete-Pwsh $_).Out } | Sort-Object) |
            Should -Be 'answered', 'QuestionClosed,ClaudeTasks.Commands.ResolveClaudeTaskQuestionCommand'
        ($task | Wait-ClaudeTask).Status | Should -Be WaitingApproval
        @($task | Get-ClaudeTaskQuestion -All).Count | Should -Be 1
    }

    It 'are denied at their deadline, after which an answer is an error' {
        $task = Start-Asking -With @{ OnQuestion = 'Ask'; QuestionTimeout = 1 }
        $question = Wait-Question $task
        $task | Wait-ClaudeTask | Out-Null
        (Get-ClaudeTaskQuestion $question.Id).State | Should -Be Expired
        Get-ToolResult $task | Should -Match 'Nobody answered in time'
        $failure = Get-OnlyError { $question | Resolve-ClaudeTaskQuestion -Allow }
        $failure.FullyQualifiedErrorId | Should -Be 'QuestionClosed,ClaudeTasks.Commands.ResolveClaudeTaskQuestionCommand'
        $failure.CategoryInfo.Category | Should -Be InvalidOperation
        $failure.TargetObject | Should -Be $question.Id
        $failure.ErrorDetails.Message | Should -Match 'deadline'
        $failure.ErrorDetails.RecommendedAction | Should -Match "Send-ClaudeTaskMessage $($task.Id)"
    }

    It 'bind by number, by object, from the pipeline, from a file, and several at once' {
        $tasks = 1..3 | ForEach-Object { Start-Asking }
        $questions = $tasks | ForEach-Object { Wait-Question $_ }
        $questions[0] | Export-Clixml "$($box.Folder)/question.xml"
        Import-Clixml "$($box.Folder)/question.xml" | Resolve-ClaudeTaskQuestion -Allow
        $questions[1].Id, $questions[2] | Resolve-ClaudeTaskQuestion -Allow
        ($tasks | Wait-ClaudeTask).Status | Should -Be (, 'WaitingApproval' * 3)
        (Get-ClaudeTaskQuestion $questions.Id).State | Should -Be (, 'Allowed' * 3)
        $revived = Import-Clixml "$($box.Folder)/question.xml"
        ($revived | Out-String) | Should -Match 'Permission\s+Open\s+\d\d:\d\d\s+Running: touch asked'
    }

    It 'that cannot be answered leave the others alone' {
        $task = Start-Asking
        $question = Wait-Question $task
        $failure = Get-OnlyError { 99, $question.Id | Resolve-ClaudeTaskQuestion -Allow }
        $failure.TargetObject | Should -Be 99
        ($task | Wait-ClaudeTask).Status | Should -Be WaitingApproval
    }

    It 'are harmless to look at and fit 80 columns' {
        $task = Start-Asking $color, (Get-AskStep "echo $('long ' * 40)`n`e]0;title`a")
        $first = Wait-Question $task
        $text = Invoke-Pwsh $box "Get-ClaudeTaskQuestion | Out-String -Width 80; Get-ClaudeTaskQuestion | Format-List | Out-String -Width 80"
        $first | Resolve-ClaudeTaskQuestion -Answer Red
        Wait-Until { $task | Get-ClaudeTaskQuestion | Where-Object Id -ne $first.Id } | Out-Null
        $more = Invoke-Pwsh $box "Get-ClaudeTaskQuestion -All | Format-Table | Out-String -Width 80; Get-ClaudeTask $($task.Id) | Out-String -Width 80"
        $text.Out, $more.Out | Should -Not -Match "[`e`a]"
        $lines = ($text.Out + "`n" + $more.Out) -split "`n"
        foreach ($line in $lines) { $Host.UI.RawUI.LengthInBufferCells($line) | Should -BeLessOrEqual 80 -Because $line }
        $task | Stop-ClaudeTask
        ($task | Get-ClaudeTaskQuestion -All)[-1].State | Should -Be Withdrawn
    }

    It 'change nothing under -WhatIf' {
        $task = Start-Asking
        $question = Wait-Question $task
        $question | Resolve-ClaudeTaskQuestion -Deny -Remember -WhatIf
        (Get-ClaudeTaskQuestion $question.Id).State | Should -Be Open
        Get-ClaudeTaskRule $task.Repository | Should -BeNullOrEmpty
        $task | Stop-ClaudeTask
    }

    It 'refuse with <id>: <what>' -TestCases @(
        @{ what = 'a question that does not exist'; id = 'QuestionNotFound'; category = 'ObjectNotFound'; script = { Resolve-ClaudeTaskQuestion 99 -Allow }; target = 99 }
        @{ what = 'to read one that does not exist'; id = 'QuestionNotFound'; category = 'ObjectNotFound'; script = { Get-ClaudeTaskQuestion 99 }; target = 99 }
        @{ what = 'an answer to a permission'; id = 'InvalidArgument'; category = 'InvalidArgument'; script = { $question | Resolve-ClaudeTaskQuestion -Answer Yes } }
        @{ what = 'a pattern of no rule'; id = 'InvalidArgument'; category = 'InvalidArgument'; script = { $question | Resolve-ClaudeTaskQuestion -Allow -Pattern 'touch *' } }
        @{ what = 'permission for a question'; id = 'InvalidArgument'; category = 'InvalidArgument'; script = { $asked | Resolve-ClaudeTaskQuestion -Allow } }
        @{ what = 'to remember an answer'; id = 'InvalidArgument'; category = 'InvalidArgument'; script = { $asked | Resolve-ClaudeTaskQuestion -Deny -Remember } }
        @{ what = 'what names none'; id = 'ParameterArgumentTransformationError'; category = 'InvalidData'; script = { Resolve-ClaudeTaskQuestion none -Allow } }
    ) {
        if (-not $script:question) {
            $script:question = Wait-Question (Start-Asking)
            $script:asked = Wait-Question (Start-Asking $color)
        }
        $failure = Get-OnlyError $script
        $failure.FullyQualifiedErrorId | Should -BeLike "$id,ClaudeTasks.Commands.*ClaudeTaskQuestionCommand"
        $failure.CategoryInfo.Category | Should -Be $category
        if ($target) { $failure.TargetObject | Should -Be $target }
        (Get-ClaudeTaskQuestion $question.Id, $asked.Id).State | Should -Be Open, Open
    }
}
