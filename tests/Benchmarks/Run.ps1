<#
.SYNOPSIS
Runs all benchmarks, one after the other, and prints one table. Build first: ./build.ps1
.PARAMETER Only
Runs these alone, of Import, Overhead, Latency, Idle, Size, Queue, Ingest, Store, Diff, Naive and Micro.
.PARAMETER Quick
Runs them in sizes so small that all are done in a few minutes. That shows that they work; the figures of the documentation are of the full sizes.
.EXAMPLE
pwsh tests/Benchmarks/Run.ps1 -Only Latency,Idle
.EXAMPLE
pwsh tests/Benchmarks/Run.ps1 -Quick
#>
param(
    [string[]] $Only = @('Import', 'Overhead', 'Latency', 'Idle', 'Size', 'Queue', 'Ingest', 'Store', 'Diff', 'Naive', 'Micro'),
    [switch] $Quick
)

$ErrorActionPreference = 'Stop'
$small = @{
    Import = '-Rounds 3'
    Overhead = '-Rounds 3'
    Latency = '-Lines 100'
    Idle = '-Seconds 10 -Settle 5'
    Size = '-Repeat 5'
    Queue = '-Tasks 300 -Drained 16'
    Ingest = '-Lines 20000 -LongLines 4 -Rounds 1'
    Store = '-Tasks 2000 -Events 50000 -Rounds 5'
    Diff = '-Files 3000 -Changes 0,10,100 -Megabytes 20 -Rounds 3'
    Naive = '-Megabytes 0.5,1 -Limited 5 -Rounds 1'
    Micro = '-Job Dry'
}
# A shell hands over a list as one word.
$rows = foreach ($name in $Only -split ',\s*') {
    Write-Host "$((Get-Date).ToString('HH:mm:ss')) $name"
    $sizes = $Quick ? $small[$name] : ''
    # Each in a pwsh of its own, so that none has what another one left in memory.
    $json = & ([Environment]::ProcessPath) -NoProfile -Command "`$ErrorActionPreference = 'Stop'; & '$PSScriptRoot/$name.ps1' $sizes | ConvertTo-Json -AsArray"
    if ($LASTEXITCODE -ne 0) { throw "$name failed: $json" }
    $json | ConvertFrom-Json
}
$rows | Format-Table -AutoSize -Wrap | Out-String -Width 230
