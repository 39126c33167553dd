using System.Management.Automation;

namespace ClaudeTasks.Completion;

/// <summary>Where PowerShell is while it completes; a completer is given no session state.</summary>
internal static class CurrentLocation
{
    /// <summary>
    /// A path as a cmdlet would resolve it: from PowerShell's location, with <c>~</c> and drives, wildcards taken as they stand.
    /// </summary>
    public static string Resolve(string path)
    {
        // What a script throws would stay in the user's $Error.
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        return shell.AddScript("$ExecutionContext", useLocalScope: true)
            .Invoke<EngineIntrinsics>()[0].SessionState.Path.GetUnresolvedProviderPathFromPSPath(path);
    }
}
