using ClaudeTasks.Loader;

/// <summary>
/// .NET calls this before the program itself begins, where the environment names this assembly (DOTNET_STARTUP_HOOKS; the type must be
/// called so, and be in no namespace). A worker needs the runtime of its <c>pwsh</c>, and PowerShell only to run a user's script that
/// decides a question: so it begins here, in a third of the time and half of the memory, and PowerShell's own start never comes.
/// </summary>
internal static class StartupHook
{
    private const string CallBegin = $"::{nameof(ModuleLoadContext.RunWorker)}('";
    private const string CallEnd = "')";

    public static void Initialize()
    {
        // Any other program that got the variable by inheritance goes on as if nothing were.
        if (FindWorker(Environment.GetCommandLineArgs().LastOrDefault() ?? "") is not { } worker)
        {
            return;
        }

        try
        {
            ModuleLoadContext.RunWorker(worker);
        }
        catch (Exception e)
        {
            Console.Error.WriteLine(e);
            Environment.Exit(1);
        }

        Environment.Exit(0);
    }

    /// <summary>The worker's id in the command that would run it without this.</summary>
    private static string? FindWorker(string command)
    {
        var begin = command.LastIndexOf(CallBegin, StringComparison.Ordinal);
        var rest = begin < 0 ? "" : command[(begin + CallBegin.Length)..];
        return rest.EndsWith(CallEnd, StringComparison.Ordinal) && Guid.TryParse(rest[..^CallEnd.Length], out var worker)
            ? worker.ToString()
            : null;
    }
}
