using System.Globalization;
using ClaudeTasks.Processes;

namespace ClaudeTasks.Tests.Support;

/// <summary>
/// A <c>git</c> in front of the real one on PATH that counts the calls of an engine, and interrupts it before or after one of them. So an
/// operation can be cut off at each of its steps. The calls of hooks and of the test itself do not count.
/// </summary>
internal sealed class SteppedGit
{
    private readonly string _folder;
    private readonly string _path = Environment.GetEnvironmentVariable("PATH") ?? "";

    private SteppedGit(string folder, string interruption)
    {
        _folder = folder;
        Directory.CreateDirectory(folder);
        var real = _path.Split(Path.PathSeparator)
            .Select(path => Path.Combine(path, "git"))
            .First(File.Exists);
        var mark = "$" + ProcessTree.RunVariable;
        File.WriteAllText(Path.Combine(folder, "git"), $"""
            #!/bin/sh
            if [ -n "{mark}" ] && ! grep -q "{mark}" "/proc/$PPID/environ"; then
                echo x >> '{Counter}'
                if [ "$(wc -l < '{Counter}')" = "$INTERRUPT_AT" ]; then
                    if [ "$INTERRUPT_WHEN" = after ]; then '{real}' "$@"; code=$?; fi
                    {interruption}
                    if [ "$INTERRUPT_WHEN" = after ]; then exit $code; fi
                fi
            fi
            exec '{real}' "$@"
            """.ReplaceLineEndings("\n"));
        UnixMode.Set(Path.Combine(folder, "git"), "755");
    }

    /// <summary>How many calls there were since the last reset.</summary>
    public int Calls => File.Exists(Counter) ? File.ReadAllLines(Counter).Length : 0;

    /// <summary>The call that waits: its process, the mark of its run, and its arguments. Null if none was reached.</summary>
    public (int Pid, Guid Run, string Arguments)? Reached =>
        File.Exists(ReachedFile(_folder)) && File.ReadAllText(ReachedFile(_folder)).Split(' ', 3) is [var pid, var run, var arguments]
            ? (int.Parse(pid, CultureInfo.InvariantCulture), Guid.Parse(run), arguments)
            : null;

    private string Counter => Path.Combine(_folder, "calls");

    /// <summary>Kills the process that made the call.</summary>
    /// <param name="folder">A folder of the test's own.</param>
    public static SteppedGit Killing(string folder) => new(folder, "kill -9 $PPID; exit 1");

    /// <summary>Waits until <see cref="Release"/> is called.</summary>
    /// <param name="folder">A folder of the test's own.</param>
    public static SteppedGit Blocking(string folder) => new(
        folder,
        $"printf '%s ' $$ ${ProcessTree.RunVariable} \"$*\" > '{ReachedFile(folder)}.new'; "
            + $"mv '{ReachedFile(folder)}.new' '{ReachedFile(folder)}'; while [ -e '{BlockedFile(folder)}' ]; do sleep 0.02; done");

    /// <summary>Returns the variables of a process that is interrupted at a call; 0 for a process that is only counted.</summary>
    public Dictionary<string, string> Variables(int at, bool after)
    {
        File.Delete(Counter);
        File.Delete(ReachedFile(_folder));
        File.WriteAllText(BlockedFile(_folder), "");
        return new Dictionary<string, string>
        {
            ["PATH"] = _folder + Path.PathSeparator + _path,
            ["INTERRUPT_AT"] = at.ToString(CultureInfo.InvariantCulture),
            ["INTERRUPT_WHEN"] = after ? "after" : "before",
        };
    }

    /// <summary>Lets the call that waits go on.</summary>
    public void Release() => File.Delete(BlockedFile(_folder));

    private static string ReachedFile(string folder) => Path.Combine(folder, "reached");

    private static string BlockedFile(string folder) => Path.Combine(folder, "blocked");
}
