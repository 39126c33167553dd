# Two simulated tasks on a throw-away repository and store, with the cmdlets. Run by './build.ps1 -Task Demo'.
param([string] $Module, [string] $Agent)

$ErrorActionPreference = 'Stop'
$folder = Join-Path ([System.IO.Path]::GetTempPath()) "claude-tasks-demo-$PID"
$env:CLAUDETASKS_HOME = Join-Path $folder 'store'
$env:CLAUDE_CODE_PATH = $Agent

function Show-Step([string] $Text, [scriptblock] $Command) {
    "`n## $Text`n"
    "PS> $(([string] $Command).Trim())"
    & $Command | Out-Default
}

try {
    Import-Module $Module
    $repository = (New-Item -ItemType Directory (Join-Path $folder 'greeter')).FullName
    Set-Content (Join-Path $repository 'README.md') "# Greeter`n`nSays hello."
    git -C $repository init --quiet
    git -C $repository config user.name Demo
    git -C $repository config user.email demo@example.invalid
    git -C $repository config commit.gpgSign false
    git -C $repository add --all
    git -C $repository commit --quiet --message Begin

    'This is a demonstration. The agent is SIMULATED: no model is called, no account is needed, nothing of yours is touched.'
    Show-Step 'Two prompts; one task runs at a time in a repository.' {
        'Greet people by name', 'Say goodbye too' | Start-ClaudeTask -Repository $repository
    }
    Show-Step 'The first one, live.' { Receive-ClaudeTask 1 -Follow }
    Show-Step 'What it changed.' { Get-ClaudeTaskDiff 1 }
    Show-Step 'It waits for a decision, and the second one waits for it.' { Get-ClaudeTask }
    Show-Step 'Approved: its paths become one commit, and the second one goes on.' {
        Approve-ClaudeTask 1
        Wait-ClaudeTask 2
    }
    Show-Step 'Rejected: its files are put back as they were.' { Deny-ClaudeTask 2 -Reason 'not now' }
    Show-Step 'The history.' { Get-ClaudeTask }
}
finally {
    # The worker ends a moment after its last task and removes its lock file last.
    $workers = Join-Path $env:CLAUDETASKS_HOME 'workers'
    for ($i = 0; $i -lt 500 -and (Get-ChildItem $workers -ErrorAction Ignore); $i++) { [System.Threading.Thread]::Sleep(20) }
    Remove-Item $folder -Recurse -Force -ErrorAction Ignore
}

"`nEverything was removed again."
