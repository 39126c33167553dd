# What a compiled module owes its users, line by line: its manifest, its commands and its surface. ConformanceBehaviour, ConformanceErrors and
# ConformanceInterface have the rest, Help the help, Package the package.
BeforeDiscovery {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    Import-Module (Get-ModulePath)
    $commands = Get-Command -Module ClaudeTasks | ForEach-Object { @{ name = $_.Name; command = $_ } }
}

BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    Import-Module $PSScriptRoot/../Surface.psm1 -Force
    $box = New-TestBox
    $root = (Resolve-Path "$PSScriptRoot/../../..").Path
    $manifest = Import-PowerShellDataFile "$(Get-ModulePath)/ClaudeTasks.psd1"
    $common = [Management.Automation.PSCmdlet]::CommonParameters + [Management.Automation.PSCmdlet]::OptionalCommonParameters
    function Get-Own($Command) { $Command.Parameters.Values | Where-Object Name -NotIn $common }
    function Get-Attribute($Parameter, [type] $Type) { $Parameter.Attributes | Where-Object { $_ -is $Type } }
    $parameters = foreach ($command in Get-Command -Module ClaudeTasks) {
        foreach ($parameter in Get-Own $command) { [pscustomobject]@{ Command = $command.Name; Name = $parameter.Name; Parameter = $parameter } }
    }
}

AfterAll { Remove-TestBox $box }

Describe 'The manifest' {
    It 'is accepted by PowerShell without a word' {
        $read = Test-ModuleManifest "$(Get-ModulePath)/ClaudeTasks.psd1" -WarningVariable warnings -ErrorVariable errors
        $read.Name | Should -Be ClaudeTasks
        @($warnings) + @($errors) | Should -BeNullOrEmpty
    }

    It 'names exactly the commands there are, each by its name' {
        $module = Get-Module ClaudeTasks
        $manifest.CmdletsToExport | Should -Not -Match '[*?]'
        @($module.ExportedCommands.Keys | Sort-Object) | Should -Be ($manifest.CmdletsToExport | Sort-Object)
        @($module.ExportedCmdlets.Keys).Count | Should -Be $manifest.CmdletsToExport.Count
        foreach ($other in 'FunctionsToExport', 'AliasesToExport', 'VariablesToExport') { $manifest[$other].Count | Should -Be 0 }
    }

    It 'has tags, a licence, a link to the project, and notes' {
        $about = $manifest.PrivateData.PSData
        $about.Tags | Should -Contain PSEdition_Core
        foreach ($system in 'Windows', 'Linux', 'MacOS') { $about.Tags | Should -Contain $system }
        foreach ($link in $about.LicenseUri, $about.ProjectUri) { ([uri]$link).Scheme | Should -Be https }
        $about.ReleaseNotes | Should -Match 'CHANGELOG\.md'
        "$(Get-ModulePath)/CHANGELOG.md" | Should -Exist
        foreach ($text in $manifest.Description, $manifest.Author, $manifest.Copyright) { $text | Should -Not -BeNullOrEmpty }
    }

    It 'has the version of the assemblies, and of the top of the changelog' {
        $version = [version]$manifest.ModuleVersion
        foreach ($name in 'ClaudeTasks', 'ClaudeTasks.Core', 'ClaudeTasks.Loader') {
            $found = [Reflection.AssemblyName]::GetAssemblyName("$((Resolve-Path (Get-ModulePath)).Path)/$name.dll").Version
            "$($found.Major).$($found.Minor).$($found.Build)" | Should -Be "$version" -Because $name
        }
        [regex]::Match([IO.File]::ReadAllText("$(Get-ModulePath)/CHANGELOG.md"), '(?m)^## (\S+)').Groups[1].Value | Should -Be "$version"
    }
}

