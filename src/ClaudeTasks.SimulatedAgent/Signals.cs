using System.Runtime.InteropServices;

namespace ClaudeTasks.SimulatedAgent;

/// <summary>How the process takes termination signals.</summary>
internal static class Signals
{
    private const int KilledBySignal = 128;
    private const int HangUp = 1;
    private const int Terminate = 15;

    // A registration ends when it is collected.
    private static readonly List<PosixSignalRegistration> Registrations = [];
    private static volatile bool ignored;

    /// <summary>
    /// Exits as the real CLI does: with code 0 on SIGINT, and on the others with a signal's code but not before the running command is
    /// killed, which the runtime's default does not give time for.
    /// </summary>
    public static void Handle()
    {
        ExitOn(PosixSignal.SIGINT, 0);
        ExitOn(PosixSignal.SIGTERM, KilledBySignal + Terminate);
        ExitOn(PosixSignal.SIGHUP, KilledBySignal + HangUp);
    }

    public static void Ignore() => ignored = true;

    private static void ExitOn(PosixSignal signal, int code) => Registrations.Add(PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        if (!ignored)
            Environment.Exit(code);
    }));
}
