using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace ClaudeTasks.Benchmarks;

/// <summary>A repository of very many small files in one packed commit, a hundred in a folder.</summary>
internal static class LargeRepository
{
    private const int FilesInFolder = 100;

    public static async Task MakeAsync(string folder, int files)
    {
        Directory.CreateDirectory(folder);
        await RunAsync(folder, ["init", "-q", "-b", "main"]);
        await RunAsync(folder, ["config", "user.name", "Bench"]);
        await RunAsync(folder, ["config", "user.email", "bench@example.invalid"]);
        await RunAsync(folder, ["config", "commit.gpgsign", "false"]);
        await RunAsync(folder, ["config", "gc.auto", "0"]);
        await RunAsync(folder, ["fast-import", "--quiet"], WriteHistory(files));
        await RunAsync(folder, ["reset", "-q", "--hard", "main"]);

        // What was written in the same second as the index is looked into at each status; a repository in use is not like that.
        await Task.Delay(TimeSpan.FromSeconds(2));
        await RunAsync(folder, ["update-index", "-q", "--really-refresh"]);
        await RunAsync(folder, ["status", "--porcelain"]);
    }

    public static string PathOf(string folder, int file) => Path.Combine(folder, RelativePathOf(file));

    public static string ContentOf(int file, string what = "as it was")
    {
        var content = new StringBuilder();
        for (var line = 0; line < 12; line++)
        {
            content.Append(
                CultureInfo.InvariantCulture, $"// line {line} of file {file}: {(line == 6 ? what : "some words as code has them")}\n");
        }

        return content.ToString();
    }

    /// <summary>Runs git as a user would at a prompt, reads all of its output, and gives that output's length.</summary>
    public static async Task<long> RunAsync(string folder, string[] arguments, byte[]? input = null)
    {
        var start = new ProcessStartInfo("git", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var reading = CountAsync(process.StandardOutput.BaseStream);
        await process.StandardInput.BaseStream.WriteAsync(input ?? []);
        process.StandardInput.Close();
        var length = await reading;
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? length
            : throw new InvalidOperationException($"git {arguments[0]} ended with exit code {process.ExitCode}.");
    }

    private static async Task<long> CountAsync(Stream stream)
    {
        var buffer = new byte[64 * 1024];
        long length = 0;
        while (await stream.ReadAsync(buffer) is var read and > 0)
        {
            length += read;
        }

        return length;
    }

    private static string RelativePathOf(int file) => $"src/part-{file / FilesInFolder:D4}/file-{file:D6}.cs";

    private static byte[] WriteHistory(int files)
    {
        using var history = new MemoryStream();
        Write("commit refs/heads/main\ncommitter Bench <bench@example.invalid> 1700000000 +0000\ndata 5\nFirst\n");
        for (var i = 0; i < files; i++)
        {
            var content = ContentOf(i);
            Write($"M 100644 inline {RelativePathOf(i)}\ndata {content.Length}\n{content}\n");
        }

        Write("done\n");
        return history.ToArray();

        void Write(string text) => history.Write(Encoding.UTF8.GetBytes(text));
    }
}
