# Each error of the catalogue, as a user meets it: its id with the cmdlet, its category, what it is about, and what to do now.
BeforeDiscovery {
    $cases = @(
        @{ id = 'InvalidPrompt'; category = 'InvalidArgument'; use = { Start-ClaudeTask '' -Repository $repository }; target = { $repository } }
        @{ id = 'InvalidArgument'; category = 'InvalidArgument'; use = { Wait-ClaudeTask $done -Timeout -5 }; target = { [timespan]::FromSeconds(-5) } }
        @{ id = 'AgentArgumentRefused'; category = 'InvalidArgument'; use = { Start-ClaudeTask x -Repository $repository -AgentArgument '--print' }; target = { $repository } }
        @{ id = 'RepositoryNotFound'; category = 'ObjectNotFound'; use = { Start-ClaudeTask x -Repository "$($box.Folder)/none" }; target = { "$($box.Folder)/none" } }
        @{ id = 'NotARepository'; category = 'InvalidType'; use = { Start-ClaudeTask x -Repository $plain }; target = { $plain } }
        @{ id = 'GitUnusable'; category = 'NotInstalled'; child = { Start-ClaudeTask x -Repository $env:REPOSITORY }; environment = { @{ PATH = $plain } }; target = { $repository } }
        @{ id = 'GitFailed'; category = 'OperationStopped'; use = { $broken | Approve-ClaudeTask }; target = { "$($broken.Id)" } }
        @{ id = 'TaskNotFound'; category = 'ObjectNotFound'; use = { Get-ClaudeTask 9999 }; target = { '9999' } }
        @{ id = 'SessionNotFound'; category = 'ObjectNotFound'; use = { Get-ClaudeTaskSession none }; target = { 'none' } }
        @{ id = 'SessionExists'; category = 'ResourceExists'; use = { New-ClaudeTaskSession work -Repository $repository }; target = { 'work' } }
        @{ id = 'GateNotFound'; category = 'ObjectNotFound'; use = { Unregister-ClaudeTaskGate none }; target = { 'none' } }
        @{ id = 'TemplateNotFound'; category = 'ObjectNotFound'; use = { Unregister-ClaudeTaskTemplate none }; target = { 'none' } }
        @{ id = 'TemplateValueMissing'; category = 'InvalidArgument'; use = { Start-ClaudeTask -Template fix -Repository $repository }; target = { $repository } }
        @{ id = 'QuestionNotFound'; category = 'ObjectNotFound'; use = { Resolve-ClaudeTaskQuestion 9999 -Allow }; target = { '9999' } }
        @{ id = 'QuestionClosed'; category = 'InvalidOperation'; use = { Resolve-ClaudeTaskQuestion $answered.Id -Allow }; target = { "$($answered.Id)" } }
        @{ id = 'RuleNotFound'; category = 'ObjectNotFound'; use = { Remove-ClaudeTaskRule 9999 }; target = { '9999' } }
        @{ id = 'ConversationNotFound'; category = 'ObjectNotFound'; use = { Start-ClaudeTask x -Continue $unstarted }; target = { 'x' } }
        @{ id = 'TaskStateConflict'; category = 'InvalidOperation'; use = { Approve-ClaudeTask $done }; target = { "$($done.Id)" } }
        @{ id = 'EditedSince'; category = 'WriteError'; use = { Set-Content "$($waiting.Repository)/a.txt" mine; Approve-ClaudeTask $waiting }; target = { "$($waiting.Id)" } }
        @{ id = 'MergeConflict'; category = 'WriteError'; use = { Approve-ClaudeTask $conflicting }; target = { "$($conflicting.Id)" } }
        @{ id = 'CommitRefused'; category = 'OperationStopped'; use = { Approve-ClaudeTask $hooked }; target = { "$($hooked.Id)" } }
        @{ id = 'DiffNotAvailable'; category = 'InvalidOperation'; use = { Get-ClaudeTaskDiff $queued }; target = { "$($queued.Id)" } }
        @{ id = 'ReportExists'; category = 'ResourceExists'; use = { Export-ClaudeTaskReport $report -Task $done -NoClobber }; target = { $report } }
        @{ id = 'ReportNotWritten'; category = 'WriteError'; use = { Export-ClaudeTaskReport "$plain/none/r.md" -Task $done }; target = { "$plain/none/r.md" } }
        @{ id = 'TaskFailed'; category = 'OperationStopped'; use = { Invoke-ClaudeTask (Get-Prompt 'Fail' @{ exit = 3 }) -Repository $repository -InProcess -Quiet }; target = { "Task $((Get-ClaudeTask -Newest 1).Id)" } }
        @{ id = 'TaskBlocked'; category = 'InvalidOperation'; use = { Invoke-ClaudeTask x -Repository $queued.Repository -InProcess -Quiet }; target = { "Task $((Get-ClaudeTask -Newest 1).Id)" } }
        @{ id = 'TaskSuspended'; category = 'InvalidOperation'; use = { Invoke-Suspended }; target = { "Task $((Get-ClaudeTask -Newest 1).Id)" } }
        @{ id = 'WaitTimedOut'; category = 'OperationTimeout'; use = { Wait-ClaudeTask $running -Timeout 0.2 }; target = { "$running" } }
        @{ id = 'TerminalRequired'; category = 'ResourceUnavailable'; child = { Watch-ClaudeTask }; environment = { @{} }; target = { 'Watch-ClaudeTask' } }
        @{ id = 'StoreUnusable'; category = 'OpenError'; child = { Get-ClaudeTask }; environment = { @{ CLAUDETASKS_HOME = "$file/store" } }; target = { "$file/store" } }
        @{ id = 'StoreCorrupt'; category = 'InvalidData'; child = { Get-ClaudeTask }; environment = { @{ CLAUDETASKS_HOME = New-Store 'text' ('no database ' * 100) } }; target = { "$($box.Folder)/text/tasks.db" } }
        @{ id = 'StoreTooNew'; category = 'InvalidData'; child = { Get-ClaudeTask }; environment = { @{ CLAUDETASKS_HOME = New-NewerStore } }; target = { "$($box.Folder)/newer/tasks.db" } }
        @{ id = 'WorkerNotStarted'; category = 'ResourceUnavailable'; host_ = { Start-WithoutPwsh }; target = { $repository } }
    )
}

BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    $box = New-TestBox
    $quick = @{ InProcess = $true }
    $repository = New-TestRepository $box
    $plain = (New-Item -ItemType Directory "$($box.Folder)/plain").FullName
    $file = "$($box.Folder)/file"; [IO.File]::WriteAllText($file, '')
    $report = "$($box.Folder)/report.md"; [IO.File]::WriteAllText($report, '')
    $hello = Get-Prompt 'Hello' @{ text = 'Hello.' }
    $done = Start-ClaudeTask $hello -Repository $repository -Session work @quick | Wait-ClaudeTask

    function Start-Writing([hashtable] $With = @{}) {
        $made = New-TestRepository $box
        Set-Content "$made/a.txt" base; git -C $made add .; git -C $made commit -qm Base
        Start-ClaudeTask (Get-Prompt 'Write' (Get-WriteStep a.txt)) -Repository $made @With @quick | Wait-ClaudeTask
    }

    $describe = '@{ Id = $e.FullyQualifiedErrorId; Category = "$($e.CategoryInfo.Category)"; Target = "$($e.TargetObject)"; Action = $e.ErrorDetails.RecommendedAction; Message = $e.ErrorDetails.Message } | ConvertTo-Json'
    $runtime = "$PSHOME/pwsh.runtimeconfig.json"
    $canHost = $IsLinux -and (Get-Command dotnet -ErrorAction Ignore) -and (Test-Path $runtime) -and (Get-Content $runtime -Raw | ConvertFrom-Json).runtimeOptions.framework

    # Nothing is made ready that its case does not need.
    $ready = @{
        TemplateValueMissing = { Register-ClaudeTaskTemplate fix 'Fix {{Issue}}' }
        GitFailed = { $script:broken = Start-Writing; [IO.File]::WriteAllText("$($broken.Repository)/.git/index", 'no index') }
        QuestionClosed = {
            $asking = Start-ClaudeTask (Get-Prompt 'Ask' (Get-AskStep 'make')) -Repository $repository -OnQuestion Ask @quick
            $script:answered = Wait-Question $asking
            $answered | Resolve-ClaudeTaskQuestion -Allow
            $asking | Wait-ClaudeTask
        }
        ConversationNotFound = { $script:unstarted = Start-ClaudeTask x -Repository $repository -At (Get-Date).AddDays(1) @quick | Stop-ClaudeTask -PassThru }
        EditedSince = { $script:waiting = Start-Writing }
        MergeConflict = { $script:conflicting = Start-Writing @{ Worktree = $true }; $made = $conflicting.Repository; Set-Content "$made/a.txt" theirs; git -C $made commit -qam Theirs }
        CommitRefused = { $script:hooked = Start-Writing; [IO.File]::WriteAllText("$($hooked.Repository)/.git/hooks/pre-commit", "#!/bin/sh`nexit 1`n"); chmod +x "$($hooked.Repository)/.git/hooks/pre-commit" }
        DiffNotAvailable = { $holder = Start-Writing; $script:queued = Start-ClaudeTask x -Repository $holder.Repository @quick }
        WaitTimedOut = { $script:running = Start-ClaudeTask (Get-Prompt 'Hang' @{ hang = 1 }) -Repository (New-TestRepository $box) @quick }
    }
    $ready.TaskBlocked = $ready.DiffNotAvailable

    function New-Store([string] $Name, [string] $Content) {
        $folder = (New-Item -ItemType Directory "$($box.Folder)/$Name").FullName
        if (-not $IsWindows) { chmod 700 $folder }
        [IO.File]::WriteAllText("$folder/tasks.db", $Content)
        $folder
    }

    function New-NewerStore {
        $folder = New-Store newer ''
        [void](Invoke-Pwsh $box -Environment @{ CLAUDETASKS_HOME = $folder } "Get-ClaudeTask
            `$sqlite = [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { `$_.GetName().Name -eq 'Microsoft.Data.Sqlite' }
            `$connection = `$sqlite.GetType('Microsoft.Data.Sqlite.SqliteConnection')::new('Data Source=$folder/tasks.db;Pooling=False'); `$connection.Open()
            `$command = `$connection.CreateCommand(); `$command.CommandText = 'PRAGMA user_version = 999'; [void]`$command.ExecuteNonQuery(); `$connection.Dispose()")
        $folder
    }

    # Somebody suspends the task that is invoked, from another runspace.
    function Invoke-Suspended {
        $made = New-TestRepository $box
        $other = Start-Runspace "while (-not (`$task = Get-ClaudeTask -Repository '$made' -Status Running -ErrorAction Ignore)) { [Threading.Thread]::Sleep(50) }; `$task | Suspend-ClaudeTask"
        try { Invoke-ClaudeTask (Get-Prompt 'Hang' @{ hang = 1 }) -Repository $made -InProcess -Quiet }
        finally { Wait-Until { $other.Run.IsCompleted } | Out-Null; [void](Stop-Runspace $other) }
    }

    # PowerShell as an editor hosts it: in a program of another name, with no pwsh beside its engine or on PATH.
    function Start-WithoutPwsh {
        $engine = (New-Item -ItemType Directory "$($box.Folder)/engine").FullName
        Get-ChildItem $PSHOME | Where-Object Name -NE pwsh | ForEach-Object { cp -al $_.FullName $engine }
        $programs = (New-Item -ItemType Directory "$($box.Folder)/programs").FullName
        New-Item -ItemType SymbolicLink -Path "$programs/git" -Target (Get-Command git -CommandType Application)[0].Source | Out-Null
        [IO.File]::WriteAllText("$($box.Folder)/host.ps1", "Import-Module '$(Get-ModulePath)'; `$env:PATH = '$programs'
            Start-ClaudeTask x -Repository '$repository' -ErrorVariable failures -ErrorAction SilentlyContinue; `$e = `$failures[0]; $describe")
        dotnet "$engine/pwsh.dll" -NoProfile -NonInteractive -File "$($box.Folder)/host.ps1" | ConvertFrom-Json -AsHashtable
    }
}

