using System.Runtime.InteropServices;

namespace ClaudeTasks.Pipeline;

/// <summary>
/// Tells a terminal that was closed from a user who pressed Ctrl+C. Both stop the pipeline, but only the second asks for the task to stop.
/// Thread-safe.
/// </summary>
internal static class HangUp
{
    private const string Terminal = "/dev/tty";

    private static readonly bool HadTerminal = HasTerminal();

    private static volatile bool _isNoted;

    // The registration must live as long as the process. On Windows the signal stands for a console window that was closed.
    private static readonly PosixSignalRegistration Registration = PosixSignalRegistration.Create(PosixSignal.SIGHUP, _ => _isNoted = true);

    /// <summary>Begins to listen, so that a signal is noted that comes before somebody asks.</summary>
    public static void Watch() => GC.KeepAlive(Registration);

    /// <summary>
    /// Whether the terminal is gone. The pipeline may be stopped before the signal's handler runs, so the terminal itself is asked as well:
    /// the kernel takes it from the session before it wakes any reader.
    /// </summary>
    public static bool HasHappened => _isNoted || Environment.HasShutdownStarted || (HadTerminal && !HasTerminal());

    private static bool HasTerminal()
    {
        if (OperatingSystem.IsWindows())
        {
            return false;
        }

        try
        {
            using var terminal = File.OpenHandle(Terminal, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
