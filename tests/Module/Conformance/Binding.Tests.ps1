BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    $box = New-TestBox
    $scenario = New-Scenario $box @{ text = 'Hello.' }
    $quick = @{ AgentArgument = "--scenario=$scenario"; InProcess = $true }
    $repository = New-TestRepository $box
    $tasks = 'One', 'Two', 'Three' | Start-ClaudeTask -Repository $repository -Session binding @quick | Wait-ClaudeTask
    $task = $tasks[0]
}

AfterAll { Remove-TestBox $box }

Describe 'Prompts and repositories from the pipeline' {
    It 'takes strings as prompts, in their order' {
        $tasks.Prompt | Should -Be One, Two, Three
        $tasks.Id | Should -Be ($tasks.Id | Sort-Object)
    }

    It 'takes Prompt, <name> and Session from properties' -TestCases @(
        @{ name = 'Repository' }, @{ name = 'Path' }, @{ name = 'FullName' }, @{ name = 'LiteralPath' }
    ) {
        param($name)
        $made = [pscustomobject]@{ Prompt = 'From properties'; $name = $repository; Session = "by $name" } | Start-ClaudeTask @quick | Wait-ClaudeTask
        $made.Prompt | Should -Be 'From properties'
        $made.Repository | Should -Be $repository
        $made.Session | Should -Be "by $name"
    }

    It 'takes a provider path as PSPath' {
        $item = [pscustomobject]@{ Prompt = 'Provider path'; PSPath = (Get-Item $repository).PSPath }
        ($item | Start-ClaudeTask @quick | Wait-ClaudeTask).Repository | Should -Be $repository
    }

    It 'gives each object of a pipeline its own session, not the one before' {
        $made = [pscustomobject]@{ Prompt = 'a'; Session = 'mine'; Repository = $repository }, [pscustomobject]@{ Prompt = 'b'; Repository = $repository } |
            Start-ClaudeTask @quick
        $made[0].Session | Should -Be mine
        $made[1].Session | Should -BeLike 'pwsh *'
        $made | Wait-ClaudeTask | Out-Null
    }

    It 'takes a folder that is piped as the repository, never as the prompt' {
        $made = Get-Item $repository | Start-ClaudeTask 'The prompt' @quick | Wait-ClaudeTask
        $made.Prompt | Should -Be 'The prompt'
        $made.Repository | Should -Be $repository
    }

    It 'makes no prompt of a folder, a number or a task that is piped without one' {
        $count = @(Get-ClaudeTask).Count
        foreach ($thing in (Get-Item $repository), 42, (Get-Date)) {
            (Get-OnlyError { $thing | Start-ClaudeTask -Repository $repository @quick }).CategoryInfo.Category | Should -BeIn InvalidArgument, InvalidData
        }
        @(Get-ClaudeTask).Count | Should -Be $count
    }

    It 'takes a path from where PowerShell is, not from where its process is' {
        Push-Location $box.Folder
        try { (Start-ClaudeTask 'Relative' -Repository (Split-Path -Leaf $repository) @quick | Wait-ClaudeTask).Repository | Should -Be $repository }
        finally { Pop-Location }
    }

    It 'works with -OutVariable and -PipelineVariable' {
        $seen = Start-ClaudeTask 'Variables' -Repository $repository -OutVariable out -PipelineVariable piped @quick | ForEach-Object { $piped.Id }
        $out.Id | Should -Be $seen
        Wait-ClaudeTask $seen | Out-Null
    }
}

