using System.Diagnostics;
using System.Runtime.Versioning;

namespace ClaudeTasks.Processes;

/// <summary>
/// Ends what dropped even its environment: on Linux, the worker's process is handed every orphan of its agents. The worker's own git calls
/// are in the worker's session, and agents and what they start are in other sessions. The worker of another task, which an agent started,
/// is spared.
/// </summary>
internal static class OrphanReaper
{
    /// <summary>
    /// A process in the middle of a system call that cannot be interrupted ends later. It is a zombie then, for the next sweep.
    /// </summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Ends the orphans this process was handed, and those that they start meanwhile. Call it when no other agent of this process is at
    /// work.
    /// </summary>
    /// <param name="isWorker">
    /// Whether a process that has the mark of a detached one is a worker. Every program can set the mark.
    /// </param>
    public static void EndAll(Func<ProcessIdentity, bool> isWorker)
    {
        if (!OperatingSystem.IsLinux() || LinuxProc.ReadStat(Environment.ProcessId) is not { } self)
        {
            return;
        }

        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Limit && FindOrphans(self.Session, isWorker) is { Count: > 0 } orphans;)
        {
            orphans.ForEach(End);
        }
    }

    private static List<int> FindOrphans(int session, Func<ProcessIdentity, bool> isWorker) =>
    [
        // .NET itself waits for the children that it has started; to reap one of them would take its exit code away.
        .. LinuxProc.ChildrenOf(Environment.ProcessId).Where(pid => !ChildProcess.IsOurs(pid)
            && LinuxProc.ReadStat(pid) is { } stat
            && stat.Session != session
            && !(DetachedProcess.Is(pid) && ProcessIdentity.Of(pid) is { } identity && isWorker(identity))),
    ];

    [SupportedOSPlatform("linux")]
    private static void End(int pid)
    {
        if (LinuxProc.ReadStat(pid) is { IsZombie: false })
        {
            LinuxProcessTree.SignalIf(pid, force: true, () => LinuxProc.ReadStat(pid)?.ParentPid == Environment.ProcessId);
        }

        Poll.UntilAsync(() => NativeMethods.WaitPid(pid, out _, NativeMethods.WaitNoHang) != 0, Limit).GetAwaiter().GetResult();
    }
}