AfterAll { Remove-TestBox $box }

Describe 'The catalogue of errors' {
    It '<id> is <category>, names what it is about, and says what to do' -TestCases $cases {
        param($id, $category, $use, $child, $host_, $environment, $target)
        if ($id -eq 'WorkerNotStarted' -and -not $canHost) { Set-ItResult -Skipped -Because 'there is no dotnet that could run this PowerShell under another name'; return }
        if ($id -eq 'CommitRefused' -and $IsWindows) { Set-ItResult -Skipped -Because 'the hook is made executable with chmod'; return }
        if ($ready[$id]) { . $ready[$id] | Out-Null }
        $failure = if ($use) {
            $record = Get-OnlyError $use
            @{ Id = $record.FullyQualifiedErrorId; Category = "$($record.CategoryInfo.Category)"; Target = "$($record.TargetObject)"; Action = $record.ErrorDetails.RecommendedAction; Message = $record.ErrorDetails.Message }
        }
        elseif ($child) {
            $result = Invoke-Pwsh $box -Environment ((& $environment) + @{ REPOSITORY = $repository }) "try { & { $child }; `$e = `$Error[0] } catch { `$e = `$_ }; $describe"
            $result.Out | ConvertFrom-Json -AsHashtable
        }
        else { & $host_ }
        $failure.Id | Should -Match "^$id,ClaudeTasks\.Commands\.\w+Command$"
        $failure.Category | Should -Be $category
        $failure.Target | Should -Be "$(& $target)"
        $failure.Message | Should -Not -BeNullOrEmpty
        $failure.Action | Should -Not -BeNullOrEmpty
    }

    It 'has a case here for every one of its ids' {
        # A store that is held for 90 seconds, and what nobody foresaw, have no honest test of this kind. Job.Tests.ps1 has the errors of jobs, InsideTask.Tests.ps1 UserRequired.
        $core = [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -eq 'ClaudeTasks.Core' }
        $known = $core.GetType('ClaudeTasks.Model.ClaudeTaskErrorId').GetEnumNames()
        $tested = [regex]::Matches([IO.File]::ReadAllText($PSCommandPath), "@\{ id = '(\w+)'").ForEach({ $_.Groups[1].Value })
        @($known | Where-Object { $_ -notin $tested }) | Should -Be TaskReportedError, StoreBusy, UserRequired, InternalError
    }
}
