BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    $box = New-TestBox
    $scenario = New-Scenario $box @{ text = 'Hello.' }
    $quick = @{ AgentArgument = "--scenario=$scenario"; InProcess = $true }

    function Assert-Refused($Path, [string] $Id, [string] $Category, [string] $Message) {
        $count = @(Get-ClaudeTask).Count
        $failure = Get-OnlyError { Start-ClaudeTask 'Do it' -Repository $Path @quick }
        $failure.FullyQualifiedErrorId | Should -Be "$Id,ClaudeTasks.Commands.StartClaudeTaskCommand"
        $failure.CategoryInfo.Category | Should -Be $Category
        $failure.TargetObject | Should -Be $Path
        $failure.Exception.Message | Should -Match $Message
        $failure.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        @(Get-ClaudeTask).Count | Should -Be $count
    }
}

AfterAll { Remove-TestBox $box }

Describe 'A repository' {
    It 'must exist' {
        Assert-Refused "$($box.Folder)/missing" RepositoryNotFound ObjectNotFound 'does not exist'
        Assert-Refused "$($box.Folder)/missing [a]*?" RepositoryNotFound ObjectNotFound 'does not exist'
    }

    It 'must be a folder' {
        [IO.File]::WriteAllText("$($box.Folder)/file", '')
        Assert-Refused "$($box.Folder)/file" RepositoryNotFound ObjectNotFound 'is a file'
    }

    It 'must be one of git' {
        $plain = (New-Item -ItemType Directory "$($box.Folder)/plain").FullName
        Assert-Refused $plain NotARepository InvalidType 'not in a git repository'
    }

    It 'must have files: a bare one has none, nor has .git' {
        git init -q --bare "$($box.Folder)/bare.git"
        Assert-Refused "$($box.Folder)/bare.git" NotARepository InvalidType 'bare repository'
        Assert-Refused "$(New-TestRepository $box)/.git" NotARepository InvalidType '\.git folder'
    }

    It 'may be on a drive of PowerShell''s own, but not in a provider without files' {
        $repository = New-TestRepository $box
        New-PSDrive -Name ctbox -PSProvider FileSystem -Root $box.Folder | Out-Null
        try { (Start-ClaudeTask 'Drive' -Repository "ctbox:/$(Split-Path -Leaf $repository)" @quick | Wait-ClaudeTask).Repository | Should -Be $repository }
        finally { Remove-PSDrive ctbox }
        $failure = Get-OnlyError { Start-ClaudeTask 'Do it' -Repository Env:/PATH @quick }
        $failure.FullyQualifiedErrorId | Should -BeLike '*,ClaudeTasks.Commands.StartClaudeTaskCommand'
        $failure.FullyQualifiedErrorId | Should -Not -BeLike 'System.*'
        $failure = Get-OnlyError { Start-ClaudeTask 'Do it' -Repository nodrive:/x @quick }
        $failure.FullyQualifiedErrorId | Should -BeLike '*,ClaudeTasks.Commands.StartClaudeTaskCommand'
    }

    It 'is meant as a whole when a folder in it is named' {
        $repository = New-TestRepository $box
        [void][IO.Directory]::CreateDirectory("$repository/src/deep")
        (Start-ClaudeTask 'Deep' -Repository "$repository/src/deep" @quick | Wait-ClaudeTask).Repository | Should -Be $repository
    }

    It 'is the same through a symbolic link' -Skip:$IsWindows {
        $repository = New-TestRepository $box
        New-Item -ItemType SymbolicLink -Path "$($box.Folder)/link" -Target $repository | Out-Null
        $task = Start-ClaudeTask 'Link' -Repository "$($box.Folder)/link" @quick | Wait-ClaudeTask
        (Get-ClaudeTask -Repository $repository).Id | Should -Be $task.Id
    }

    It 'may have no commit yet' {
        $task = Start-ClaudeTask (Get-Prompt 'First' (Get-WriteStep a.txt)) -Repository (New-TestRepository $box -NoCommit) -InProcess | Wait-ClaudeTask
        $task.Status | Should -Be WaitingApproval
        $task.StartingCommit | Should -BeNullOrEmpty
        $task.StartingBranch | Should -Be main
        ($task | Get-ClaudeTaskDiff).Path | Should -Be a.txt
        $task | Stop-ClaudeTask
    }

    It 'must be clean, and the files that are not are named' {
        $repository = New-TestRepository $box
        [IO.File]::WriteAllText("$repository/mine.txt", 'mine')
        $task = Start-ClaudeTask 'Dirty' -Repository $repository @quick | Wait-ClaudeTask
        $task.Status | Should -Be Failed
        $task.Reason | Should -Be PreFlightFailed
        $task.ReasonText | Should -Match 'mine\.txt.*Commit, stash'
        $task.CostUsd | Should -BeNullOrEmpty
        Get-Content "$repository/mine.txt" -Raw | Should -Be mine
    }

    It 'works under the name <label>' -TestCases @(
        @{ label = 'with spaces'; name = 'my  repo ' ; windows = $false }, @{ label = 'with quotes'; name = "it's `"mine`""; windows = $false }
        @{ label = 'with brackets'; name = 'a[b]c'; windows = $true }, @{ label = 'with a star'; name = 'a*b?'; windows = $false }
        @{ label = 'with a newline'; name = "two`nlines"; windows = $false }, @{ label = 'ending in a newline'; name = "end`n"; windows = $false }
        @{ label = 'non-ASCII'; name = 'päßwört 漢字 🎉'; windows = $true }, @{ label = 'with a leading minus'; name = '-rf'; windows = $true }
        @{ label = 'with a backquote and dollar'; name = 'a`$(id)$HOME'; windows = $true }
        @{ label = 'with an escape sequence'; name = "a`e[31mb"; windows = $false }
    ) {
        param($name, $windows)
        if ($IsWindows -and -not $windows) { Set-ItResult -Skipped -Because 'Windows has no such names' }
        $repository = New-TestRepository $box $name
        $task = Start-ClaudeTask (Get-Prompt 'Odd name' (Get-WriteStep "ü [x].txt")) -Repository $repository -InProcess | Wait-ClaudeTask
        $task.Repository | Should -BeExactly $repository
        $task.Status | Should -Be WaitingApproval
        [IO.File]::Exists([IO.Path]::Combine($repository, 'ü [x].txt')) | Should -BeTrue
        ($task | Get-ClaudeTaskDiff).Path | Should -Be 'ü [x].txt'
        (Get-ClaudeTask -Repository $repository).Id | Should -Be $task.Id
        $task | Stop-ClaudeTask
    }

    It 'is found by the object that Get-Item gives of an odd name' {
        $repository = New-TestRepository $box 'x[y]z'
        (Get-Item -LiteralPath $repository | Start-ClaudeTask 'Item' @quick | Wait-ClaudeTask).Repository | Should -Be $repository
    }
}
