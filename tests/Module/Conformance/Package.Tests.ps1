# The package that ./build.ps1 -Task Pack makes, of the module as it was staged: what is in it, and that it works where it was installed.
BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    $box = New-TestBox
    $root = (Resolve-Path "$PSScriptRoot/../../..").Path
    $folder = (New-Item -ItemType Directory "$($box.Folder)/packages").FullName
    $package = & "$root/module/pack.ps1" -Module (Get-ModulePath) -Destination $folder
    $manifest = Import-PowerShellDataFile "$(Get-ModulePath)/ClaudeTasks.psd1"
    $modules = (New-Item -ItemType Directory "$($box.Folder)/modules").FullName
    [IO.Compression.ZipFile]::ExtractToDirectory($package, "$($box.Folder)/unpacked")
    [xml]$nuspec = [IO.File]::ReadAllText("$($box.Folder)/unpacked/ClaudeTasks.nuspec")

    # In a PowerShell that finds the module by its name, as after an installation: a task from its start in a worker to its approval.
    function Test-Installed([string] $Modules) {
        $repository = New-TestRepository $box
        $result = Invoke-Pwsh $box -NoImport -Environment @{ PSModulePath = $Modules } "
            `$task = Start-ClaudeTask '$(Get-Prompt 'Write a note' (Get-WriteStep note.txt))' -Repository '$repository' | Wait-ClaudeTask
            `$task.Status; (`$task | Get-ClaudeTaskDiff).Path; (`$task | Approve-ClaudeTask).Status; (Get-Module ClaudeTasks).ModuleBase"
        $result.Err | Should -BeNullOrEmpty
        $lines = $result.Out -split '\r?\n'
        $lines[0..2] | Should -Be WaitingApproval, note.txt, Completed
        $lines[3] | Should -BeLike "$Modules*"
        git -C $repository log --format=%s -1 | Should -Be 'Write a note'
    }
}

AfterAll { Remove-TestBox $box }

Describe 'The package' {
    It 'has its name and version in the name by which a folder offers it' { Split-Path -Leaf $package | Should -Be "ClaudeTasks.$($manifest.ModuleVersion).nupkg" }

    It 'says of itself what the manifest and the changelog say' {
        $about = $nuspec.package.metadata
        $about.id | Should -Be ClaudeTasks
        $about.version | Should -Be $manifest.ModuleVersion
        $about.description | Should -Be $manifest.Description
        $about.projectUrl | Should -Be $manifest.PrivateData.PSData.ProjectUri
        $about.license.InnerText | Should -Be LICENSE
        $about.icon | Should -Be icon.png
        $about.releaseNotes.Length | Should -BeGreaterThan 20
        [IO.File]::ReadAllText("$root/CHANGELOG.md").Replace("`r", '') | Should -Match ([regex]::Escape($about.releaseNotes.Replace("`r", '')))
        foreach ($tag in 'PSModule', 'PSEdition_Core', 'PSCommand_Start-ClaudeTask') { $about.tags -split ' ' | Should -Contain $tag }
    }

    It 'has every file of the module as it is, the licence, the notes and the icon among them, and none besides its own' {
        $inside = Get-ChildItem "$($box.Folder)/unpacked" -Recurse -File -Force | ForEach-Object { [IO.Path]::GetRelativePath("$($box.Folder)/unpacked", $_.FullName).Replace('\', '/') }
        $staged = Get-ChildItem (Get-ModulePath) -Recurse -File -Force | ForEach-Object { [IO.Path]::GetRelativePath((Resolve-Path (Get-ModulePath)).Path, $_.FullName).Replace('\', '/') }
        foreach ($file in $staged) {
            $inside | Should -Contain $file
            (Get-FileHash -LiteralPath "$($box.Folder)/unpacked/$file").Hash | Should -Be (Get-FileHash -LiteralPath "$(Get-ModulePath)/$file").Hash
        }
        $inside | Where-Object { $_ -notin $staged -and $_ -notmatch '^(ClaudeTasks\.nuspec|\[Content_Types\]\.xml|_rels/|package/)' } | Should -BeNullOrEmpty
        foreach ($file in 'LICENSE', 'CHANGELOG.md', 'icon.png') { $staged | Should -Contain $file }
    }

    It 'has native SQLite for the platforms PowerShell runs on, and no other' {
        (Get-ChildItem "$($box.Folder)/unpacked/runtimes").Name | Sort-Object | Should -Be ('win-x64', 'win-x86', 'win-arm64', 'linux-x64', 'linux-arm',
            'linux-arm64', 'linux-musl-x64', 'linux-musl-arm64', 'osx-x64', 'osx-arm64' | Sort-Object)
    }

    It 'works where it was unpacked, found by its name' {
        $installed = "$modules/ClaudeTasks/$($manifest.ModuleVersion)"
        [void](New-Item -ItemType Directory (Split-Path $installed))
        # Without what is the package's own, as an installation leaves it.
        Copy-Item "$($box.Folder)/unpacked" $installed -Recurse
        Remove-Item -LiteralPath "$installed/ClaudeTasks.nuspec", "$installed/_rels", "$installed/package", "$installed/[Content_Types].xml" -Recurse -Force
        Test-Installed $modules
    }

    It 'is installed by Save-PSResource from a folder that is a repository' {
        if (-not (Get-Command Save-PSResource -ErrorAction Ignore)) { Set-ItResult -Skipped -Because 'Microsoft.PowerShell.PSResourceGet is not on this machine'; return }
        $name = "ct-$([guid]::NewGuid().ToString('N').Substring(0, 8))"
        Register-PSResourceRepository -Name $name -Uri $folder -Trusted
        try { Save-PSResource ClaudeTasks -Repository $name -Path (New-Item -ItemType Directory "$($box.Folder)/saved").FullName } finally { Unregister-PSResourceRepository $name }
        Test-Installed "$($box.Folder)/saved"
    }
}
