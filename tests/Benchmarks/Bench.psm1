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

# One line of the table. Met is empty where there is no goal of its own.
function New-Row([string] $Measure, [string] $Ours, [string] $Against = '', [string] $Theirs = '', [string] $Ratio = '', [string] $Goal = '', $Met = $null) {
    [pscustomobject]@{ Measure = $Measure; Ours = $Ours; Against = $Against; Theirs = $Theirs; Ratio = $Ratio; Goal = $Goal; Met = $null -eq $Met ? '' : $Met ? 'yes' : 'no' }
}

# Runs all blocks in turn, Rounds times after one that does not count, and gives the milliseconds of each.
function Measure-InTurn([Collections.IDictionary] $Blocks, [int] $Rounds) {
    $times = [ordered]@{}
    foreach ($name in $Blocks.Keys) { $times[$name] = [Collections.Generic.List[double]]::new() }
    foreach ($round in 0..$Rounds) {
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
        $ratio = Get-Median @(foreach ($i in 0..($Rounds - 1)) { $times[$ours][$i] / $times[$other][$i] })
        $goal = $Goals[$other]
        New-Row $Measure (Format-Spread $times[$ours] ms) $other (Format-Spread $times[$other] ms) (Format-Figure $ratio '') ($goal ? "<= $goal" : '') ($goal ? $ratio -le $goal : $null)
    }
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

Export-ModuleMember -Function *
