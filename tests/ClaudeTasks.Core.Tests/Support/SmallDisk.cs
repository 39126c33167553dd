using System.ComponentModel;
using System.Diagnostics;

namespace ClaudeTasks.Tests.Support;

/// <summary>A disk of a test's own, so small that it can be filled; gone with the test.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _folder;

    private SmallDisk(string folder) => _folder = folder;

    private string Filler => Path.Combine(_folder, "filler");

    /// <summary>Mounts one on a folder, which is made; skips the test where this is not allowed.</summary>
    public static SmallDisk Mount(string folder, int kilobytes)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Mounts a tmpfs.");
        Directory.CreateDirectory(folder);
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", $"size={kilobytes}k,mode=700", "tmpfs", folder), "Mounting a tmpfs is not allowed here.");
        return new SmallDisk(folder);
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

    public void Dispose() => Until.True(() => Run("umount", _folder), "the small disk is let go");

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
