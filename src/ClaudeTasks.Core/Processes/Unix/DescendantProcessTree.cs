using System.Diagnostics;
using System.Globalization;

namespace ClaudeTasks.Processes;

/// <summary>
/// For macOS, where another process's environment can't be read reliably: the descendants of the agent by parent links, remembered with
/// their start times from the moment they are first seen. What left the tree before anybody looked is not found.
/// </summary>
internal sealed class DescendantProcessTree : ProcessTree
{
    private static readonly TimeSpan PsLimit = TimeSpan.FromSeconds(10);

    private readonly HashSet<ProcessIdentity> _known = [];

    public override void SetRoot(ProcessIdentity root, Process? process) => _known.Add(root);

    public override IReadOnlyList<Member> FindMembers()
    {
        var children = ReadParents().ToLookup(row => row.Parent, row => row.Pid);
        var waiting = new Queue<ProcessIdentity>(_known.Where(identity => identity.IsAlive));
        var members = new List<Member>();
        var seen = new HashSet<int>();
        while (waiting.TryDequeue(out var identity))
        {
            if (!seen.Add(identity.Pid))
            {
                continue;
            }

            _known.Add(identity);
            members.Add(new Member(identity, string.Create(CultureInfo.InvariantCulture, $"process {identity.Pid}")));
            foreach (var child in children[identity.Pid])
            {
                if (ProcessIdentity.Of(child) is { } childIdentity)
                {
                    waiting.Enqueue(childIdentity);
                }
            }
        }

        return members;
    }

    public override void Signal(ProcessIdentity member, bool force)
    {
        if (member.IsAlive)
        {
            _ = NativeMethods.Kill(member.Pid, force ? NativeMethods.SigKill : NativeMethods.SigTerm);
        }
    }

    private static List<(int Pid, int Parent)> ReadParents()
    {
        var start = new ProcessStartInfo("/bin/ps") { ArgumentList = { "-axo", "pid=,ppid=" } };
        var rows = new List<(int, int)>();
        foreach (var line in ProgramRun.CollectAsync(start, [], PsLimit, default).GetAwaiter().GetResult().Text.Split('\n'))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length == 2
                && int.TryParse(fields[0], CultureInfo.InvariantCulture, out var pid)
                && int.TryParse(fields[1], CultureInfo.InvariantCulture, out var parent))
            {
                rows.Add((pid, parent));
            }
        }

        return rows;
    }
}
