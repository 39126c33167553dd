using System.Diagnostics;

namespace ClaudeTasks.Processes;

/// <summary>
/// Everything that one agent started, however far it strayed. On Linux a process belongs to it if it carries the task's cookie in its
/// environment; on Windows if it is in the task's job object; on macOS if it descends from the agent, known by pid and start time.
/// Nothing is signalled on less.
/// </summary>
internal abstract class ProcessTree : IDisposable
{
    /// <summary>The environment variable that carries the task's GUID, the cookie.</summary>
    public const string CookieVariable = "CLAUDETASKS_TASK";

    /// <summary>The environment variable that carries the mark of one run of a program.</summary>
    public const string RunVariable = "CLAUDETASKS_RUN";

    /// <summary>
    /// The environment variable that carries the GUID of a task whose commit is being made, so that a later process finds Git and its hooks
    /// if this one is killed.
    /// </summary>
    public const string CommitVariable = "CLAUDETASKS_COMMIT";

    /// <summary>
    /// Every variable by which a process is ended. A process that carries one belongs to the task, run or commit it names.
    /// </summary>
    public static readonly IReadOnlyList<string> Variables = [CookieVariable, RunVariable, CommitVariable];

    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>A process found in the tree.</summary>
    public readonly record struct Member(ProcessIdentity Identity, string Command);

    /// <param name="cookie">The value that the members carry.</param>
    /// <param name="variable">The environment variable in which they carry it.</param>
    public static ProcessTree Create(Guid cookie, string variable = CookieVariable) =>
        OperatingSystem.IsWindows() ? new WindowsProcessTree()
        : OperatingSystem.IsLinux() ? new LinuxProcessTree(cookie, variable)
        : new DescendantProcessTree();

    /// <summary>Tells the tree its root, straight after it was started or as the store remembers it.</summary>
    public abstract void SetRoot(ProcessIdentity root, Process? process);

    public abstract IReadOnlyList<Member> FindMembers();

    /// <summary>Asks a member to end, or with <paramref name="force"/> ends it. One that is gone meanwhile is no error.</summary>
    public abstract void Signal(ProcessIdentity member, bool force);

    /// <summary>
    /// Ends all members: asks, waits for <paramref name="grace"/>, then kills, again and again until none is left. Returns the ones found.
    /// </summary>
    public async Task<IReadOnlyList<Member>> EndAllAsync(TimeSpan grace)
    {
        var ended = new Dictionary<ProcessIdentity, Member>();
        var clock = Stopwatch.StartNew();
        var force = false;
        var asked = new HashSet<ProcessIdentity>();
        while (FindMembers() is { Count: > 0 } members)
        {
            foreach (var member in members)
            {
                ended.TryAdd(member.Identity, member);
                if (force || asked.Add(member.Identity))
                {
                    Signal(member.Identity, force);
                }
            }

            force = clock.Elapsed >= grace;
            if (clock.Elapsed > grace + KillLimit)
            {
                break;
            }

            await Task.Delay(PollInterval).ConfigureAwait(false);
        }

        return [.. ended.Values];
    }

    public virtual void Dispose() => GC.SuppressFinalize(this);
}
