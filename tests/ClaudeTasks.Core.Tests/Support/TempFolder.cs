namespace ClaudeTasks.Tests.Support;

/// <summary>A folder of a test's own, gone with it.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("claude-tasks-test-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        // git makes its objects read-only, which Windows takes for a reason not to delete them.
        if (OperatingSystem.IsWindows())
        {
            foreach (var file in Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories))
            {
                File.SetAttributes(file, FileAttributes.Normal);
            }
        }

        if (OperatingSystem.IsLinux())
        {
            // .NET cannot name every file that Linux can have, so it can't remove it either.
            System.Diagnostics.Process.Start("rm", ["-rf", Path])!.WaitForExit();
            return;
        }

        Directory.Delete(Path, recursive: true);
    }
}
