<#
.SYNOPSIS
How long completing takes with a store of many tasks, beside one of a hundred. It makes both stores in a temporary folder.
#>
param([int] $Tasks = 100000)

$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/Bench.psm1"
$box = New-TestBox

function Measure-Completion([string] $Text) {
    $times = foreach ($i in 1..21) {
        $clock = [Diagnostics.Stopwatch]::StartNew()
        $found = (TabExpansion2 $Text $Text.Length).CompletionMatches.Count
        $clock.Elapsed.TotalMilliseconds
    }
    [pscustomobject]@{ Found = $found; First = [math]::Round($times[0], 1); Median = [math]::Round(($times | Sort-Object)[10], 1) }
}

try {
    foreach ($count in 100, $Tasks) { New-Store "$($box.Folder)/$count" $count $count }
    $texts = 'Get-ClaudeTask ', 'Get-ClaudeTask -Id 9', 'Get-ClaudeTask abc', 'Get-ClaudeTask -Session ', 'Get-ClaudeTask -Session 199', 'Start-ClaudeTask x -Repository ',
        'Start-ClaudeTask x -Model ', "Get-ClaudeTask -Repository '$PSScriptRoot' -Session ", 'Start-ClaudeTask x -Gate ', 'Deny-ClaudeTask 1 -Reason '
    foreach ($text in $texts) {
        $result = [ordered]@{ Completed = $text.Replace($PSScriptRoot, '.') }
        foreach ($count in 100, $Tasks) {
            $env:CLAUDETASKS_HOME = "$($box.Folder)/$count"
            $measured = Measure-Completion $text
            $result["Found $count"] = $measured.Found; $result["First ms $count"] = $measured.First; $result["Median ms $count"] = $measured.Median
        }
        [pscustomobject]$result
    }
}
finally { $env:CLAUDETASKS_HOME = $box.Home; Remove-TestBox $box }
