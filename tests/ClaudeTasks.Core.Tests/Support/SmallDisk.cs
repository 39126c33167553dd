using System.ComponentModel;
using System.Diagnostics;

namespace ClaudeTasks.Tests.Support;

/// <summary>A disk of a test's own, so small that it can be filled; gone with the test.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _folder;

    private readonly Action _release;

    private SmallDisk(string folder, Action release) => (_folder, _release) = (folder, release);

    private string Filler => Path.Combine(_folder, "filler");

    /// <summary>Mounts one on a folder, which is made; skips the test where this is not allowed.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="kilobytes">The size of the disk.</param>
    /// <param name="release">Closes everything that this process has open on it.</param>
    public static SmallDisk Mount(string folder, int kilobytes, Action release)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Mounts a tmpfs.");
        Directory.CreateDirectory(folder);
        Assert.SkipUnless(
            Run("mount", "-t", "tmpfs", "-o", $"size={kilobytes}k,mode=700", "tmpfs", folder), "Mounting a tmpfs is not allowed here.");
        return new SmallDisk(folder, release);
    }

    /// <summary>Takes all that is free on it.</summary>
    public void Fill()
    {
        using var filler = new FileStream(Filler, FileMode.Append);
        var bytes = new byte[4096];
        try
        {
            while (true)
            {
                filler.Write(bytes);
                filler.Flush();
            }
        }
        catch (IOException)
        {
        }
    }

    public void Empty() => File.Delete(Filler);

    public void Dispose()
    {
        Empty();
        _release();
        Until.True(() => Run("umount", _folder), "the small disk is let go");
    }

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
