using System.ComponentModel;

namespace ClaudeTasks.Processes;

/// <summary>Looks for programs as a shell would.</summary>
internal static class ProgramFinder
{
    /// <summary>The full path of a program that is named without a folder; null when PATH has none, or the name has a folder.</summary>
    public static string? FindOnPath(string name)
    {
        if (name != Path.GetFileName(name))
        {
            return null;
        }

        // On Windows only a real program: npm's claude.cmd would have cmd.exe parse the arguments again.
        var file = OperatingSystem.IsWindows() && !name.EndsWith(".exe", StringComparison.OrdinalIgnoreCase) ? name + ".exe" : name;
        return (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, file))
            .FirstOrDefault(path => Path.IsPathFullyQualified(path) && IsExecutable(path));
    }

    /// <summary>
    /// What to start for a program's name: a bare one is on PATH or nowhere. .NET looks in the current folder first, and that may be a
    /// repository, of which nothing is run.
    /// </summary>
    /// <exception cref="Win32Exception">PATH has no program of that name.</exception>
    public static string Find(string name) =>
        name == Path.GetFileName(name) ? FindOnPath(name) ?? throw new Win32Exception($"'{name}' is not on PATH.") : name;

    private static bool IsExecutable(string path)
    {
        const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & AnyExecute) != 0);
    }
}
