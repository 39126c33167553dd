using System.Globalization;
using System.Text;

namespace ClaudeTasks.Processes;

/// <summary>What <c>/proc</c> tells of a process. A process that ends meanwhile, or is not ours to read, is simply not there.</summary>
internal static class LinuxProc
{
    public readonly record struct Stat(string Name, bool IsZombie, int ParentPid, int Session, long StartTime);

    public static IEnumerable<int> Pids()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var pid))
            {
                yield return pid;
            }
        }
    }

    public static Stat? ReadStat(int pid)
    {
        if (Read(pid, "stat") is not { Length: > 0 } bytes)
        {
            return null;
        }

        // The name stands in parentheses and may hold any character, parentheses too; the fields begin behind the last one.
        var text = Encoding.Latin1.GetString(bytes);
        var open = text.IndexOf('(', StringComparison.Ordinal);
        var close = text.LastIndexOf(')');
        if (open < 0 || close < open)
        {
            return null;
        }

        var fields = text[(close + 2)..].Split(' ');
        return fields.Length > 19
            ? new Stat(
                text[(open + 1)..close],
                fields[0] is "Z" or "X",
                int.Parse(fields[1], CultureInfo.InvariantCulture),
                int.Parse(fields[3], CultureInfo.InvariantCulture),
                long.Parse(fields[19], CultureInfo.InvariantCulture))
            : null;
    }

    /// <summary>Whether the process was started with this variable in its environment.</summary>
    public static bool HasVariable(int pid, string variable, string value) =>
        ReadVariable(pid, variable).Contains(value);

    /// <summary>The values of a variable in the environment with which the process was started. A hostile one can have several.</summary>
    public static List<string> ReadVariable(int pid, string variable)
    {
        var values = new List<string>();
        var prefix = Encoding.UTF8.GetBytes(variable + "=");
        var rest = (Read(pid, "environ") ?? []).AsSpan();
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf((byte)0);
            var item = end < 0 ? rest : rest[..end];
            if (item.StartsWith(prefix))
            {
                values.Add(Encoding.UTF8.GetString(item[prefix.Length..]));
            }

            rest = end < 0 ? default : rest[(end + 1)..];
        }

        return values;
    }

    /// <summary>The processes whose parent this one is.</summary>
    public static IEnumerable<int> ChildrenOf(int parent) =>
        Pids().Where(pid => ReadStat(pid) is { } stat && stat.ParentPid == parent);

    public static string CommandLine(int pid) =>
        Read(pid, "cmdline") is { Length: > 0 } bytes
            ? Encoding.UTF8.GetString(bytes).TrimEnd('\0').Replace('\0', ' ')
            : ReadStat(pid)?.Name ?? "";

    private static byte[]? Read(int pid, string file)
    {
        try
        {
            return File.ReadAllBytes(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/{file}"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
