namespace ClaudeTasks.Processes;

/// <summary>
/// What a worker's process asks of the .NET runtime, which reads it from the environment when it starts. A worker lives for seconds or
/// minutes beside an agent that needs the machine: code that is compiled in order to be measured and compiled again, and a nursery of the
/// size of the processor's cache, cost it a third of its memory and a tenth of its time or more (docs/performance.md). Lines of megabytes
/// leave holes behind them: those are closed, and are collected at once, not beside the work, where the next lines would come first. What
/// the user has set is left alone, and what the worker starts inherits nothing of it.
/// </summary>
internal static class RuntimeSettings
{
    private const string HookVariable = "DOTNET_STARTUP_HOOKS";
    private const string GivenVariable = "CLAUDETASKS_RUNTIME_SETTINGS";

    private static readonly (string Name, string Value)[] Settings =
    [
        ("DOTNET_TieredPGO", "0"),
        ("DOTNET_GCgen0size", "0x400000"),
        ("DOTNET_GCConserveMemory", "7"),
        ("DOTNET_gcConcurrent", "0")
    ];

    /// <summary>Adds them to the environment of a process that is about to be started.</summary>
    /// <param name="environment">The environment.</param>
    /// <param name="startupHook">An assembly that the runtime is to run first; null for none.</param>
    public static void Give(IDictionary<string, string?> environment, string? startupHook)
    {
        // The variable is a list, in which a path that contains its separator cannot be said.
        var settings = startupHook is null || startupHook.Contains(Path.PathSeparator)
            ? Settings
            : [.. Settings, (HookVariable, startupHook)];
        var given = settings.Where(setting => environment.TryAdd(setting.Name, setting.Value)).Select(setting => setting.Name);
        environment[GivenVariable] = string.Join(';', given.ToList());
    }

    /// <summary>Removes them from this process's environment: the runtime has read them.</summary>
    public static void TakeBack()
    {
        foreach (var name in (Environment.GetEnvironmentVariable(GivenVariable) ?? "")
            .Split(';', StringSplitOptions.RemoveEmptyEntries)
            .Append(GivenVariable))
        {
            Environment.SetEnvironmentVariable(name, null);
        }
    }
}
