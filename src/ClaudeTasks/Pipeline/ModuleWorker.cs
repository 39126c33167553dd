using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using ClaudeTasks.Engine;
using ClaudeTasks.Model;
using ClaudeTasks.Questions;

namespace ClaudeTasks.Pipeline;

/// <summary>
/// Where this module's detached workers run: in a <c>pwsh</c> that hosts our assembly, as every user of the module has one.
/// </summary>
internal static class ModuleWorker
{
    /// <summary>The session of tasks that name none: one for each PowerShell process.</summary>
    public static string OwnSession { get; } = string.Create(
        CultureInfo.InvariantCulture, $"pwsh {Process.GetCurrentProcess().StartTime:yyyy-MM-dd HH:mm} ({Environment.ProcessId})");

    /// <summary>A worker in this process.</summary>
    public static WorkerHost InProcess { get; } = new WorkerHost.InProcess(new PowerShellQuestionScript());

    /// <summary>What the process of a detached worker does.</summary>
    public static Task RunAsync(Guid worker) => ClaudeTaskEngine.RunWorkerAsync(worker, new PowerShellQuestionScript());

    /// <exception cref="ClaudeTaskException">There is no <c>pwsh</c> program to host a worker.</exception>
    public static WorkerHost Host => new WorkerHost.Detached(FindPwsh(), Arguments) { StartupHook = Loader };

    private static string Loader { get; } =
        Path.Combine(Path.GetDirectoryName(typeof(ModuleWorker).Assembly.Location)!, "ClaudeTasks.Loader.dll");

    /// <summary>
    /// Not the whole module: the loader alone starts a worker in half the time. Quotes in the path are doubled, so it stays one string.
    /// </summary>
    private static List<string> Arguments(Guid worker) =>
    [
        "-NoProfile", "-NoLogo", "-NonInteractive", "-Command",
        $"[System.Reflection.Assembly]::LoadFrom('{Loader.Replace("'", "''", StringComparison.Ordinal)}')"
            + $".GetType('ClaudeTasks.Loader.ModuleLoadContext')::RunWorker('{worker}')",
    ];

    private static string FindPwsh()
    {
        var name = OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh";
        if (Environment.ProcessPath is { } own && Path.GetFileName(own) == name)
        {
            return own;
        }

        // A host other than pwsh, such as an editor's: the pwsh that its engine belongs to, otherwise the one on PATH.
        var home = Path.GetDirectoryName(typeof(PSObject).Assembly.Location)!;
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Prepend(home)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(path => Path.IsPathFullyQualified(path) && File.Exists(path))
            ?? throw new ClaudeTaskException(
                ClaudeTaskErrorId.WorkerNotStarted,
                "There is no pwsh program on this machine to run the task in the background.",
                "pwsh",
                "Put pwsh on PATH, or use -InProcess to run the task inside this session.");
    }
}
