BeforeDiscovery {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    Import-Module (Get-ModulePath)
    $cmdlets = (Get-Module ClaudeTasks).ExportedCmdlets.Values.Name | Sort-Object | ForEach-Object { @{ Name = $_ } }
    $topics = 'about_ClaudeTasks', 'about_ClaudeTasks_Gates', 'about_ClaudeTasks_Security', 'about_ClaudeTasks_Troubleshooting' | ForEach-Object { @{ Topic = $_ } }
}

BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    $module = Import-Module (Get-ModulePath) -PassThru
    $folder = "$(Get-ModulePath)/en-US"

    # Programs that examples use; whoever lacks one reads them all the same.
    $programs = 'git', 'dotnet', 'npm'

    function Get-Topic([string] $Name) { Get-Content -LiteralPath "$folder/$Name.help.txt" -Raw }

    # What PowerShell itself adds to every cmdlet.
    $common = [System.Management.Automation.Cmdlet]::CommonParameters

    # What would not bind: unknown commands and parameters, and parameters that go together in no set or leave a mandatory one out.
    function Get-BindingFault([string] $Code) { Find-Fault $Code | Where-Object { $_ } }

    function Find-Fault([string] $Code) {
        $tokens = $errors = $null
        $ast = [System.Management.Automation.Language.Parser]::ParseInput($Code, [ref] $tokens, [ref] $errors)
        $errors.Message
        foreach ($call in $ast.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] }, $true)) {
            $name = $call.GetCommandName()
            if ($name -in $programs) { continue }
            $command = Get-Command $name -ErrorAction Ignore
            if (-not $command) { "There is no command '$name'."; continue }
            $binding = [System.Management.Automation.Language.StaticParameterBinder]::BindCommand($call, $true)
            $isPiped = $call.Parent.PipelineElements.IndexOf($call) -gt 0

            # What comes by the pipeline is no argument; that it fits is looked at below.
            $binding.BindingExceptions.Values.BindingException |
                Where-Object { -not ($isPiped -and $_.ParameterName -and $true -in $command.Parameters[$_.ParameterName].Attributes.ValueFromPipeline) } |
                ForEach-Object Message
            if ($command.Source -ne 'ClaudeTasks') { continue }
            $given = @($binding.BoundParameters.Keys)
            $fits = $command.ParameterSets | Where-Object {
                $set = $_
                $missing = $set.Parameters | Where-Object {
                    $_.IsMandatory -and $_.Name -notin $given -and -not ($isPiped -and ($_.ValueFromPipeline -or $_.ValueFromPipelineByPropertyName))
                }
                -not $missing -and -not ($given | Where-Object { $_ -notin $set.Parameters.Name })
            }
            if (-not $fits) { "No parameter set of $name takes $($given -join ', ')$(if ($isPiped) { ' and input' })." }
        }
    }
}

