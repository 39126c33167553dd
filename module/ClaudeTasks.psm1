# The cmdlets live in a load context of their own; this loads the tiny assembly that makes it. Add-Type would load a whole module first.
$loader = [System.Reflection.Assembly]::LoadFrom([System.IO.Path]::Combine($PSScriptRoot, 'ClaudeTasks.Loader.dll'))
$context = $loader.GetType('ClaudeTasks.Loader.ModuleLoadContext')
$inner = Import-Module -Assembly ($context::LoadModule()) -PassThru

# PowerShell issue 20710: an assembly that was imported before gives its cmdlets to the session, not to this module.
$export = [System.Management.Automation.PSModuleInfo].GetMethod('AddExportedCmdlet', [System.Reflection.BindingFlags]'Instance, NonPublic')
foreach ($cmdlet in $inner.ExportedCmdlets.Values) { $export.Invoke($ExecutionContext.SessionState.Module, @($cmdlet)) }
