# What the tests of the module share. Every test file works in a box: a temporary folder with its own store, whose tasks are run by the
# simulated agent. Closing the box stops what runs in it, and fails when a process or a folder is left.
$root = (Resolve-Path "$PSScriptRoot/../..").Path

function Get-ModulePath {
    $env:CLAUDETASKS_TEST_MODULE ? $env:CLAUDETASKS_TEST_MODULE : "$root/out/ClaudeTasks"
}

function Get-AgentPath {
    if ($env:CLAUDETASKS_TEST_AGENT) { return $env:CLAUDETASKS_TEST_AGENT }
    $name = $IsWindows ? 'claude-simulated.exe' : 'claude-simulated'
    $builds = 'Debug', 'Release' | ForEach-Object { "$root/src/ClaudeTasks.SimulatedAgent/bin/$_/net8.0/$name" } | Where-Object { Test-Path -LiteralPath $_ }
    if (-not $builds) { throw 'Build the simulated agent first: dotnet build src/ClaudeTasks.SimulatedAgent' }
    $builds | Get-Item | Sort-Object LastWriteTime | Select-Object -Last 1 -ExpandProperty FullName
}

# Polls until the condition holds, and gives what it gave. The limit is generous: it is there to end a hopeless wait, not to measure.
function Wait-Until([scriptblock] $Condition, [string] $What = $Condition.ToString().Trim(), [int] $Seconds = 180) {
    $clock = [Diagnostics.Stopwatch]::StartNew()
    while (-not ($value = & $Condition)) {
        if ($clock.Elapsed.TotalSeconds -gt $Seconds) { throw "After $Seconds seconds still not so: $What" }
        [Threading.Thread]::Sleep(50)
    }
    $value
}

function New-TestBox {
    $folder = (New-Item -ItemType Directory -Path ([IO.Path]::Combine([IO.Path]::GetTempPath(), 'ct-' + [guid]::NewGuid().ToString('N').Substring(0, 12)))).FullName
    $box = [pscustomobject]@{ Folder = $folder; Home = "$folder/home"; Before = @{}; Location = (Get-Location).Path }
    foreach ($name in 'CLAUDETASKS_HOME', 'CLAUDE_CODE_PATH', 'SIMULATED_AGENT_SCENARIO', 'GITHUB_ACTIONS', 'TF_BUILD') { $box.Before[$name] = [Environment]::GetEnvironmentVariable($name) }
    $env:CLAUDETASKS_HOME = $box.Home
    $env:CLAUDE_CODE_PATH = Get-AgentPath
    $env:SIMULATED_AGENT_SCENARIO = $env:GITHUB_ACTIONS = $env:TF_BUILD = $null
    Import-Module (Get-ModulePath) -Global
    $box
}

function Remove-TestBox($Box) {
    Set-Location -LiteralPath $Box.Location
    $env:CLAUDETASKS_HOME = $Box.Home
    $env:SIMULATED_AGENT_SCENARIO = $null
    if (Test-Path "$($Box.Home)/tasks.db") {
        Get-ClaudeTask -ErrorAction Ignore | Where-Object { -not $_.IsEnded } | Stop-ClaudeTask -ErrorAction Ignore -WarningAction Ignore
    }
    foreach ($name in $Box.Before.Keys) { [Environment]::SetEnvironmentVariable($name, $Box.Before[$name]) }
    Wait-Until { -not (Get-BoxProcess $Box) } "no process is left in $($Box.Folder)" | Out-Null
    Remove-Item -LiteralPath $Box.Folder -Recurse -Force
    if (Test-Path -LiteralPath $Box.Folder) { throw "$($Box.Folder) is still there" }
}

# The processes that were started in the box, by their environment: workers, agents, and whatever those left.
function Get-BoxProcess($Box) {
    if (-not $IsLinux) { return }
    foreach ($process in [IO.Directory]::EnumerateDirectories('/proc')) {
        $id = [IO.Path]::GetFileName($process)
        if ($id -notmatch '^\d+$' -or $id -eq $PID) { continue }
        try { $environment = [IO.File]::ReadAllText("$process/environ") } catch { continue }
        if ($environment.Contains($Box.Folder)) { [int]$id }
    }
}

# Those of them that are workers. One that ends meanwhile is none.
function Get-BoxWorker($Box) {
    foreach ($id in Get-BoxProcess $Box) { try { if ([IO.File]::ReadAllText("/proc/$id/cmdline").Contains('RunWorker')) { $id } } catch { continue } }
}

# The only one there is; that of a task before it stays for a moment.
function Wait-BoxWorker($Box) {
    Wait-Until { $workers = @(Get-BoxWorker $Box); if ($workers.Count -eq 1) { $workers } } 'there is one worker'
}

# A repository with one commit, whose user is configured in it alone.
function New-TestRepository($Box, [string] $Name = 'r' + [guid]::NewGuid().ToString('N').Substring(0, 8), [switch] $NoCommit) {
    $path = [IO.Path]::Combine($Box.Folder, $Name)
    [void][IO.Directory]::CreateDirectory($path)
    git -C $path init -q -b main
    git -C $path config user.name 'Test User'
    git -C $path config user.email test@example.invalid
    git -C $path config commit.gpgsign false
    if (-not $NoCommit) {
        [IO.File]::WriteAllText([IO.Path]::Combine($path, 'README.md'), "# Read me`n")
        git -C $path add README.md
        git -C $path commit -q -m 'First commit'
    }
    $path
}