Describe 'Help of <Name>' -ForEach $cmdlets {
    BeforeAll {
        $command = Get-Command $Name
        $help = Get-Help $Name -Full
        $real = $command.Parameters.Values | Where-Object Name -notin $common
        $described = @{}
        foreach ($parameter in $help.Parameters.parameter) { $described[$parameter.name] = $parameter }
    }

    It 'has a synopsis of one short line, in prose' {
        $help.Synopsis | Should -Match '^[A-Z][^\r\n]*[a-z0-9]\.$'
        $help.Synopsis | Should -Not -Match "^$Name"
        $help.Synopsis.Length | Should -BeLessOrEqual 76
    }

    It 'has a description' {
        ($help.Description.Text -join ' ').Length | Should -BeGreaterThan 40
    }

    It 'describes every parameter, and no other' {
        $described.Keys | Sort-Object | Should -Be ($real.Name | Sort-Object)
        foreach ($parameter in $described.Values) {
            ($parameter.Description.Text -join ' ') | Should -Match '(?s)^\S.{8,}\S$' -Because "-$($parameter.Name) must be described by the summary of its property"
        }
    }

    It 'tells of parameters what is so' {
        foreach ($parameter in $real) {
            $told = $described[$parameter.Name]
            $attributes = @($parameter.Attributes | Where-Object { $_ -is [System.Management.Automation.ParameterAttribute] })
            $told.required | Should -Be "$($attributes.Mandatory -notcontains $false)".ToLowerInvariant()
            $position = ($attributes.Position | Measure-Object -Maximum).Maximum
            $told.position | Should -Be ($position -lt 0 ? 'named' : "$position")
            ($told.pipelineInput -like 'True*') | Should -Be ($true -in $attributes.ValueFromPipeline -or $true -in $attributes.ValueFromPipelineByPropertyName)
            $told.aliases | Should -Be ($parameter.Aliases ? $parameter.Aliases -join ', ' : 'none')
            $type = [Nullable]::GetUnderlyingType($parameter.ParameterType) ?? $parameter.ParameterType
            $told.type.name | Should -Be $type.FullName
        }
    }

    It 'tells the defaults there are' {
        $fresh = $command.ImplementingType::new()
        foreach ($parameter in $real | Where-Object { $_.Name -in $fresh.PSObject.Properties.Name -and -not $_.SwitchParameter }) {
            $value = $fresh.($parameter.Name)
            $told = $described[$parameter.Name]
            if ($told.defaultValue -eq 'None') {
                if ($told.required -eq 'false') { "$value" | Should -BeIn '', 'None', 'System.Collections.Hashtable', '01/01/0001 00:00:00' -Because "-$($parameter.Name) has a default" }
            } else {
                $told.defaultValue | Should -Be ($value -join ', ')
            }
        }
    }

    It 'shows every parameter set' {
        @($help.Syntax.syntaxItem).Count | Should -Be $command.ParameterSets.Count
        foreach ($set in $command.ParameterSets) {
            $names = $set.Parameters.Name | Where-Object { $_ -notin $common } | Sort-Object
            @($help.Syntax.syntaxItem | Where-Object { "$($_.parameter.name | Sort-Object)" -eq "$names" }).Count | Should -BeGreaterOrEqual 1 -Because $set.Name
        }
    }

    It 'has at least two examples that parse and bind' {
        $examples = @($help.Examples.example)
        $examples.Count | Should -BeGreaterOrEqual 2
        foreach ($example in $examples) {
            $example.code | Should -Match 'ClaudeTask'
            Get-BindingFault $example.code | Should -BeNullOrEmpty -Because $example.title
        }
        "$($examples.code)" | Should -Match $Name
    }

    It 'says what it takes and what it writes' {
        $takesInput = @($real.Attributes | Where-Object { $_.ValueFromPipeline -or $_.ValueFromPipelineByPropertyName }).Count -gt 0
        @($help.inputTypes.inputType.type.name | Where-Object { $_ -ne 'None' }).Count -gt 0 | Should -Be $takesInput
        $writes = $command.OutputType.Type.FullName | Where-Object { $_ -ne 'System.Void' } | Sort-Object -Unique
        $help.returnValues.returnValue.type.name | Where-Object { $_ -ne 'None' } | Sort-Object | Should -Be $writes
    }

    It 'links to what is there' {
        $links = @($help.relatedLinks.navigationLink.linkText)
        $links.Count | Should -BeGreaterThan 0
        foreach ($link in $links) {
            ($link -in $module.ExportedCmdlets.Keys -or (Test-Path -LiteralPath "$folder/$link.help.txt")) | Should -BeTrue -Because "$link is linked"
            $link | Should -Not -Be $Name
        }
    }
}

