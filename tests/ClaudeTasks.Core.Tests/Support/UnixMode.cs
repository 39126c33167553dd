namespace ClaudeTasks.Tests.Support;

/// <summary>A file's mode as people write it; Windows has none.</summary>
internal static class UnixMode
{
    public static string Of(string path) => OperatingSystem.IsWindows() ? "" : Convert.ToString((int)File.GetUnixFileMode(path), 8);

    public static void Set(string path, string octal)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32(octal, 8));
        }
    }
}
