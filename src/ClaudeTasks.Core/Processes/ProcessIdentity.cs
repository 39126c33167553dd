using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace ClaudeTasks.Processes;

/// <summary>A process that cannot be mistaken for a later one with the same number: pid, start time and, on Linux, the boot.</summary>
/// <param name="Pid">The process id.</param>
/// <param name="StartedAt">When it started, in the platform's own unit: ticks since boot on Linux, .NET ticks elsewhere.</param>
/// <param name="Boot">The boot it belongs to; empty where start times are absolute.</param>
internal readonly record struct ProcessIdentity(int Pid, long StartedAt, string Boot)
{
    private static readonly string CurrentBoot = ReadBoot();

    public static ProcessIdentity Current { get; } = Of(Environment.ProcessId)
        ?? throw new InvalidOperationException("This process has no identity.");

    /// <summary>The identity of the process that has this id now, or null when none has.</summary>
    public static ProcessIdentity? Of(int pid)
    {
        if (OperatingSystem.IsLinux())
        {
            return LinuxProc.ReadStat(pid) is { IsZombie: false } stat ? new ProcessIdentity(pid, stat.StartTime, CurrentBoot) : null;
        }

        try
        {
            using var process = Process.GetProcessById(pid);
            return new ProcessIdentity(pid, process.StartTime.ToUniversalTime().Ticks, "");
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }

    public bool IsAlive => Of(Pid) == this;

    public static ProcessIdentity? Parse(string? text)
    {
        var parts = text?.Split(':');
        return parts is { Length: 3 }
            && int.TryParse(parts[0], CultureInfo.InvariantCulture, out var pid)
            && long.TryParse(parts[1], CultureInfo.InvariantCulture, out var startedAt)
                ? new ProcessIdentity(pid, startedAt, parts[2])
                : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Pid}:{StartedAt}:{Boot}");

    private static string ReadBoot() =>
        OperatingSystem.IsLinux() && File.Exists("/proc/sys/kernel/random/boot_id")
            ? File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()
            : "";
}
