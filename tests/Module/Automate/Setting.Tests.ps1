BeforeDiscovery {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    Import-Module (Get-ModulePath)
    # The module's types live in a load context of their own, so no script can name them.
    $settings = (Get-Command Register-ClaudeTaskTemplate).OutputType[0].Type.BaseType.GetProperties('Public, Instance')
    $definitions = $settings | ForEach-Object { @{ name = $_.Name; type = $_.PropertyType } }
    $options = [Enum]::GetNames((Get-Command Set-ClaudeTaskOption).Parameters.Reset.ParameterType.GetElementType()) | ForEach-Object { @{ name = $_ } }
}

BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    $box = New-TestBox
    $template = (Get-Command Register-ClaudeTaskTemplate).OutputType[0].Type
    $help = [xml] (Get-Content -Raw (Get-ChildItem (Get-ModulePath) -Recurse -Filter '*-Help.xml')[0])
    function Test-Help($cmdlet, $name) {
        $command = $help.helpItems.command | Where-Object { $_.details.name -eq $cmdlet }
        [bool] ($command.parameters.parameter | Where-Object { $_.name -eq $name -and $_.description.para })
    }
}

AfterAll { Remove-TestBox $box }

Describe 'The setting <name>' -ForEach $definitions {
    It 'is a parameter with help of <_>' -ForEach 'Start-ClaudeTask', 'Invoke-ClaudeTask', 'Register-ClaudeTaskTemplate' {
        $parameter = (Get-Command $_).Parameters[$name]
        $parameter.ParameterType | Should -Be ($parameter.SwitchParameter ? [switch] : $type -eq [Collections.Generic.IReadOnlyList[string]] ? [string[]] : $type)
        Test-Help $_ $name | Should -BeTrue
    }

    It 'is a property of a template' { $template.GetProperty($name).PropertyType | Should -Be $type }
}

Describe 'The option <name>' -ForEach $options {
    It 'is a parameter with help of Set-ClaudeTaskOption' {
        (Get-Command Set-ClaudeTaskOption).Parameters.Keys | Should -Contain $name
        Test-Help Set-ClaudeTaskOption $name | Should -BeTrue
    }
}

Describe 'The settings of a template' {
    It 'are the parameters of Register-ClaudeTaskTemplate, and its name, prompt, description and NoGate' {
        $common = [Management.Automation.Cmdlet]::CommonParameters + [Management.Automation.Cmdlet]::OptionalCommonParameters
        $parameters = (Get-Command Register-ClaudeTaskTemplate).Parameters.Keys | Where-Object { $_ -notin $common }
        $defined = $template.BaseType.GetProperties('Public, Instance').Name
        $parameters | Sort-Object | Should -Be ($defined + 'Name', 'Prompt', 'Description', 'NoGate' | Sort-Object)
    }

    It 'can come from $PSDefaultParameterValues and from switches that are off' {
        $PSDefaultParameterValues = @{ 'Register-ClaudeTaskTemplate:Timeout' = '90s'; 'Register-ClaudeTaskTemplate:FailFast' = $true }
        $made = Register-ClaudeTaskTemplate defaults 'Do it' -AllowDirty:$false -NoGate
        $made.Timeout, $made.FailFast, $made.AllowDirty | Should -Be ([timespan] '0:1:30'), $true, $false
        $made.Worktree | Should -BeNullOrEmpty
        $made.Gate.Count | Should -Be 0
    }
}
