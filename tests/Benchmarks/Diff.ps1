<#
.SYNOPSIS
What a snapshot and a diff take in a repository of very many files, beside 'git status' and 'git diff' on the same tree; and what one large
untracked file takes.
#>
param([int] $Files = 100000, [int[]] $Changes = @(0, 10, 1000, 10000), [int] $Megabytes = 1024, [int] $Rounds = 5)

Import-Module "$PSScriptRoot/Bench.psm1"
$folder = [IO.Path]::Combine([IO.Path]::GetTempPath(), 'ct-' + [guid]::NewGuid().ToString('N').Substring(0, 12))
try {
    Invoke-Benchmarks repository $folder $Files
    $grown = 0
    $tree = "$($Files.ToString('N0')) files"
    foreach ($case in @($Changes | ForEach-Object { , @($_, 'modified') }) + , @($Changes[-2], 'mixed')) {
        $count, $kinds = $case
        $figures = Invoke-Comparison diff $folder $count $kinds $Rounds
        if ($figures.Files -ne $count) { throw "The diff names $($figures.Files) files, not $count." }
        $grown += $figures.GrownBytes
        $what = $count -eq 0 ? 'clean' : $kinds -eq 'mixed' ? "$($count.ToString('N0')) changed, a tenth new, a tenth deleted" : "$($count.ToString('N0')) changed"
        $theirs = Format-Spread $figures.TheirsMs ms
        $ratio = Get-Ratio $figures.OursMs $figures.TheirsMs
        New-Row "${tree}, ${what}: snapshot + diff" (Format-Spread $figures.OursMs ms) 'git status + git diff' $theirs (Format-Figure $ratio '') '<= 1.5' ($ratio -le 1.5)
        New-Row '  the whole end of a task, stored' (Format-Spread $figures.CaptureMs ms) 'git status + git diff' $theirs (Format-Figure (Get-Ratio $figures.CaptureMs $figures.TheirsMs) '')
    }
    $figures = Invoke-Comparison untracked $folder $Megabytes ([math]::Min(3, $Rounds))
    $grown += $figures.GrownBytes
    $snapshot = Format-Spread $figures.SnapshotMs ms
    $ratio = Get-Ratio $figures.SnapshotMs $figures.HashMs
    New-Row "one untracked file of $Megabytes MB, random: snapshot" $snapshot 'git hash-object' (Format-Spread $figures.HashMs ms) (Format-Figure $ratio '') '<= 1.5' ($ratio -le 1.5)
    New-Row '  … beside hashing alone' $snapshot 'git hash-object, of no large file' (Format-Spread $figures.HashOnlyMs ms) (Format-Figure (Get-Ratio $figures.SnapshotMs $figures.HashOnlyMs) '')
    New-Row '  … kept, as a snapshot keeps it' $snapshot 'git hash-object -w' (Format-Spread $figures.KeepMs ms) (Format-Figure (Get-Ratio $figures.SnapshotMs $figures.KeepMs) '')
    New-Row '  .git grew by, in all of these' "$grown bytes" -Goal '0 bytes' -Met ($grown -eq 0)
}
finally { if (Test-Path $folder) { Remove-Item $folder -Recurse -Force } }
