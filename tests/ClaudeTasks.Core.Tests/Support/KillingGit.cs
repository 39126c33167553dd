using System.Globalization;

namespace ClaudeTasks.Tests.Support;

/// <summary>
/// A <c>git</c> in front of the real one on PATH that counts the calls of PowerShell processes, and kills the caller before or after one of
/// them: a decision can so be cut off at each of its steps.
/// </summary>
internal sealed class KillingGit
{
    private readonly string _folder;

    /// <param name="folder">A folder of the test's own.</param>
    public KillingGit(string folder)
    {
        _folder = folder;
        Directory.CreateDirectory(folder);
        var real = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(path => Path.Combine(path, "git"))
            .First(File.Exists);
        File.WriteAllText(Path.Combine(folder, "git"), $"""
            #!/bin/sh
            if [ "$(cat /proc/$PPID/comm)" = pwsh ]; then
                echo x >> '{Counter}'
                if [ "$(wc -l < '{Counter}')" = "$KILL_AT" ]; then
                    [ "$KILL_WHEN" = after ] && '{real}' "$@" > /dev/null 2>&1
                    kill -9 $PPID
                    exit 1
                fi
            fi
            exec '{real}' "$@"
            """.ReplaceLineEndings("\n"));
        UnixMode.Set(Path.Combine(folder, "git"), "755");
    }

    /// <summary>How many calls there were since the last reset.</summary>
    public int Calls => File.Exists(Counter) ? File.ReadAllLines(Counter).Length : 0;

    private string Counter => Path.Combine(_folder, "calls");

    /// <summary>Returns the variables of a process that is killed at a call; 0 for a process that is only counted.</summary>
    public Dictionary<string, string> Variables(int at, bool after)
    {
        File.Delete(Counter);
        return new Dictionary<string, string>
        {
            ["PATH"] = _folder + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH"),
            ["KILL_AT"] = at.ToString(CultureInfo.InvariantCulture),
            ["KILL_WHEN"] = after ? "after" : "before",
        };
    }
}