Describe 'Topic <Topic>' -ForEach $topics {
    It 'is found, and fits 80 columns' {
        (Get-Help $Topic | Out-String) | Should -Match "TOPIC\s+$Topic"
        foreach ($line in Get-Content -LiteralPath "$folder/$Topic.help.txt") { $line.Length | Should -BeLessOrEqual 80 -Because $line }
    }

    It 'names only cmdlets, parameters of theirs and topics that there are' {
        $text = Get-Topic $Topic
        foreach ($name in [regex]::Matches($text, '\b[A-Z][a-z]+-ClaudeTask\w*').Value | Sort-Object -Unique) { $name | Should -BeIn $module.ExportedCmdlets.Keys }
        foreach ($name in [regex]::Matches($text, '\babout_\w+').Value | Sort-Object -Unique) { "$folder/$name.help.txt" | Should -Exist }
        $known = $module.ExportedCmdlets.Values.Parameters.Keys + 'NonInteractive' + 'Last'
        foreach ($name in [regex]::Matches($text, '(?<=[\s(]-)[A-Z][A-Za-z]+').Value | Sort-Object -Unique) { $name | Should -BeIn $known -Because "-$name is named" }
    }

    It 'has commands that bind' {
        $text = ((Get-Topic $Topic) -split '(?m)^(?:CMDLETS|WHAT PEOPLE MEET)$')[0]
        foreach ($line in [regex]::Matches($text, '(?m)^ {8}((?:[A-Z][a-z]+-ClaudeTask|\$\w+ [=|] ).*)$')) {
            Get-BindingFault $line.Groups[1].Value | Should -BeNullOrEmpty -Because $line.Value
        }
    }
}

Describe 'What the topics must name' {
    It 'is every cmdlet, in about_ClaudeTasks' {
        $text = Get-Topic about_ClaudeTasks
        foreach ($name in $module.ExportedCmdlets.Keys) { $text | Should -Match "(?m)^ {8}$name  +\S" }
    }

    It 'is every error and every reason, in about_ClaudeTasks_Troubleshooting' {
        $text = Get-Topic about_ClaudeTasks_Troubleshooting
        $catalogue = (Get-Command Start-ClaudeTask).ImplementingType.Assembly.GetReferencedAssemblies() | Where-Object Name -eq ClaudeTasks.Core |
            ForEach-Object { [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -eq 'ClaudeTasks.Core' } } | Select-Object -First 1
        $errors, $reasons = $text -split '(?m)^REASONS'
        foreach ($id in [Enum]::GetNames($catalogue.GetType('ClaudeTasks.Model.ClaudeTaskErrorId'))) { $errors | Should -MatchExactly "(?m)^ {4}$id\n {8}\S(?:.*\n)+? {8}-> \S" }
        foreach ($id in [Enum]::GetNames($catalogue.GetType('ClaudeTasks.Model.ClaudeTaskReason'))) { $reasons | Should -MatchExactly "(?m)^ {4}$id\n {8}\S" }
    }

    It 'is every status, in about_ClaudeTasks' {
        $text = Get-Topic about_ClaudeTasks
        foreach ($status in [Enum]::GetNames((Get-Command Get-ClaudeTask).Parameters.Status.ParameterType.GetElementType())) { $text | Should -Match "(?m)^ {4}$status  +\S" }
    }
}

Describe 'Help as it is read' {
    It 'is found by pwsh in its own ways' {
        (Get-Help Start-ClaudeTask -Full | Out-String) | Should -Match 'DESCRIPTION[\s\S]+PARAMETERS[\s\S]+INPUTS[\s\S]+OUTPUTS[\s\S]+RELATED LINKS'
        (Get-Help Start-ClaudeTask -Examples | Out-String) | Should -Match 'Example 2'
        (Get-Help Start-ClaudeTask -Parameter Repository | Out-String) | Should -Match 'FullName, Path, PSPath, LiteralPath'
        (Get-Help *ClaudeTask* | Where-Object Category -eq Cmdlet).Name | Should -Contain Undo-ClaudeTask
    }
}
