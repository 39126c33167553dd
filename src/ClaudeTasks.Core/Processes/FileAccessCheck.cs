namespace ClaudeTasks.Processes;

/// <summary>Whether this user may write a file or into a folder, asked without trying.</summary>
internal static class FileAccessCheck
{
    private const int Write = 2;

    public static bool CanWrite(string path) => OperatingSystem.IsWindows()
        ? (File.GetAttributes(path) & (FileAttributes.ReadOnly | FileAttributes.Directory)) != FileAttributes.ReadOnly
        : NativeMethods.Access(path, Write) == 0;
}
