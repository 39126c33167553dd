using System.ComponentModel;
using System.Runtime.InteropServices;

namespace ClaudeTasks.Processes;

/// <summary>
/// Opens a file with <c>O_APPEND</c>, which .NET's own append mode does not set: it starts at the end and then counts its own writes, so it
/// overwrites what another writer has added.
/// </summary>
internal static class AppendFile
{
    private const int WriteOnly = 1;

    /// <summary>O_APPEND and O_CLOEXEC.</summary>
    private static readonly int AppendAndClose = OperatingSystem.IsMacOS() ? 0x8 | 0x1000000 : 0x400 | 0x80000;

    /// <summary>Opens a file that exists. Every write to it goes to its end, including a write to a duplicate of its descriptor.</summary>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static FileStream Open(string path)
    {
        // The call has a third argument only when it creates the file, and a variadic one is passed differently on macOS.
        var file = NativeMethods.Open(path, WriteOnly | AppendAndClose);
        return file.IsInvalid
            ? throw new IOException($"'{path}' cannot be opened: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}")
            : new FileStream(file, FileAccess.Write, bufferSize: 0);
    }
}
