using System.Diagnostics;
using System.Text;

namespace ClaudeTasks.Tests.Support;

/// <summary>A git repository of a test's own, independent of the machine's git configuration.</summary>
internal sealed class TestRepository
{
    public TestRepository(string path, bool withCommit = true)
    {
        Root = path;
        Directory.CreateDirectory(path);
        Git("init", "--quiet", "--initial-branch=main");
        Configure();
        if (withCommit)
        {
            Write("readme.md", "# Test\n");
            Commit("First");
        }
    }

    public string Root { get; }

    public string this[string path] => Path.Combine(Root, path);

    public void Configure()
    {
        foreach (var (name, value) in new[]
        {
            ("user.name", "Test"), ("user.email", "test@example.com"), ("core.autocrlf", "false"), ("commit.gpgsign", "false")
        })
        {
            Git("config", name, value);
        }
    }

    public void Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    public void Write(string path, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[path])!);
        File.WriteAllBytes(this[path], bytes);
    }

    public string Commit(string message)
    {
        Git("add", "--all");
        Git("commit", "--quiet", "--allow-empty", "-m", message);
        return Git("rev-parse", "HEAD");
    }

    public string Git(params string[] arguments) => RunGit(Root, arguments) is { ExitCode: 0 } result
        ? result.Output
        : throw new InvalidOperationException($"git {string.Join(' ', arguments)}: {RunGit(Root, arguments).Error}");

    /// <summary>The entries of an answer in NUL format, each byte a character.</summary>
    public string[] GitEntries(params string[] arguments) =>
        Run("git", Root, Encoding.Latin1, arguments).Output.Split('\0', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Runs git where it may fail.</summary>
    public static (int ExitCode, string Output, string Error) RunGit(string folder, params string[] arguments) =>
        Run("git", folder, Encoding.UTF8, arguments);

    /// <summary>Runs a program with git's configuration out of the way.</summary>
    public static (int ExitCode, string Output, string Error) Run(
        string program, string folder, Encoding encoding, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = encoding,
        };
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_CONFIG_GLOBAL"] = OperatingSystem.IsWindows() ? "NUL" : "/dev/null";
        start.Environment["GIT_EDITOR"] = "true";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd().TrimEnd('\n');
        process.WaitForExit();
        return (process.ExitCode, output, errors.GetAwaiter().GetResult());
    }

    /// <summary>Every file under git's folder with its content: what must not change under a reader.</summary>
    public Dictionary<string, string> GitFolderContent() => Directory.EnumerateFiles(this[".git"], "*", SearchOption.AllDirectories)
        .ToDictionary(path => path, path => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path))));
}
