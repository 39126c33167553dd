<#
.SYNOPSIS
What single functions take, by BenchmarkDotNet: their time, and what they allocate.
.PARAMETER Job
BenchmarkDotNet's word for how long it measures: Dry, Short, Medium, Long.
#>
param([string] $Job = 'Short')

Import-Module "$PSScriptRoot/Bench.psm1"
$folder = [IO.Path]::Combine([IO.Path]::GetTempPath(), 'ct-' + [guid]::NewGuid().ToString('N').Substring(0, 12))
try {
    # Not '*' alone, which PowerShell would make the names of the files here.
    Invoke-Benchmarks --filter 'ClaudeTasks.Benchmarks.*' --job $Job --exporters briefjson --artifacts $folder | Out-Null
    foreach ($measured in Get-ChildItem "$folder/results/*.json" | ForEach-Object { (Get-Content -Raw $_ | ConvertFrom-Json).Benchmarks }) {
        $unit, $part = $measured.Statistics.Median -ge 1e6 ? @('ms', 1e6) : $measured.Statistics.Median -ge 1e3 ? @('µs', 1e3) : @('ns', 1)
        $times = [double[]]@($measured.Statistics.Min, $measured.Statistics.Median, $measured.Statistics.Max | ForEach-Object { $_ / $part })
        New-Row $measured.MethodTitle.Trim("'") (Format-Spread $times $unit) 'it allocates' (Format-Figure ($measured.Memory.BytesAllocatedPerOperation / 1kB) kB)
    }
}
finally { if (Test-Path $folder) { Remove-Item $folder -Recurse -Force } }
