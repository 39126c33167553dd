# What the benchmarks share. A figure is the median of several rounds with its lowest and highest; what it is compared with is measured in
# the same rounds, in turn, and the ratio is the median of the rounds' ratios, so that a machine that is now fast and now slow distorts it little.
Import-Module "$PSScriptRoot/../Module/Common.psm1"

function Measure-Ms([scriptblock] $Block) {
    $clock = [Diagnostics.Stopwatch]::StartNew()
    & $Block | Out-Null
    $clock.Elapsed.TotalMilliseconds
}

function Get-Median([double[]] $Values) {
    $sorted = @($Values | Sort-Object)
    $sorted[[math]::Floor(($sorted.Count - 1) / 2)]
}

function Get-Percentile([double[]] $Values, [double] $Part) {
    $sorted = @($Values | Sort-Object)
    $sorted[[math]::Min($sorted.Count - 1, [math]::Floor($sorted.Count * $Part))]
}

function Format-Figure([double] $Value, [string] $Unit) {
    $digits = [math]::Abs($Value) -ge 100 ? 0 : [math]::Abs($Value) -ge 10 ? 1 : 2
    ([math]::Round($Value, $digits).ToString("N$digits", [cultureinfo]::InvariantCulture) + " $Unit").TrimEnd()
}

function Format-Spread([double[]] $Values, [string] $Unit) {
    $ends = $Values | Measure-Object -Minimum -Maximum
    "$(Format-Figure (Get-Median $Values) $Unit) ($(Format-Figure $ends.Minimum ''), $(Format-Figure $ends.Maximum ''))"
}

# The median of the rounds' ratios.
function Get-Ratio([double[]] $Ours, [double[]] $Theirs) {
    Get-Median @(for ($i = 0; $i -lt $Ours.Count; $i++) { $Ours[$i] / $Theirs[$i] })
}

# One line of the table. Met is empty where there is no goal of its own.
function New-Row([string] $Measure, [string] $Ours, [string] $Against = '', [string] $Theirs = '', [string] $Ratio = '', [string] $Goal = '', $Met = $null) {
    [pscustomobject]@{ Measure = $Measure; Ours = $Ours; Against = $Against; Theirs = $Theirs; Ratio = $Ratio; Goal = $Goal; Met = $null -eq $Met ? '' : $Met ? 'yes' : 'no' }
}

# Runs all blocks in turn, Rounds times after one that does not count (a single round is long enough without), and gives the milliseconds of each.
function Measure-InTurn([Collections.IDictionary] $Blocks, [int] $Rounds) {
    $times = [ordered]@{}
    foreach ($name in $Blocks.Keys) { $times[$name] = [Collections.Generic.List[double]]::new() }
    foreach ($round in ($Rounds -eq 1)..$Rounds) {
        foreach ($name in $Blocks.Keys) {
            $time = Measure-Ms $Blocks[$name]
            if ($round -gt 0) { $times[$name].Add($time) }
        }
    }
    $times
}

# Ours is the first of the blocks; a row for each of the others, whose goal is the largest ratio that is good.
function Compare-InTurn([string] $Measure, [Collections.IDictionary] $Blocks, [int] $Rounds, [hashtable] $Goals = @{}) {
    $times = Measure-InTurn $Blocks $Rounds
    $ours, $others = @($Blocks.Keys)
    foreach ($other in $others) {
        $ratio = Get-Ratio $times[$ours] $times[$other]
        $goal = $Goals[$other]
        New-Row $Measure (Format-Spread $times[$ours] ms) $other (Format-Spread $times[$other] ms) (Format-Figure $ratio '') ($goal ? "<= $goal" : '') ($goal ? $ratio -le $goal : $null)
    }
}

