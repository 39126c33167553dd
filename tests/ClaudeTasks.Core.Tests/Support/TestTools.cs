using System.ComponentModel;
using System.Diagnostics;
using System.Xml.Linq;
using ClaudeTasks.Processes;

namespace ClaudeTasks.Tests.Support;

/// <summary>Restores the programs that the tests run into <c>tests/Tools</c>, which also pins their versions.</summary>
internal static class TestTools
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    public static string Folder { get; } = Path.Combine(SourceTree.Root, "tests", "Tools");

    /// <summary>Restores the NuGet packages. Returns the reason if that fails.</summary>
    public static string? RestorePackages() => Run("dotnet", "restore", "-nodeReuse:false", "-verbosity:quiet");

    /// <summary>Returns the folder of a restored NuGet package, in the version that <c>Tools.csproj</c> pins.</summary>
    public static string PackageFolder(string name)
    {
        var version = XDocument.Load(Path.Combine(Folder, "Tools.csproj")).Descendants("PackageDownload")
            .Single(package => package.Attribute("Include")!.Value == name).Attribute("Version")!.Value;
        return Path.Combine(Folder, "packages", name.ToLowerInvariant(), version.Trim('[', ']'));
    }

    /// <summary>Restores the npm packages. Returns the reason if that fails.</summary>
    public static string? RestoreNodeModules() =>
        Run(OperatingSystem.IsWindows() ? "npm.cmd" : "npm", "install", "--silent", "--no-package-lock", "--no-fund", "--no-audit");

    /// <summary>Returns the output of a program; null if it cannot be started or fails.</summary>
    public static string? Ask(string program, params string[] arguments)
    {
        try
        {
            return Collect(program, arguments) is { ExitCode: 0 } result ? result.Text : null;
        }
        catch (Exception e) when (e is Win32Exception or TimeoutException)
        {
            return null;
        }
    }

    private static string? Run(string program, params string[] arguments)
    {
        try
        {
            var result = Collect(program, arguments);
            return result.ExitCode == 0
                ? null
                : $"'{program} {arguments[0]}' in tests/Tools failed: {Last(result.Error) ?? Last(result.Text)}";
        }
        catch (Exception e) when (e is Win32Exception or TimeoutException)
        {
            return $"'{program} {arguments[0]}' in tests/Tools failed: {e.Message}";
        }
    }

    private static ProgramResult Collect(string program, string[] arguments) => ProgramRun.CollectAsync(
        new ProcessStartInfo(program, arguments) { WorkingDirectory = Folder }, [], Limit, default).GetAwaiter().GetResult();

    private static string? Last(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault();
}
