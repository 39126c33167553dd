@{
    RootModule           = 'ClaudeTasks.psm1'
    ModuleVersion        = '0.1.0'
    GUID                 = '6c0c2b1e-7f2c-4a51-9d8a-2f4f7a1c9b36'
    Author               = 'The ClaudeTasks authors'
    CompanyName          = 'The ClaudeTasks authors'
    Copyright            = '(c) The ClaudeTasks authors. MIT License.'
    Description          = 'Sends prompts to the Claude Code CLI as recorded background tasks on git repositories: queue, live output as objects, exact diffs, and a history that outlives the terminal.'
    PowerShellVersion    = '7.4'
    CompatiblePSEditions = @('Core')
    CmdletsToExport      = @(
        'Approve-ClaudeTask'
        'Deny-ClaudeTask'
        'Export-ClaudeTaskReport'
        'Get-ClaudeTask'
        'Get-ClaudeTaskAttempt'
        'Get-ClaudeTaskDiff'
        'Get-ClaudeTaskGate'
        'Get-ClaudeTaskGateResult'
        'Get-ClaudeTaskOption'
        'Get-ClaudeTaskQuestion'
        'Get-ClaudeTaskRule'
        'Get-ClaudeTaskSession'
        'Get-ClaudeTaskTemplate'
        'Invoke-ClaudeTask'
        'Invoke-ClaudeTaskGate'
        'Measure-ClaudeTask'
        'New-ClaudeTaskSession'
        'New-ClaudeTaskWatcher'
        'Receive-ClaudeTask'
        'Register-ClaudeTaskGate'
        'Register-ClaudeTaskTemplate'
        'Remove-ClaudeTask'
        'Remove-ClaudeTaskRule'
        'Remove-ClaudeTaskSession'
        'Repair-ClaudeTask'
        'Repair-ClaudeTaskStore'
        'Resolve-ClaudeTaskQuestion'
        'Restart-ClaudeTask'
        'Resume-ClaudeTask'
        'Send-ClaudeTaskMessage'
        'Set-ClaudeTaskOption'
        'Set-ClaudeTaskSession'
        'Start-ClaudeTask'
        'Stop-ClaudeTask'
        'Suspend-ClaudeTask'
        'Test-ClaudeTaskPrerequisite'
        'Test-ClaudeTaskStore'
        'Undo-ClaudeTask'
        'Unregister-ClaudeTaskGate'
        'Unregister-ClaudeTaskTemplate'
        'Wait-ClaudeTask'
        'Watch-ClaudeTask'
    )
    FunctionsToExport    = @()
    VariablesToExport    = @()
    AliasesToExport      = @()
    FormatsToProcess     = @('ClaudeTasks.Format.ps1xml')
    TypesToProcess       = @('ClaudeTasks.Types.ps1xml')
    PrivateData          = @{
        PSData = @{
            Tags         = @('Claude', 'ClaudeCode', 'AI', 'Agent', 'Task', 'Git', 'Automation', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS')
            LicenseUri   = 'https://opensource.org/license/mit'
            ProjectUri   = 'https://www.powershellgallery.com/packages/ClaudeTasks'
            ReleaseNotes = 'CHANGELOG.md beside this manifest.'
        }
    }
}
