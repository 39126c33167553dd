# Makes the package of a staged module, in the shape in which galleries and folders offer modules to Install-PSResource: a nupkg with the
# module at its root. Everything it says of itself comes from the manifest and the changelog. Run by './build.ps1 -Task Pack'.
param([string] $Module, [string] $Destination)

$ErrorActionPreference = 'Stop'
$Module = (Resolve-Path -LiteralPath $Module).ProviderPath
$manifest = Import-PowerShellDataFile (Join-Path $Module 'ClaudeTasks.psd1')
$about = $manifest.PrivateData.PSData

# The newest section, without its heading.
$notes = ((Get-Content -Raw (Join-Path $Module 'CHANGELOG.md')) -split '(?m)^## .*$')[1].Trim()
$tags = @($about.Tags) + 'PSModule' + 'PSIncludes_Cmdlet' + @($manifest.CmdletsToExport | ForEach-Object { "PSCmdlet_$_"; "PSCommand_$_" })

function ConvertTo-XmlText([string] $Text) { [System.Security.SecurityElement]::Escape($Text) }

$nuspec = @"
<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
  <metadata>
    <id>ClaudeTasks</id>
    <version>$($manifest.ModuleVersion)</version>
    <authors>$(ConvertTo-XmlText $manifest.Author)</authors>
    <requireLicenseAcceptance>false</requireLicenseAcceptance>
    <license type="file">LICENSE</license>
    <icon>icon.png</icon>
    <projectUrl>$(ConvertTo-XmlText $about.ProjectUri)</projectUrl>
    <description>$(ConvertTo-XmlText $manifest.Description)</description>
    <releaseNotes>$(ConvertTo-XmlText $notes)</releaseNotes>
    <copyright>$(ConvertTo-XmlText $manifest.Copyright)</copyright>
    <tags>$(ConvertTo-XmlText ($tags -join ' '))</tags>
  </metadata>
</package>
"@

$path = Join-Path $Destination "ClaudeTasks.$($manifest.ModuleVersion).nupkg"
Remove-Item -LiteralPath $path -ErrorAction Ignore
$package = [System.IO.Packaging.Package]::Open($path, 'Create')
try {
    function Add-Part([string] $Name, [System.IO.Stream] $Content) {
        $part = $package.CreatePart([System.IO.Packaging.PackUriHelper]::CreatePartUri([uri]::new($Name, [UriKind]::Relative)), 'application/octet-stream', 'Maximum')
        $stream = $part.GetStream()
        try { $Content.CopyTo($stream) } finally { $stream.Dispose(); $Content.Dispose() }
        $part
    }

    $described = Add-Part 'ClaudeTasks.nuspec' ([System.IO.MemoryStream]::new([System.Text.Encoding]::UTF8.GetBytes($nuspec)))
    [void]$package.CreateRelationship($described.Uri, 'Internal', 'http://schemas.microsoft.com/packaging/2010/07/manifest')
    $package.PackageProperties.Identifier = 'ClaudeTasks'
    $package.PackageProperties.Version = $manifest.ModuleVersion
    $package.PackageProperties.Creator = $manifest.Author
    $package.PackageProperties.Description = $manifest.Description
    foreach ($file in Get-ChildItem -LiteralPath $Module -Recurse -File) {
        [void](Add-Part ([System.IO.Path]::GetRelativePath($Module, $file.FullName).Replace('\', '/')) ([System.IO.File]::OpenRead($file.FullName)))
    }
}
finally { $package.Close() }

$path
