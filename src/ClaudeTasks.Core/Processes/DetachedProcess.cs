using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ClaudeTasks.Processes;

/// <summary>A process that does not end with the terminal or the session that started it: both sides of making one.</summary>
internal static class DetachedProcess
{
    private static readonly List<PosixSignalRegistration> Registrations = [];

    /// <summary>
    /// Starts a program with this process's environment, no terminal and none of our pipes, in a session of its own.
    /// </summary>
    /// <param name="program">The program, as a full path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="startupHook">An assembly that .NET runs before the program itself; null for none.</param>
    /// <param name="workingFolder">Its working folder.</param>
    /// <param name="variable">An addition to its environment.</param>
    public static ProcessIdentity Start(
        string program, IEnumerable<string> arguments, string? startupHook, string workingFolder, (string Name, string Value) variable)
    {
        var start = new ProcessStartInfo
        {
            FileName = program,
            WorkingDirectory = workingFolder,
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        OwnSession.Use(start);

        // A task that an agent starts is a task of its own: it must not carry the cookie of the one that started it.
        start.Environment.Remove(ProcessTree.CookieVariable);
        start.Environment[variable.Name] = variable.Value;
        RuntimeSettings.Give(start.Environment, startupHook);

        using var process = Process.Start(start) ?? throw new InvalidOperationException($"'{program}' did not start.");
        var identity = ProcessIdentity.Of(process.Id) ?? new ProcessIdentity(process.Id, 0, "");
        process.StandardInput.Dispose();
        process.StandardOutput.Dispose();
        process.StandardError.Dispose();
        return identity;
    }

    /// <summary>
    /// Makes this process independent of the terminal: an own session, hang-up ignored. On Linux it also becomes the one that orphans of
    /// its agents are handed to. <paramref name="onTerminate"/> is called when the process is asked to end.
    /// </summary>
    public static void Enter(Action onTerminate)
    {
        RuntimeSettings.TakeBack();
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        _ = NativeMethods.SetSid();
        Registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => context.Cancel = true));
        Registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            onTerminate();
        }));

        if (OperatingSystem.IsLinux())
        {
            _ = NativeMethods.Prctl(NativeMethods.PrSetChildSubreaper, 1, 0, 0, 0);
        }
    }
}
