using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ClaudeTasks.Processes;

/// <summary>A process that does not end with the terminal or the session that started it: both sides of making one.</summary>
internal static class DetachedProcess
{
    /// <summary>
    /// The environment variable that a detached process is started with and removes in <see cref="Enter"/>, so that no process that it
    /// starts carries it.
    /// </summary>
    private const string Variable = "CLAUDETASKS_DETACHED";

    private const int StandardError = 2;
    private const int LongestErrors = 4096;

    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(2);
    private static readonly ConcurrentDictionary<ProcessIdentity, bool> Starting = [];
    private static readonly List<PosixSignalRegistration> Registrations = [];

    /// <summary>
    /// Starts a program with this process's environment, no terminal and none of our pipes, in a session of its own.
    /// </summary>
    /// <param name="program">The program, as a full path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="startupHook">An assembly that .NET runs before the program itself; null for none.</param>
    /// <param name="workingFolder">Its working folder.</param>
    /// <param name="variable">An addition to its environment.</param>
    /// <param name="onFailure">
    /// Called with the exit code and the standard error of a process that failed before it closed that (<see cref="SendErrorsTo"/>).
    /// </param>
    public static ProcessIdentity Start(
        string program,
        IEnumerable<string> arguments,
        string? startupHook,
        string workingFolder,
        (string Name, string Value) variable,
        Action<int, string> onFailure)
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

        // A task that an agent or a hook starts is a task of its own: it must not be ended with the program that started it.
        foreach (var mark in ProcessTree.Variables)
        {
            start.Environment.Remove(mark);
        }

        start.Environment[Variable] = "1";
        start.Environment[variable.Name] = variable.Value;
        RuntimeSettings.Give(start.Environment, startupHook);

        var process = Process.Start(start) ?? throw new InvalidOperationException($"'{program}' did not start.");
        var identity = ProcessIdentity.Of(process.Id) ?? new ProcessIdentity(process.Id, 0, "");
        process.StandardInput.Dispose();
        process.StandardOutput.Dispose();
        Starting[identity] = true;
        _ = WatchStartAsync(process, identity, onFailure);
        return identity;
    }

    /// <summary>Whether this process has started that one and does not know yet how its start went.</summary>
    public static bool IsStarting(ProcessIdentity process) => Starting.ContainsKey(process);

    /// <summary>Whether a process was started by <see cref="Start"/>, by this process or another. Linux only.</summary>
    public static bool Is(int pid) => LinuxProc.HasVariable(pid, Variable, "1");

    /// <summary>
    /// From now on, what this process writes to its standard error, such as the stack of a crash, goes to a file. Not on Windows.
    /// </summary>
    /// <param name="file">The file. If this process writes to it too, it is one of <see cref="AppendFile"/>.</param>
    public static void SendErrorsTo(SafeFileHandle file)
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = NativeMethods.Dup2(file, StandardError);
        }
    }

    private static async Task WatchStartAsync(Process process, ProcessIdentity identity, Action<int, string> onFailure)
    {
        using (process)
        using (var pipe = process.StandardError)
        {
            try
            {
                var errors = new char[LongestErrors];
                var length = await pipe.ReadBlockAsync(errors).ConfigureAwait(false);
                using var limit = new CancellationTokenSource(EndLimit);
                await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
                if (process.ExitCode != 0)
                {
                    onFailure(process.ExitCode, new string(errors, 0, length));
                }
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // It has closed its standard error and lives.
            }
            finally
            {
                Starting.TryRemove(identity, out _);
            }
        }
    }

    /// <summary>
    /// Makes this process independent of the terminal: an own session, hang-up ignored. On Linux it also becomes the one that orphans of
    /// its agents are handed to. <paramref name="onTerminate"/> is called when the process is asked to end.
    /// </summary>
    public static void Enter(Action onTerminate)
    {
        RuntimeSettings.TakeBack();
        Environment.SetEnvironmentVariable(Variable, null);
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
