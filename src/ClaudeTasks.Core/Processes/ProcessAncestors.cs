namespace ClaudeTasks.Processes;

/// <summary>The processes that this process comes from.</summary>
internal static class ProcessAncestors
{
    /// <summary>
    /// Returns the values of a variable in the environment with which a process was started; none if the platform does not tell.
    /// </summary>
    public static IReadOnlyList<string> ReadVariable(ProcessIdentity process, string name) =>
        OperatingSystem.IsLinux() ? LinuxProc.ReadVariable(process.Pid, name) : [];

    /// <summary>
    /// Returns the living ancestors of this process, the parent first. Only Linux tells them without another program; elsewhere there are
    /// none.
    /// </summary>
    public static IEnumerable<ProcessIdentity> Read()
    {
        if (!OperatingSystem.IsLinux())
        {
            yield break;
        }

        var seen = new HashSet<int> { Environment.ProcessId };
        for (var stat = LinuxProc.ReadStat(Environment.ProcessId); stat is { ParentPid: > 0 and var parent } && seen.Add(parent);)
        {
            if (ProcessIdentity.Of(parent) is { } identity)
            {
                yield return identity;
            }

            stat = LinuxProc.ReadStat(parent);
        }
    }
}
