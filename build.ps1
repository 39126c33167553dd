#!/usr/bin/env pwsh
<#
.SYNOPSIS
Builds the module, and tests, demonstrates or packs it.
.EXAMPLE
./build.ps1
Builds everything and stages the module in out/ClaudeTasks.
.EXAMPLE
./build.ps1 -Task Test
Runs all tests, as 'dotnet test' does.
#>
[CmdletBinding()]
param(
    [ValidateSet('Build', 'Test', 'Demo', 'Pack')]
    [string] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release'
)

$ErrorActionPreference = 'Stop'
$module = Join-Path $PSScriptRoot 'out' 'ClaudeTasks'

function Invoke-DotNet {
    & dotnet @args
    if ($LASTEXITCODE -ne 0) { throw "dotnet $($args[0]) ended with exit code $LASTEXITCODE." }
}

function Invoke-Build {
    Invoke-DotNet build (Join-Path $PSScriptRoot 'ClaudeTasks.sln') --configuration $Configuration --nologo --verbosity quiet
    Write-Host "The module is in $module. Try: Import-Module $module"
}

switch ($Task) {
    'Build' { Invoke-Build }
    'Test' { Invoke-DotNet test $PSScriptRoot --configuration $Configuration --nologo }
    'Demo' {
        Invoke-Build
        $agent = Join-Path $PSScriptRoot 'src' 'ClaudeTasks.SimulatedAgent' 'bin' $Configuration 'net8.0' ($IsWindows ? 'claude-simulated.exe' : 'claude-simulated')
        # In a pwsh of its own: this session may hold another version of the module, and its variables are its own.
        & ([Environment]::ProcessPath) -NoProfile -File (Join-Path $PSScriptRoot 'module' 'demo.ps1') -Module $module -Agent $agent
        if ($LASTEXITCODE -ne 0) { throw 'The demo failed.' }
    }
    'Pack' {
        Invoke-Build
        $version = (Import-PowerShellDataFile (Join-Path $module 'ClaudeTasks.psd1')).ModuleVersion
        $archive = Join-Path $PSScriptRoot 'out' "ClaudeTasks.$version.zip"
        Remove-Item -LiteralPath $archive -ErrorAction Ignore
        [System.IO.Compression.ZipFile]::CreateFromDirectory($module, $archive, 'SmallestSize', $true)
        Write-Host "The package is $archive. Unpack it into a folder of `$env:PSModulePath."
    }
}
