using System.Management.Automation;

namespace ClaudeTasks.Completion;

/// <summary>Where PowerShell is while it completes; a completer is given no session state.</summary>
internal static class CurrentLocation
{
    /// <summary>A path as a cmdlet would resolve it: from PowerShell's location, with <c>~</c> and drives, wildcards taken as they stand.</summary>
    public static string Resolve(string path)
    {
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        shell.AddScript("$ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($args[0])", useLocalScope: true).AddArgument(path);
        return shell.Invoke<string>()[0];
    }
}
