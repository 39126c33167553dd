<#
.SYNOPSIS
An agent's output appended to one text column, a write a chunk, beside our event log: how both grow with what there is to store.
.PARAMETER Megabytes
Sizes that both store whole; each is compared with the one before it.
.PARAMETER Limited
A size that only ours stores whole: the column is given the time that ours took.
#>
param([double[]] $Megabytes = @(2.5, 5, 10), [double] $Limited = 100, [int] $Rounds = 3)

Import-Module "$PSScriptRoot/Bench.psm1"

function Measure-Size([double] $Size, [int] $Seconds) {
    $rounds = @(foreach ($round in 1..$Rounds) { Invoke-Comparison naive $Size $Seconds })
    [pscustomobject]@{ Ours = [double[]]$rounds.OursMs; Theirs = [double[]]$rounds.TheirsMs; Part = (Get-Median $rounds.TheirsBytes) / $rounds[0].Bytes }
}

$column = 'one text column, ten lines a write'
$before = $null
foreach ($size in $Megabytes) {
    $now = Measure-Size $size -1
    New-Row "$size MB of agent's lines stored" (Format-Spread $now.Ours ms) $column (Format-Spread $now.Theirs ms) (Format-Figure (Get-Ratio $now.Ours $now.Theirs) '')
    if ($before) {
        $factor = $size / $before.Size
        $ours = (Get-Median $now.Ours) / (Get-Median $before.Ours)
        $theirs = (Get-Median $now.Theirs) / (Get-Median $before.Theirs)
        # Linear is the factor itself, quadratic its square.
        New-Row "  $size MB for $($before.Size) MB: $factor x the bytes take" (Format-Figure $ours x) $column (Format-Figure $theirs x) -Goal "nearer $factor than $($factor * $factor)" -Met ($ours -lt $factor * [math]::Sqrt($factor))
    }
    $before = [pscustomobject]@{ Size = $size; Ours = $now.Ours; Theirs = $now.Theirs }
}

$now = Measure-Size $Limited 0
New-Row "$Limited MB stored, and what the column had after that time" (Format-Spread $now.Ours ms) $column "$(Format-Figure ($Limited * $now.Part) MB), not the rest"
$factor = $Limited / $before.Size
New-Row "  $Limited MB for $($before.Size) MB: $factor x the bytes take" (Format-Figure ((Get-Median $now.Ours) / (Get-Median $before.Ours)) x) -Goal "nearer $factor than $($factor * $factor)" -Met ((Get-Median $now.Ours) / (Get-Median $before.Ours) -lt $factor * [math]::Sqrt($factor))
