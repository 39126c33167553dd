<#
.SYNOPSIS
Runs all benchmarks, one after the other, and prints one table. Build first: ./build.ps1
.PARAMETER Only
Runs these alone: Import, Overhead, Latency, Ingest, Store, Queue, Idle, Size.
.EXAMPLE
pwsh tests/Benchmarks/Run.ps1 -Only Latency, Idle
#>
param([ValidateSet('Import', 'Overhead', 'Latency', 'Ingest', 'Store', 'Queue', 'Idle', 'Size')] [string[]] $Only = @('Import', 'Overhead', 'Latency', 'Ingest', 'Store', 'Queue', 'Idle', 'Size'))

$ErrorActionPreference = 'Stop'
$rows = foreach ($name in $Only) {
    Write-Host "$((Get-Date).ToString('HH:mm:ss')) $name"
    # Each in a pwsh of its own, so that none has what another one left in memory.
    $json = & ([Environment]::ProcessPath) -NoProfile -Command "& '$PSScriptRoot/$name.ps1' | ConvertTo-Json -AsArray"
    if ($LASTEXITCODE -ne 0) { throw "$name failed: $json" }
    $json | ConvertFrom-Json
}
$rows | Format-Table -AutoSize -Wrap | Out-String -Width 230
