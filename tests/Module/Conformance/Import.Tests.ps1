BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    $box = New-TestBox
    $repository = New-TestRepository $box
    $task = Start-ClaudeTask (Get-Prompt 'Say hello' @{ text = 'Hello.' }) -Repository $repository | Wait-ClaudeTask
}

AfterAll { Remove-TestBox $box }

Describe 'Importing the module' {
    It 'keeps its assemblies in a load context of its own, with only the loader outside' {
        $ours = [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object Location -Like "$((Resolve-Path (Get-ModulePath)).Path)*"
        $contexts = $ours | Group-Object { [Runtime.Loader.AssemblyLoadContext]::GetLoadContext($_).Name } -AsHashTable -AsString
        $contexts.Keys | Sort-Object | Should -Be ClaudeTasks, Default
        $contexts.Default | ForEach-Object { $_.GetName().Name } | Should -Be ClaudeTasks.Loader
        $contexts.ClaudeTasks | ForEach-Object { $_.GetName().Name } | Should -Contain Microsoft.Data.Sqlite
    }

    It 'brings no second System.Management.Automation' {
        Get-ChildItem (Get-ModulePath) -Recurse -Filter System.Management.Automation.dll | Should -BeNullOrEmpty
    }
}

Describe 'Several runspaces of one process' {
    It 'all see the same tasks in a thread job' {
        $path = Get-ModulePath
        $job = Start-ThreadJob { Import-Module $using:path; $using:task | Get-ClaudeTask; Get-ClaudeTask }
        $seen = $job | Receive-Job -Wait -AutoRemoveJob
        $seen.TaskId | Should -Be $task.TaskId, $task.TaskId
    }

    It 'takes a task that another runspace started' {
        $path = Get-ModulePath
        $started = Start-ThreadJob { Import-Module $using:path; Start-ClaudeTask 'Write a note' -Repository $using:repository -InProcess } |
            Receive-Job -Wait -AutoRemoveJob
        ($started | Wait-ClaudeTask).Status | Should -Be WaitingApproval
        $started | Stop-ClaudeTask
    }
}
