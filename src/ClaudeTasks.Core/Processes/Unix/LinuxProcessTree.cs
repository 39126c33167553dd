using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace ClaudeTasks.Processes;

/// <summary>Finds members by the cookie, wherever they hang in the tree: neither parents nor groups hold what an agent detaches.</summary>
[SupportedOSPlatform("linux")]
internal sealed class LinuxProcessTree(Guid cookie, string variable) : ProcessTree
{
    private readonly string _cookie = cookie.ToString();

    public override void SetRoot(ProcessIdentity root, Process? process)
    {
    }

    public override IReadOnlyList<Member> FindMembers()
    {
        var members = new List<Member>();
        foreach (var pid in LinuxProc.Pids())
        {
            if (pid != Environment.ProcessId && LinuxProc.HasVariable(pid, variable, _cookie) && ProcessIdentity.Of(pid) is { } identity)
            {
                members.Add(new Member(identity, LinuxProc.CommandLine(pid)));
            }
        }

        return members;
    }

    public override void Signal(ProcessIdentity member, bool force) =>
        SignalIf(member.Pid, force, () => LinuxProc.HasVariable(member.Pid, variable, _cookie));

    /// <summary>
    /// Signals through a pid descriptor and checks the claim after it was opened, so that a number which was given to another process
    /// meanwhile is never hit. Kernels before 5.3 have no such descriptor and leave a gap of microseconds.
    /// </summary>
    internal static void SignalIf(int pid, bool force, Func<bool> isStillOurs)
    {
        var signal = force ? NativeMethods.SigKill : NativeMethods.SigTerm;
        var descriptor = (int)NativeMethods.Syscall(NativeMethods.PidfdOpen, pid, 0, 0, 0);
        if (descriptor < 0)
        {
            if (Marshal.GetLastPInvokeError() == NativeMethods.NotImplemented && isStillOurs())
            {
                _ = NativeMethods.Kill(pid, signal);
            }

            return;
        }

        try
        {
            if (isStillOurs())
            {
                _ = NativeMethods.Syscall(NativeMethods.PidfdSendSignal, descriptor, signal, 0, 0);
            }
        }
        finally
        {
            _ = NativeMethods.Close(descriptor);
        }
    }
}
