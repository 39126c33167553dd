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
.EXAMPLE
./build.ps1 -Task Pack
Makes the package in out/, which Install-PSResource takes from a folder that is registered as a repository.
.EXAMPLE
./build.ps1 -Task Surface
Takes what was built for what is meant: writes tests/PublicApi.txt and tests/Package.txt, to be looked at and committed.
#>
[CmdletBinding()]
param(
    [ValidateSet('Build', 'Test', 'Demo', 'Pack', 'Surface')]
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

# Another PowerShell like this one. The one that is a .NET tool runs in dotnet.
function Invoke-PowerShell {
    $own = [Environment]::ProcessPath
    if ([IO.Path]::GetFileNameWithoutExtension($own) -eq 'dotnet') { & $own (Join-Path $PSHOME 'pwsh.dll') @args } else { & $own @args }
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
        Invoke-PowerShell -NoProfile -File (Join-Path $PSScriptRoot 'module' 'demo.ps1') -Module $module -Agent $agent
        if ($LASTEXITCODE -ne 0) { throw 'The demo failed.' }
    }
    'Pack' {
        Invoke-Build
        $package = & (Join-Path $PSScriptRoot 'module' 'pack.ps1') -Module $module -Destination (Join-Path $PSScriptRoot 'out')
        Write-Host "The package is $package. Register its folder (Register-PSResourceRepository -Name local -Uri <folder> -Trusted), then: Install-PSResource ClaudeTasks -Repository local"
    }
    'Surface' {
        Invoke-Build
        # In a pwsh of its own, as for the demo.
        $code = "Import-Module '$PSScriptRoot/tests/Module/Surface.psm1'; Save-Surface '$module' '$PSScriptRoot/tests'"
        Invoke-PowerShell -NoProfile -Command $code
        if ($LASTEXITCODE -ne 0) { throw 'The lists were not written.' }
    }
}