Describe 'Naming a task' {
    It 'works by <what>' -TestCases @(
        @{ what = 'itself'; make = { $task } }
        @{ what = 'number'; make = { $task.Id } }
        @{ what = 'a long number'; make = { [long]$task.Id } }
        @{ what = 'GUID'; make = { $task.TaskId } }
        @{ what = 'number as text'; make = { "$($task.Id)" } }
        @{ what = 'GUID as text'; make = { "$($task.TaskId)" } }
        @{ what = 'a copy from Clixml'; make = { $task | Export-Clixml "$($box.Folder)/t.xml"; Import-Clixml "$($box.Folder)/t.xml" } }
        @{ what = 'a copy from JSON'; make = { $task | ConvertTo-Json | ConvertFrom-Json }; pipeOnly = $true }
        @{ what = 'a copy from CSV'; make = { $task | ConvertTo-Csv | ConvertFrom-Csv }; pipeOnly = $true }
        @{ what = 'an object with its Id'; make = { [pscustomobject]@{ Id = $task.Id } }; pipeOnly = $true }
        @{ what = 'an object with its TaskId'; make = { [pscustomobject]@{ TaskId = $task.TaskId } }; pipeOnly = $true }
        @{ what = 'one of its events'; make = { $task | Receive-ClaudeTask | Select-Object -First 1 }; pipeOnly = $true }
    ) {
        param($make, $pipeOnly)
        $name = & $make
        if (-not $pipeOnly) {
            (Get-ClaudeTask $name).TaskId | Should -Be $task.TaskId
            (Get-ClaudeTask -Id $name).TaskId | Should -Be $task.TaskId
        }
        ($name | Get-ClaudeTask).TaskId | Should -Be $task.TaskId
        ($name | Wait-ClaudeTask).TaskId | Should -Be $task.TaskId
    }

    It 'takes several at once, by value and from the pipeline' {
        (Get-ClaudeTask -Id $tasks.Id).Id | Should -Be $tasks.Id
        (Get-ClaudeTask $tasks).Id | Should -Be $tasks.Id
        ($tasks | Get-ClaudeTask).Id | Should -Be $tasks.Id
    }

    It 'writes two results and one error for one bad number of three in <verb>-ClaudeTask' -TestCases @(
        @{ verb = 'Get' }, @{ verb = 'Wait' }, @{ verb = 'Receive' }, @{ verb = 'Stop' }
    ) {
        param($verb)
        $extra = $verb -eq 'Stop' ? @{ PassThru = $true } : $verb -eq 'Receive' ? @{ Kind = 'Message' } : @{}
        foreach ($run in { & "$verb-ClaudeTask" $tasks[0].Id, 9999, $tasks[1].Id @extra }, { $tasks[0].Id, 9999, $tasks[1].Id | & "$verb-ClaudeTask" @extra }) {
            $failures = $null
            $extra.ErrorVariable = 'failures'
            $extra.ErrorAction = 'SilentlyContinue'
            $results = @(. $run)
            $results.Count | Should -Be 2
            $failures.Count | Should -Be 1
            $failures[0].FullyQualifiedErrorId | Should -Be "TaskNotFound,ClaudeTasks.Commands.${verb}ClaudeTaskCommand"
            $failures[0].CategoryInfo.Category | Should -Be ObjectNotFound
            "$($failures[0].TargetObject)" | Should -Be 9999
            $failures[0].ErrorDetails.RecommendedAction | Should -Match Get-ClaudeTask
        }
    }

    It 'says so when <value> can name no task' -TestCases @(
        @{ value = 0 }, @{ value = -3 }, @{ value = 'abc' }, @{ value = '' }, @{ value = '1.5' }, @{ value = [long]::MaxValue }
    ) {
        param($value)
        { Get-ClaudeTask -Id $value -ErrorAction Stop } | Should -Throw -ErrorId 'Parameter*,ClaudeTasks.Commands.GetClaudeTaskCommand'
    }
}

Describe 'A variable that was never set' {
    It 'is no <kind> for <line>' -TestCases @(
        foreach ($line in 'Approve-ClaudeTask $unset', 'Approve-ClaudeTask @()', 'Approve-ClaudeTask @($null)', '$unset | Wait-ClaudeTask', 'Get-ClaudeTask $unset',
            'Remove-ClaudeTask $unset', 'Get-ClaudeTaskQuestion -Task $unset', 'Get-ClaudeTaskDiff $unset', 'Start-ClaudeTask x -Repository $repository -Continue $unset') {
            @{ kind = 'task'; line = $line }
        }
        foreach ($line in 'Remove-ClaudeTaskSession $unset', 'Remove-ClaudeTaskSession @()', 'Remove-ClaudeTaskSession -InputObject $unset', '$unset | Remove-ClaudeTaskSession',
            'Set-ClaudeTaskSession $unset other', 'Get-ClaudeTaskSession $unset', 'Get-ClaudeTaskSession @()') {
            @{ kind = 'session'; line = $line }
        }
        foreach ($line in 'Get-ClaudeTaskGate $unset', 'Unregister-ClaudeTaskGate $unset', 'Invoke-ClaudeTaskGate $task $unset') { @{ kind = 'gate'; line = $line } }
        foreach ($line in 'Resolve-ClaudeTaskQuestion $unset -Allow', 'Resolve-ClaudeTaskQuestion @() -Allow', '$unset | Resolve-ClaudeTaskQuestion -Deny', 'Get-ClaudeTaskQuestion -Id $unset') {
            @{ kind = 'question'; line = $line }
        }
    ) {
        param($kind, $line)
        $failure = Get-OnlyError ([scriptblock]::Create($line.Replace('$repository', "'$repository'").Replace('$task', $task.Id)))
        "$failure" | Should -Be "No $kind was given."
        $failure.FullyQualifiedErrorId | Should -BeLike 'InvalidArgument,ClaudeTasks.Commands.*'
    }

    It 'leaves the tasks beside it alone' {
        $failures = $null
        (Get-ClaudeTask $tasks[0], $null, $tasks[1] -ErrorVariable failures -ErrorAction SilentlyContinue).Id | Should -Be $tasks[0].Id, $tasks[1].Id
        "$failures" | Should -Be 'No task was given.'
    }
}

Describe '-Verbose' {
    It 'tells which repository and worker a task has' {
        $lines = Start-ClaudeTask 'Said' -Repository $repository @quick -Verbose 4>&1 | Where-Object { $_ -is [Management.Automation.VerboseRecord] }
        "$lines" | Should -BeLike "*The store is '*"
        "$lines" | Should -BeLike "*runs in '$repository'. Started worker *"
        Get-ClaudeTask -Prompt 'Said' | Wait-ClaudeTask | Out-Null
    }
}