Describe 'Importing' {
    It 'warns of nothing, also when asked for every detail' {
        $result = Invoke-Pwsh $box -NoImport "`$WarningPreference = 'Continue'
            Import-Module '$(Get-ModulePath)' -Verbose 3>&1 | ForEach-Object { `"WARNING `$_`" }
            (Get-Module ClaudeTasks).Version.ToString()"
        $result.Err | Should -BeNullOrEmpty
        $result.ExitCode | Should -Be 0
        $result.Out | Should -Not -Match 'WARNING'
        $result.Out | Should -Match VERBOSE
    }

    It 'works again after it was removed, imported again, and imported by force' {
        $task = Start-ClaudeTask (Get-Prompt 'Say hello' @{ text = 'Hello.' }) -Repository (New-TestRepository $box) -InProcess | Wait-ClaudeTask
        $result = Invoke-Pwsh $box "Get-ClaudeTask $($task.Id) | ForEach-Object Id
            Remove-Module ClaudeTasks
            if (Get-Module ClaudeTasks) { 'still there' }
            Import-Module '$(Get-ModulePath)'; Get-ClaudeTask $($task.Id) | ForEach-Object Id
            Import-Module '$(Get-ModulePath)' -Force; Get-ClaudeTask $($task.Id) | ForEach-Object Id
            `$task = Get-ClaudeTask $($task.Id); Import-Module '$(Get-ModulePath)' -Force; (`$task | Get-ClaudeTask).Id"
        $result.Err | Should -BeNullOrEmpty
        $result.Out -split '\r?\n' | Should -Be (@($task.Id) * 4)
    }
}

Describe '<name>' -ForEach $commands {
    It 'has an approved verb and a singular noun' {
        (Get-Verb).Verb | Should -Contain $command.Verb
        $command.Noun | Should -Match '^ClaudeTask'
        $command.Noun | Should -Not -Match '[^s]s$'
    }

    It 'is a sealed class of its name, which every error id ends with' {
        $command.ImplementingType.FullName | Should -BeExactly "ClaudeTasks.Commands.$($command.Verb)$($command.Noun)Command"
        $command.ImplementingType.IsSealed -and $command.ImplementingType.IsPublic | Should -BeTrue
    }

    It 'says what it writes' { $command.OutputType | Should -Not -BeNullOrEmpty }

    It 'has -WhatIf and -Confirm exactly if it changes something' {
        # A watcher is an object in memory, as what New-TimeSpan makes is.
        $changes = $command.Verb -notin 'Get', 'Measure', 'Receive', 'Show', 'Test', 'Wait', 'Watch' -and $command.Name -ne 'New-ClaudeTaskWatcher'
        foreach ($name in 'WhatIf', 'Confirm') { $command.Parameters.ContainsKey($name) | Should -Be $changes }
    }

    It 'takes the pipeline''s objects with one parameter at most in each way of calling it' {
        foreach ($set in $command.ParameterSets) { @($set.Parameters | Where-Object ValueFromPipeline).Count | Should -BeLessOrEqual 1 -Because $set.Name }
    }

    It 'names which way of calling it is meant where none is told' {
        if ($command.ParameterSets.Count -gt 1) { $command.ParameterSets.Name | Should -Contain $command.DefaultParameterSet }
    }

    It 'has switches instead of parameters that take true or false' {
        Get-Own $command | Where-Object { $_.ParameterType -in [bool], [Nullable[bool]] } | Should -BeNullOrEmpty
    }

    It 'completes what names something of the store' {
        foreach ($parameter in Get-Own $command) {
            $names = @($parameter.Name) + $parameter.Aliases
            if ($names | Where-Object { $_ -in 'Id', 'Task', 'Question', 'Session', 'Repository', 'Gate', 'Template', 'Model', 'PermissionMode', 'Reset' }) {
                # PowerShell itself completes sets and enumerations, and asks nobody else then.
                $type = $parameter.ParameterType.IsArray ? $parameter.ParameterType.GetElementType() : $parameter.ParameterType
                $type.IsEnum -or (Get-Attribute $parameter ([ValidateSet])) -or (Get-Attribute $parameter ([ArgumentCompleter])) | Should -BeTrue -Because "-$($parameter.Name)"
            }
        }
    }

    It 'says where it takes wildcards, and completes names for them there' {
        foreach ($parameter in Get-Own $command) {
            $completer = Get-Attribute $parameter ([ArgumentCompleter])
            if ($completer -and $completer.Type.Name -match '^(PatternOf|SessionCompleter|GateCompleter|TemplateCompleter)') {
                [bool](Get-Attribute $parameter ([Management.Automation.SupportsWildcardsAttribute])) | Should -Be ($completer.Type.Name -like 'PatternOf*') -Because "-$($parameter.Name)"
            }
        }
    }
}

Describe 'All commands' {
    It 'mean the same with a name: it has one type everywhere' {
        $element = {
            $type = $_.Parameter.ParameterType
            $type = $type.IsArray ? $type.GetElementType() : $type
            ([Nullable]::GetUnderlyingType($type) ?? $type).FullName
        }
        $parameters | Group-Object Name | Where-Object { @($_.Group | ForEach-Object $element | Sort-Object -Unique).Count -gt 1 } |
            ForEach-Object { "-$($_.Name): $($_.Group.Command -join ', ')" } | Should -BeNullOrEmpty
    }

    It 'take wildcards where they say so' {
        $repository = New-TestRepository $box
        Register-ClaudeTaskGate 'unit tests' 'true' -Repository $repository | Out-Null
        Register-ClaudeTaskTemplate 'fix issue' 'Fix it' | Out-Null
        $task = Start-ClaudeTask (Get-Prompt 'Wildcards' (Get-WriteStep 'a [b].txt')) -Repository $repository -Session 'Release 2.0' -InProcess | Wait-ClaudeTask
        $uses = @{
            'Get-ClaudeTask -Session' = { Get-ClaudeTask -Session 'rel*' }; 'Get-ClaudeTask -Prompt' = { Get-ClaudeTask -Prompt 'wild?ards*' }
            'Get-ClaudeTaskSession -Name' = { Get-ClaudeTaskSession 'rel*2.?' }; 'Set-ClaudeTaskSession -Name' = { Set-ClaudeTaskSession 'rel*' 'Release 2.1' -PassThru }
            'Remove-ClaudeTaskSession -Name' = { Remove-ClaudeTaskSession 'rel*' -WhatIf; 'no error' }; 'Measure-ClaudeTask -Session' = { (Measure-ClaudeTask -Session 'rel*').Count }
            'Export-ClaudeTaskReport -Session' = { Export-ClaudeTaskReport "$($box.Folder)/r.md" -Session 'rel*' -PassThru }
            'Get-ClaudeTaskGate -Name' = { Get-ClaudeTaskGate 'unit*' }; 'Get-ClaudeTaskGateResult -Name' = { $task | Get-ClaudeTaskGateResult -Name 'unit*' }
            'Get-ClaudeTaskTemplate -Name' = { Get-ClaudeTaskTemplate 'f?x*' }; 'Get-ClaudeTaskOption -Name' = { Get-ClaudeTaskOption 'retain*' }
            'Get-ClaudeTaskDiff -Path' = { $task | Get-ClaudeTaskDiff -Path '*.txt' }; 'Approve-ClaudeTask -Path' = { $task | Approve-ClaudeTask -Path 'A*' }
            'Deny-ClaudeTask -Path' = { $task | Undo-ClaudeTask; $task | Deny-ClaudeTask -Path 'a*' }
        }
        $said = $parameters | Where-Object { Get-Attribute $_.Parameter ([Management.Automation.SupportsWildcardsAttribute]) } | ForEach-Object { "$($_.Command) -$($_.Name)" }
        $said = @($said) -ne 'Watch-ClaudeTask -Session' # It needs a terminal: Watch.Tests.ps1 has it.
        $uses.Keys | Sort-Object | Should -Be ($said | Sort-Object)
        foreach ($use in $said) { & $uses[$use] | Should -Not -BeNullOrEmpty -Because $use }
    }
}

Describe 'The surface' {
    It 'has the public types that tests/PublicApi.txt lists' {
        $text = (Get-PublicType (Get-ModulePath)) -join "`n"
        $text | Should -BeExactly ([IO.File]::ReadAllText("$root/tests/PublicApi.txt").TrimEnd()) -Because './build.ps1 -Task Surface writes the list anew; look at what it changes'
    }

    It 'has the files that tests/Package.txt lists' {
        $text = (Get-PackageFile (Get-ModulePath)) -join "`n"
        $text | Should -BeExactly ([IO.File]::ReadAllText("$root/tests/Package.txt").TrimEnd()) -Because './build.ps1 -Task Surface writes the list anew; look at what it changes'
    }
}
