using System.Runtime.InteropServices;

namespace ClaudeTasks.Processes;

/// <summary>Linux's <c>struct flock</c> of 64 bits.</summary>
/// <param name="Type">0 for a lock that others may hold too.</param>
/// <param name="Whence">0: counted from the file's begin.</param>
/// <param name="Start">The first byte.</param>
/// <param name="Length">How many bytes.</param>
/// <param name="Process">Must be 0 for a lock of an open file.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct FileRange(short Type, short Whence, long Start, long Length, int Process);
