namespace ClaudeTasks.Processes;

/// <summary>
/// Ends what dropped even its environment: on Linux, the worker's process is handed every orphan of its agents. The worker's own git calls
/// are in the worker's session, and agents and what they start are in other sessions. A detached process that an agent started, such as
/// the worker of another task, is spared.
/// </summary>
internal static class OrphanReaper
{
    /// <summary>
    /// A process in the middle of a system call that cannot be interrupted ends later. It is a zombie then, for the next sweep.
    /// </summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    /// <summary>Ends the orphans this process was handed. Call it when no other agent of this process is at work.</summary>
    public static void EndAll()
    {
        if (!OperatingSystem.IsLinux() || LinuxProc.ReadStat(Environment.ProcessId) is not { } self)
        {
            return;
        }

        foreach (var pid in LinuxProc.ChildrenOf(Environment.ProcessId))
        {
            // .NET itself waits for the children that it has started; to reap one of them would take its exit code away.
            if (ChildProcess.IsOurs(pid)
                || LinuxProc.ReadStat(pid) is not { } stat
                || stat.Session == self.Session
                || DetachedProcess.Is(pid))
            {
                continue;
            }

            if (!stat.IsZombie)
            {
                LinuxProcessTree.SignalIf(pid, force: true, () => LinuxProc.ReadStat(pid)?.ParentPid == Environment.ProcessId);
            }

            Poll.UntilAsync(() => NativeMethods.WaitPid(pid, out _, NativeMethods.WaitNoHang) != 0, Limit).GetAwaiter().GetResult();
        }
    }
}
