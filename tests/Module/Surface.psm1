# What users may build on: the module's public .NET types and its files. './build.ps1 -Task Surface' writes both lists.

# The types that the staged module's assemblies export, each with its assembly.
function Get-PublicType([string] $Module) {
    Import-Module $Module
    $ours = [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -in 'ClaudeTasks', 'ClaudeTasks.Core', 'ClaudeTasks.Loader' }
    $names = $ours | ForEach-Object { $name = $_.GetName().Name; $_.GetExportedTypes() | ForEach-Object { "${name}: $($_.FullName)" } }
    $sorted = [Collections.Generic.List[string]]::new([string[]]$names)
    $sorted.Sort([StringComparer]::Ordinal)
    $sorted
}

# The staged files, by their paths from the module's folder.
function Get-PackageFile([string] $Module) {
    $root = (Resolve-Path -LiteralPath $Module).Path
    $sorted = [Collections.Generic.List[string]]::new([string[]](Get-ChildItem -LiteralPath $root -Recurse -File -Force |
        ForEach-Object { [IO.Path]::GetRelativePath($root, $_.FullName).Replace('\', '/') }))
    $sorted.Sort([StringComparer]::Ordinal)
    $sorted
}

function Save-Surface([string] $Module, [string] $Folder) {
    [IO.File]::WriteAllText("$Folder/PublicApi.txt", ((Get-PublicType $Module) -join "`n") + "`n")
    [IO.File]::WriteAllText("$Folder/Package.txt", ((Get-PackageFile $Module) -join "`n") + "`n")
}

Export-ModuleMember -Function *-*
