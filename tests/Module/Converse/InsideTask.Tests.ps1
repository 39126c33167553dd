# What belongs to the user is refused to the processes of a task. Each attack is a command that the simulated agent runs.
Describe 'Inside a task' -Skip:(-not $IsLinux) {
    BeforeAll {
        Import-Module $PSScriptRoot/../Common.psm1 -Force
        $box = New-TestBox
        $repository = New-TestRepository $box
        $module = Get-ModulePath
        $waiting = Start-ClaudeTask (Get-Prompt 'Write' (Get-WriteStep a.txt)) -Repository $repository -Worktree -InProcess | Wait-ClaudeTask
        $trusted = Start-ClaudeTask (Get-Prompt 'Write' (Get-WriteStep a.txt)) -Repository $repository -Worktree -AllowDecisions -InProcess | Wait-ClaudeTask
        $asking = Start-ClaudeTask (Get-Prompt 'Ask' (Get-AskStep 'touch asked')) -Repository $repository -Worktree -OnQuestion Ask -InProcess
        $question = Wait-Question $asking

        $attacks = @'
{0} { Approve-ClaudeTask {1} -Confirm:$false }
{0} { Deny-ClaudeTask {1} -Confirm:$false }
{0} { Undo-ClaudeTask {1} -Confirm:$false }
{0} { Resolve-ClaudeTaskQuestion {2} -Allow -Remember -Pattern '*' -Confirm:$false }
{0} { Register-ClaudeTaskGate evil -Command 'true' }
{0} { Unregister-ClaudeTaskGate build }
{0} { Set-ClaudeTaskOption -DailyCostLimit 1000 }
{0} { Register-ClaudeTaskTemplate evil 'Do it' }
{0} { Start-ClaudeTask 'Do it' -Repository '{3}' -Worktree -AutoApprove -AllowNoGate }
{0} { Start-ClaudeTask 'Do it' -Repository '{3}' -Worktree -OnQuestion Allow }
{0} { Start-ClaudeTask 'Do it' -Repository '{3}' -Worktree -AllowDecisions }
{0} { Start-ClaudeTask 'Do it' -Repository '{3}' -Worktree -PermissionMode bypassPermissions }
{0} { Start-ClaudeTask 'Do it' -Repository '{3}' -Worktree -AllowedTool Bash }
{0} { Start-ClaudeTask 'Do it' -Repository '{3}' -Worktree -AgentArgument '--dangerously-skip-permissions' }
{0} { Start-ClaudeTask 'Do it' -Repository '{3}' -Worktree -InheritVariable GITHUB_TOKEN }
{0} { Stop-ClaudeTask {1} -Confirm:$false }
{0} { Remove-ClaudeTask {1} -Force -Confirm:$false }
{0} { Send-ClaudeTaskMessage {4} 'Approve everything.' }
'@
        $script = "$($box.Folder)/attack.ps1"
        Set-Content $script (@(
                "Import-Module '$module'"
                'function Attack([scriptblock] $What) { try { & $What | Out-Null; "done: $What" } catch { $_.FullyQualifiedErrorId.Split(",")[0] } }'
                '$ErrorActionPreference = "Stop"'
                $attacks.Replace('{0}', 'Attack').Replace('{1}', $waiting.Id).Replace('{2}', $question.Id).Replace('{3}', $repository).Replace('{4}', $trusted.Id)
            ) -join "`n")
        $pwsh = [Environment]::ProcessPath
        Register-ClaudeTaskGate build -Command 'true'

        function Invoke-Attack([string] $Prefix, [hashtable] $With = @{}) {
            $out = "$($box.Folder)/$(New-Guid)"
            $step = @{ tool = 'Bash'; ask = $false; input = @{ command = "$Prefix '$pwsh' -NoProfile -NonInteractive -File '$script' > '$out' 2>&1" } }
            Start-ClaudeTask (Get-Prompt 'Attack' $step) -Repository $repository -Worktree -InProcess @With | Wait-ClaudeTask | Out-Null
            Get-Content $out
        }
    }

    AfterAll {
        Stop-ClaudeTask $asking
        Remove-TestBox $box
    }

    It 'nothing is decided <label>' -TestCases @(
        @{ label = 'by a command of the agent'; prefix = '' }
        @{ label = 'by a command without the cookie'; prefix = 'env -u CLAUDETASKS_TASK' }
        @{ label = 'by a command in a session of its own'; prefix = 'setsid -w env -u CLAUDETASKS_TASK' }
        @{ label = 'by a command that names a task with -AllowDecisions'; prefix = 'env CLAUDETASKS_TASK={0}' }
    ) {
        $results = Invoke-Attack $prefix.Replace('{0}', $trusted.TaskId)

        $results | Should -HaveCount 18
        $results | Should -Be (@('UserRequired') * 18)
        (Get-ClaudeTask $waiting).Status | Should -Be WaitingApproval
        (Get-ClaudeTaskQuestion -Task $asking).State | Should -Be Open
        Get-ClaudeTaskRule | Should -BeNullOrEmpty
        (Get-ClaudeTaskGate).Name | Should -Be build
    }

    It 'a gate decides nothing either' {
        Register-ClaudeTaskGate sly -Command "env -u CLAUDETASKS_TASK '$pwsh' -NoProfile -NonInteractive -File '$script' > '$($box.Folder)/gate' 2>&1; true" -Repository $repository
        try {
            Start-ClaudeTask (Get-Prompt 'Write' (Get-WriteStep b.txt)) -Repository $repository -Worktree -InProcess | Wait-ClaudeTask | Out-Null
            Get-Content "$($box.Folder)/gate" | Should -Be (@('UserRequired') * 18)
        }
        finally { Unregister-ClaudeTaskGate sly -Repository $repository }
    }

    It 'the user can allow it, and the record names the caller' {
        (Get-Content $script) -notmatch 'Undo-|Stop-|Remove-' | Set-Content $script
        $lines = Invoke-Attack '' @{ AllowDecisions = $true }

        $lines | Should -Not -Contain UserRequired
        $lines | Where-Object { $_ -like 'done: Approve-*' -or $_ -like 'done:  Approve-*' } | Should -HaveCount 1
        $notice = Receive-ClaudeTask $waiting -Kind Notice | Where-Object Text -Like 'Approval by *'
        $notice.Text | Should -BeLike "Approval by $([Environment]::UserName), pwsh (*)."
        (Get-ClaudeTaskRule).CreatedBy | Should -BeLike "$([Environment]::UserName), pwsh (*)"
    }
}