# A prompt that carries what the simulated agent shall do: steps, and settings of the whole scenario.
function Get-Prompt([string] $Text, [object[]] $Steps = @(), [hashtable] $Settings = @{}) {
    "$Text`nSCENARIO`n" + (@{ steps = $Steps } + $Settings | ConvertTo-Json -Depth 20 -Compress)
}

function New-Scenario($Box, [object[]] $Steps = @(), [hashtable] $Settings = @{}) {
    $path = [IO.Path]::Combine($Box.Folder, [guid]::NewGuid().ToString('N') + '.json')
    [IO.File]::WriteAllText($path, (@{ steps = $Steps } + $Settings | ConvertTo-Json -Depth 20))
    $path
}

function Get-WriteStep([string] $Path, [string] $Content = "new`n") {
    @{ tool = 'Write'; input = @{ file_path = $Path; content = $Content } }
}

function Get-AskStep([string] $Command) { @{ tool = 'Bash'; ask = $true; input = @{ command = $Command } } }

# What a task asks, once it does.
function Wait-Question($Task) { Wait-Until { Get-ClaudeTaskQuestion -Task $Task } "$Task asks something" }

# Starts a script in a pwsh of its own, with the module imported. Its output goes to files, so that nothing of ours keeps it alive.
function Start-Pwsh($Box, [string] $Script, [hashtable] $Environment = @{}, [string] $Directory = $Box.Folder, [switch] $NoImport, [switch] $OwnGroup) {
    $file = [IO.Path]::Combine($Box.Folder, [guid]::NewGuid().ToString('N') + '.ps1')
    $import = $NoImport ? '' : "Import-Module '$((Get-ModulePath).Replace("'", "''"))'`n"
    [IO.File]::WriteAllText($file, $import + $Script)
    $start = [Diagnostics.ProcessStartInfo]::new($OwnGroup ? 'setsid' : (Get-Process -Id $PID).Path)
    # Under nohup, HUP would be ignored; a child of the tests gets each signal as a terminal's does.
    if ($OwnGroup) { 'env', '--default-signal', (Get-Process -Id $PID).Path | ForEach-Object { $start.ArgumentList.Add($_) } }
    '-NoProfile', '-NonInteractive', '-File', $file | ForEach-Object { $start.ArgumentList.Add($_) }
    $start.WorkingDirectory = $Directory
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $start.RedirectStandardError = $true
    $start.Environment['NO_COLOR'] = '1'
    foreach ($name in $Environment.Keys) { $start.Environment[$name] = $Environment[$name] }
    $process = [Diagnostics.Process]::Start($start)
    $process.StandardInput.Close()
    [pscustomobject]@{ Process = $process; Out = $process.StandardOutput.ReadToEndAsync(); Err = $process.StandardError.ReadToEndAsync() }
}

# What a script in a pwsh of its own wrote, and its exit code.
function Invoke-Pwsh($Box, [string] $Script, [hashtable] $Environment = @{}, [string] $Directory = $Box.Folder, [switch] $NoImport) {
    Complete-Pwsh (Start-Pwsh $Box $Script $Environment $Directory -NoImport:$NoImport)
}

function Complete-Pwsh($Started) {
    Wait-Until { $Started.Process.HasExited -and $Started.Out.IsCompleted -and $Started.Err.IsCompleted } 'the child pwsh has ended and nobody holds its output' | Out-Null
    $result = [pscustomobject]@{ Out = $Started.Out.Result.Trim(); Err = $Started.Err.Result.Trim(); ExitCode = $Started.Process.ExitCode }
    $Started.Process.Dispose()
    $result
}

# Runs a script in a runspace of its own in this process, so that it can be stopped as Ctrl+C does.
function Start-Runspace([string] $Script) {
    $shell = [powershell]::Create()
    [void]$shell.AddScript("Import-Module '$((Get-ModulePath).Replace("'", "''"))'`n$Script")
    $output = [Management.Automation.PSDataCollection[psobject]]::new()
    $run = $shell.BeginInvoke($output, $output)
    [pscustomobject]@{ Shell = $shell; Output = $output; Run = $run }
}

function Stop-Runspace($Started) {
    $stop = $Started.Shell.BeginStop($null, $null)
    Wait-Until { $stop.IsCompleted } 'the pipeline has stopped' | Out-Null
    $state = $Started.Shell.InvocationStateInfo.State
    $Started.Shell.Dispose()
    $state
}

# Makes [ScriptedHost] known; a type stays for the life of the process.
function Import-ScriptedHost {
    if (-not ('ScriptedHost' -as [type])) { Add-Type -Path "$PSScriptRoot/ScriptedHost.cs" -IgnoreWarnings -WarningAction Ignore }
}

# The only error of a script block; what it wrote is left out.
function Get-OnlyError([scriptblock] $Script) {
    $errors = @(try { & $Script 2>&1 | Where-Object { $_ -is [Management.Automation.ErrorRecord] } } catch { $_ })
    if ($errors.Count -ne 1) { throw "Expected one error, not $($errors.Count): $($errors -join '; ')" }
    $errors[0]
}

Export-ModuleMember -Function *-*
