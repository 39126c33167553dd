# The cmdlets live in a load context of their own; this loads the tiny assembly that makes it. Add-Type would load a whole module first.
$loader = [System.Reflection.Assembly]::LoadFrom([System.IO.Path]::Combine($PSScriptRoot, 'ClaudeTasks.Loader.dll'))
$context = $loader.GetType('ClaudeTasks.Loader.ModuleLoadContext')
Import-Module -Assembly ($context::LoadModule())
