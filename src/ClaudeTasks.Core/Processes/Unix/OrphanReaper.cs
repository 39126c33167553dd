namespace ClaudeTasks.Processes;

/// <summary>
/// Ends what dropped even its environment: on Linux the worker's process is handed every orphan of its agents. Our own git calls are in
/// our session, and an agent with all it starts is in others; orphans are told apart by that.
/// </summary>
internal static class OrphanReaper
{
    /// <summary>Ends the orphans this process was handed. Call it when no other agent of this process is at work.</summary>
    public static void EndAll()
    {
        if (!OperatingSystem.IsLinux() || LinuxProc.ReadStat(Environment.ProcessId) is not { } self)
        {
            return;
        }

        foreach (var pid in LinuxProc.ChildrenOf(Environment.ProcessId))
        {
            if (LinuxProc.ReadStat(pid) is not { } stat || stat.Session == self.Session)
            {
                continue;
            }

            if (!stat.IsZombie)
            {
                LinuxProcessTree.SignalIf(pid, force: true, () => LinuxProc.ReadStat(pid)?.ParentPid == Environment.ProcessId);
            }

            _ = NativeMethods.WaitPid(pid, out _, stat.IsZombie ? NativeMethods.WaitNoHang : 0);
        }
    }
}
