<#
.SYNOPSIS
Runs all benchmarks, one after the other, and prints one table. Build first: ./build.ps1
.PARAMETER Only
Runs these alone, of Import, Overhead, Latency, Idle, Size, Queue, Ingest and Store.
.EXAMPLE
pwsh tests/Benchmarks/Run.ps1 -Only Latency,Idle
#>
param([string[]] $Only = @('Import', 'Overhead', 'Latency', 'Idle', 'Size', 'Queue', 'Ingest', 'Store'))

$ErrorActionPreference = 'Stop'
# A shell hands over a list as one word.
$rows = foreach ($name in $Only -split ',\s*') {
    Write-Host "$((Get-Date).ToString('HH:mm:ss')) $name"
    # Each in a pwsh of its own, so that none has what another one left in memory.
    $json = & ([Environment]::ProcessPath) -NoProfile -Command "`$ErrorActionPreference = 'Stop'; & '$PSScriptRoot/$name.ps1' | ConvertTo-Json -AsArray"
    if ($LASTEXITCODE -ne 0) { throw "$name failed: $json" }
    $json | ConvertFrom-Json
}
$rows | Format-Table -AutoSize -Wrap | Out-String -Width 230
