using System.Globalization;
using System.Text;
using ClaudeTasks.Processes;

namespace ClaudeTasks.Tests.RealCli;

/// <summary>Looks for processes by a variable in their environment, by means of its own and not those of the code under test.</summary>
internal static class ProcessScan
{
    public const int Interrupt = 2;
    public const int Kill = 9;

    /// <summary>The command lines of the living processes that carry the variable, by process id.</summary>
    public static Dictionary<int, string> FindByVariable(string name, string value)
    {
        var entry = $"\0{name}={value}\0";
        var found = new Dictionary<int, string>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && pid != Environment.ProcessId
                && ("\0" + ReadAll(folder, "environ")).Contains(entry, StringComparison.Ordinal))
            {
                found.Add(pid, ReadAll(folder, "cmdline").Replace('\0', ' '));
            }
        }

        return found;
    }

    public static bool IsAlive(int pid) =>
        Directory.Exists($"/proc/{pid}") && !ReadAll($"/proc/{pid}", "stat").Contains(") Z ", StringComparison.Ordinal);

    public static void Send(int pid, int signal) => Assert.Equal(0, NativeMethods.Kill(pid, signal));

    /// <summary>Empty for a process that ended meanwhile, is a zombie, or is not ours to read.</summary>
    private static string ReadAll(string folder, string file)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(folder, file)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
