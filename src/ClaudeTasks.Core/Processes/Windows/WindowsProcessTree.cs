using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace ClaudeTasks.Processes;

/// <summary>
/// A job object that the agent and everything it starts belong to. Closing its last handle, also by the worker's death, ends them all;
/// so there is nothing to find when a lost worker's task is taken over.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed partial class WindowsProcessTree : ProcessTree
{
    private const int ExtendedLimitInformation = 9;
    private const int BasicProcessIdList = 3;
    private const uint KillOnJobClose = 0x2000;
    private const int MaximumMembers = 1024;

    private readonly nint _job = CreateJobObject(0, null);

    public override void SetRoot(ProcessIdentity root, Process? process)
    {
        if (process is null)
        {
            return;
        }

        // JOBOBJECT_EXTENDED_LIMIT_INFORMATION: LimitFlags lies 16 bytes in; everything else stays zero.
        var information = new byte[nint.Size == 8 ? 144 : 112];
        BitConverter.TryWriteBytes(information.AsSpan(16), KillOnJobClose);
        if (!SetInformationJobObject(_job, ExtendedLimitInformation, information, information.Length)
            || !AssignProcessToJobObject(_job, process.Handle))
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    public override IReadOnlyList<Member> FindMembers()
    {
        // JOBOBJECT_BASIC_PROCESS_ID_LIST: two counts, then the ids, each as wide as a pointer.
        var list = new byte[8 + (MaximumMembers * nint.Size)];
        if (!QueryInformationJobObject(_job, BasicProcessIdList, list, list.Length, 0))
        {
            return [];
        }

        var members = new List<Member>();
        for (var i = 0; i < BitConverter.ToInt32(list, 4); i++)
        {
            var pid = BitConverter.ToInt32(list, 8 + (i * nint.Size));
            if (ProcessIdentity.Of(pid) is { } identity)
            {
                members.Add(new Member(identity, $"process {pid}"));
            }
        }

        return members;
    }

    /// <summary>
    /// Windows has no way to ask a console process to end, so only the forced step does anything, and it ends all at once.
    /// </summary>
    public override void Signal(ProcessIdentity member, bool force)
    {
        if (force)
        {
            TerminateJobObject(_job, 1);
        }
    }

    public override void Dispose()
    {
        CloseHandle(_job);
        base.Dispose();
    }

    [LibraryImport("kernel32", EntryPoint = "CreateJobObjectW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    private static partial nint CreateJobObject(nint attributes, string? name);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool SetInformationJobObject(nint job, int kind, byte[] information, int length);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool QueryInformationJobObject(nint job, int kind, byte[] information, int length, nint returned);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool AssignProcessToJobObject(nint job, nint process);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool TerminateJobObject(nint job, uint exitCode);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool CloseHandle(nint handle);
}