# The program of tests/Benchmarks/Micro. Only an optimised build of it says anything.
function Invoke-Benchmarks {
    $program = "$PSScriptRoot/Micro/bin/Release/net8.0/$($IsWindows ? 'ClaudeTasks.Benchmarks.exe' : 'ClaudeTasks.Benchmarks')"
    if (-not (Test-Path -LiteralPath $program)) { throw 'Build first: ./build.ps1' }
    & $program @args
    if ($LASTEXITCODE -ne 0) { throw "The benchmark $args ended with exit code $LASTEXITCODE." }
}

# One comparison of it, whose figures are a line of JSON.
function Invoke-Comparison { Invoke-Benchmarks @args | ConvertFrom-Json }

# Letters as often as text has them: it compresses as text does.
function New-Text([int] $Length) {
    [string]::new([Random]::new(1).GetItems[char]([char[]]'eeeeeetttttaaaaooooiiiinnnnsssshhhrrrrdddlllcuumwfgypbvk        ', $Length))
}

# The agent as a program alone: its arguments, and the message that tells it to begin, as ClaudeTasks would say it.
function Get-BareAgent($Box, [object[]] $Steps) {
    $scenario = New-Scenario $Box $Steps
    [pscustomobject]@{
        Program = Get-AgentPath
        Arguments = @('-p', '--input-format=stream-json', '--output-format=stream-json', '--verbose', "--scenario=$scenario")
        Message = '{"type":"user","message":{"role":"user","content":[{"type":"text","text":"Do it"}]}}'
        TaskArgument = "--scenario=$scenario"
    }
}

# A connection to a store's file, by the module's own SQLite.
function Open-Store([string] $Path) {
    $sqlite = [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -eq 'Microsoft.Data.Sqlite' }
    $connection = $sqlite.GetType('Microsoft.Data.Sqlite.SqliteConnection')::new("Data Source=$Path/tasks.db;Pooling=False")
    $connection.Open()
    $connection
}

# Tasks of 200 repositories in 2,000 sessions; the last task has a tenth of the events, the others share the rest.
function New-Store([string] $Path, [int] $Tasks, [int] $Events) {
    $env:CLAUDETASKS_HOME = $Path
    Get-ClaudeTaskOption | Out-Null
    $connection = Open-Store $Path
    $command = $connection.CreateCommand()
    $each = [math]::Max(1, [math]::Floor($Events * 0.9 / $Tasks))
    $last = [math]::Floor($Events / 10)
    $command.CommandText = @"
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
        INSERT INTO repositories (key, created_at, last_started_at) SELECT '/home/dev/src/repository-' || i || '/.git', 0, i FROM n;
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
        INSERT INTO sessions (repository_id, name, created_at) SELECT 1 + i % 200, 'Release ' || i, 0 FROM n;
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $Tasks)
        INSERT INTO tasks (guid, repository_id, session_id, folder, prompt, settings, throttle_limit, worker, status, created_at, updated_at, permission_mode, model)
        SELECT lower(substr(h, 1, 8) || '-' || substr(h, 9, 4) || '-' || substr(h, 13, 4) || '-' || substr(h, 17, 4) || '-' || substr(h, 21)),
            1 + i % 200, 1 + i % 2000, '/home/dev/src/repository-' || (1 + i % 200), 'Task ' || i || ' of many' || char(10) || hex(zeroblob(500)),
            '{}', 5, '00000000-0000-0000-0000-000000000000', iif(i % 10, 'completed', 'failed'), unixepoch() * 1000 - i, unixepoch() * 1000, 'acceptEdits', 'claude-model-' || (i % 7)
        FROM (SELECT i, hex(randomblob(16)) h FROM n);
        WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ($Tasks - 1) * $each - 1)
        INSERT INTO events (key, kind, time, text) SELECT ((1 + i / $each) << 32) + 1 + i % $each, 4, i, 'A line of some words' FROM n;
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $last)
        INSERT INTO events (key, kind, time, text) SELECT ($Tasks << 32) + i, 4, i, 'A line of some words' FROM n;
        PRAGMA wal_checkpoint(TRUNCATE);
"@
    $command.CommandTimeout = 0
    [void]$command.ExecuteNonQuery()
    $connection.Dispose()
}

Export-ModuleMember -Function *
