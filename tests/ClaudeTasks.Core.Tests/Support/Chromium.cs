using System.Diagnostics;

namespace ClaudeTasks.Tests.Support;

/// <summary>A headless Chromium with a profile of its own.</summary>
internal static class Chromium
{
    /// <summary>A dialogue that nobody answers stops a page for good.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static readonly string? Program =
        Environment.GetEnvironmentVariable("CHROME_PATH") is { Length: > 0 } path
            ? path
            : (from name in new[] { "chromium", "chromium-browser", "google-chrome" }
               from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
               select Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name)).FirstOrDefault(File.Exists);

    public static void SkipUnlessThere() => Assert.SkipWhen(
        Program is null, "chromium, chromium-browser or google-chrome is not on PATH, and CHROME_PATH names none");

    /// <summary>
    /// The document as it is after everything in it was loaded and run, and some seconds of the page's own time have passed.
    /// </summary>
    public static async Task<string> ReadDocumentAsync(string file)
    {
        using var profile = new TempFolder();

        // Its sandbox refuses to run as root, which CI is; the rest keeps it from calling home.
        var start = new ProcessStartInfo(Program!,
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--user-data-dir=" + profile.Path, "--virtual-time-budget=5000", "--dump-dom",
            new Uri(file).AbsoluteUri,
        ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(Limit);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            var document = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            Assert.True(process.ExitCode == 0 && document.Contains("</html>", StringComparison.Ordinal), await errors);
            return document;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"Chromium took longer than {Limit} with {file}.");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync();
            }
        }
    }
}
