<#
.SYNOPSIS
How long Import-Module takes in a fresh pwsh, beside modules that everybody knows.
#>
param([int] $Rounds = 15)

Import-Module "$PSScriptRoot/Bench.psm1"
$modules = [ordered]@{ ours = Get-ModulePath; 'Microsoft.PowerShell.ThreadJob' = 'Microsoft.PowerShell.ThreadJob'; Pester = 'Pester' }
$times = @{}
foreach ($round in 0..$Rounds) {
    foreach ($name in $modules.Keys) {
        # The clock runs in the new process: what pwsh itself takes to start is none of a module's doing.
        $code = "`$c = [Diagnostics.Stopwatch]::StartNew(); Import-Module '$($modules[$name])'; `$c.Elapsed.TotalMilliseconds.ToString([cultureinfo]::InvariantCulture)"
        $time = [double]::Parse((& ([Environment]::ProcessPath) -NoProfile -NonInteractive -Command $code), [cultureinfo]::InvariantCulture)
        if ($round -gt 0) { $times[$name] = @($times[$name]) + $time | Where-Object { $null -ne $_ } }
    }
}
foreach ($other in $modules.Keys | Select-Object -Skip 1) {
    $ratio = Get-Median @(foreach ($i in 0..($Rounds - 1)) { $times.ours[$i] / $times[$other][$i] })
    New-Row 'Import-Module in a fresh pwsh' (Format-Spread $times.ours ms) $other (Format-Spread $times[$other] ms) (Format-Figure $ratio '') '<= 120 ms' ((Get-Median $times.ours) -le 120)
}
$again = [double[]]@(foreach ($i in 0..10) { Measure-Ms { Import-Module (Get-ModulePath) -Force } }) | Select-Object -Skip 1
New-Row 'Import-Module -Force, warm' (Format-Spread $again ms)
