using System.ComponentModel;
using System.Diagnostics;

namespace ClaudeTasks.Processes;

/// <summary>
/// Starts a child in an OS session of its own from its first instruction on, where the system has <c>setsid</c>: a terminal's Ctrl+C and
/// hang-up reach only the session they belong to.
/// </summary>
internal static class OwnSession
{
    private const int NoSuchFile = 2;

    private static readonly string? Setsid =
        OperatingSystem.IsWindows() ? null : new[] { "/usr/bin/setsid", "/bin/setsid" }.FirstOrDefault(File.Exists);

    /// <exception cref="Win32Exception">There is no such program; <c>setsid</c> would say so only after it has begun.</exception>
    public static void Use(ProcessStartInfo start)
    {
        if (!File.Exists(start.FileName))
        {
            throw new Win32Exception(NoSuchFile);
        }

        if (Setsid is not null)
        {
            start.ArgumentList.Insert(0, start.FileName);
            start.FileName = Setsid;
        }
    }
}
