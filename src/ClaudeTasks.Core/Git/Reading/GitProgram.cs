using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Text;

namespace ClaudeTasks.Git;

/// <summary>
/// The one way to git: the program itself, its machine formats, never a shell. No hook, file-system monitor, signature check or external
/// diff of a repository runs, nothing is fetched, and a folder that only looks like a bare repository is none. Filters and merge drivers
/// run, because content depends on them. Thread-safe.
/// </summary>
internal static class GitProgram
{
    public static readonly Version Oldest = new(2, 30);

    private static readonly ProgramMemory<Version?> Versions = new();

    /// <summary>Variables by which a user's own calls of git read paths, or print differences, in another way.</summary>
    private static readonly string[] Ways =
    [
        "GIT_EXTERNAL_DIFF", "GIT_DIFF_OPTS", "GIT_LITERAL_PATHSPECS", "GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS",
    ];

    private static readonly string NullFile = OperatingSystem.IsWindows() ? "NUL" : "/dev/null";

    private static readonly string[] SafeConfiguration =
    [
        "--no-optional-locks", "--no-pager", "--literal-pathspecs", "--no-replace-objects",
        "-c", "core.fsmonitor=false", "-c", "core.hooksPath=" + NullFile,
        "-c", "core.quotePath=true", "-c", "diff.orderFile=" + NullFile, "-c", "diff.renames=true",
        "-c", "advice.addEmbeddedRepo=false", "-c", "core.safecrlf=false",
        "-c", "log.showSignature=false", "-c", "safe.bareRepository=explicit", "-c", "i18n.logOutputEncoding=UTF-8",
    ];

    /// <summary>
    /// A partial clone would fetch what it lacks, with a program that its configuration names. git before 2.45 knows only the second
    /// variable, which allows no protocol.
    /// </summary>
    private static readonly (string Name, string Value)[] NoFetch = [("GIT_NO_LAZY_FETCH", "1"), ("GIT_ALLOW_PROTOCOL", "")];

    /// <summary>
    /// Messages that are read here are English; filters run in the user's locale. An empty <c>LC_ALL</c> is none, so that the categories
    /// count.
    /// </summary>
    private static readonly (string Name, string Value)[] EnglishMessages =
    [
        .. Environment.GetEnvironmentVariable("LC_ALL") is { Length: > 0 } all
            ? new[] { "LC_CTYPE", "LC_COLLATE", "LC_NUMERIC", "LC_TIME", "LC_MONETARY" }.Select(name => (name, all))
            : [],
        ("LC_ALL", ""), ("LC_MESSAGES", "C"),
    ];

    /// <summary>How long one of our own commands may take: a snapshot may have to hash a disk's worth of files.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);

    /// <summary>Runs git in a folder and returns whatever it answered.</summary>
    /// <param name="folder">The working folder.</param>
    /// <param name="arguments">The command and its arguments.</param>
    /// <param name="environment">Additions to the environment.</param>
    /// <param name="input">What it reads from its standard input.</param>
    /// <param name="isPrivate">Whether only the user can open the files that it makes, whatever the umask is.</param>
    /// <param name="cancellation">Ends the command.</param>
    /// <exception cref="ClaudeTaskException">git cannot be started.</exception>
    public static async Task<ProgramResult> TryRunAsync(
        string folder,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        byte[]? input = null,
        bool isPrivate = false,
        CancellationToken cancellation = default)
    {
        var variables = NoFetch.Concat(EnglishMessages).ToDictionary(item => item.Name, item => item.Value);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            variables[name] = value;
        }

        try
        {
            return await CollectAsync(folder, SafeConfiguration.Concat(arguments), variables, input ?? [], Limit, isPrivate, cancellation)
                .ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.GitFailed,
                $"'git {CommandOf(arguments)}' ran longer than {Limit.TotalMinutes:0} minutes in '{folder}', and was ended.",
                folder,
                "Check that the disk and the file system of the repository answer.",
                e);
        }
    }

    /// <summary>
    /// Runs git as the user would, with the hooks, signing and settings of the user and the repository: only for what the user asked for.
    /// </summary>
    /// <param name="folder">The working folder.</param>
    /// <param name="arguments">The command and its arguments.</param>
    /// <param name="environment">Additions to the environment.</param>
    /// <param name="input">Its standard input.</param>
    /// <param name="limit">How long it may take; then it is ended with everything that it started.</param>
    /// <param name="cancellation">Ends the command with everything that it started.</param>
    /// <exception cref="ClaudeTaskException">git cannot be started.</exception>
    /// <exception cref="TimeoutException">It took longer.</exception>
    public static Task<ProgramResult> TryRunAsUserAsync(
        string folder,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string> environment,
        byte[] input,
        TimeSpan limit,
        CancellationToken cancellation) =>
        CollectAsync(folder, arguments, environment, input, limit, isPrivate: false, cancellation);

    /// <summary>Runs git in a folder and returns its output.</summary>
    /// <inheritdoc cref="TryRunAsync"/>
    /// <exception cref="ClaudeTaskException">git cannot be started, or its exit code is not 0.</exception>
    public static async Task<ProgramResult> RunAsync(
        string folder,
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        byte[]? input = null,
        bool isPrivate = false,
        CancellationToken cancellation = default)
    {
        var result = await TryRunAsync(folder, arguments, environment, input, isPrivate, cancellation).ConfigureAwait(false);
        return result.ExitCode == 0
            ? result
            : throw new ClaudeTaskException(
                ClaudeTaskErrorId.GitFailed,
                $"'git {CommandOf(arguments)}' failed in '{folder}' with exit code {result.ExitCode}: {result.Error}",
                folder,
                $"Fix what Git reports. To see it again: {CommandLine.Of(["git", "-C", folder, .. WithoutSettings(arguments)])}");
    }

    /// <summary>The version of the git on PATH, asked a minute ago at most.</summary>
    /// <inheritdoc cref="FindVersionAsync"/>
    public static Task<Version?> RecallVersionAsync(CancellationToken cancellation) =>
        ProgramFinder.FindOnPath("git") is { } git
            ? Versions.GetAsync(git, () => FindVersionAsync(cancellation), found => found is not null)
            : FindVersionAsync(cancellation);

    /// <summary>The version of the git on PATH, or null when its answer holds none.</summary>
    /// <param name="cancellation">Ends the command.</param>
    /// <exception cref="ClaudeTaskException">git cannot be started.</exception>
    public static async Task<Version?> FindVersionAsync(CancellationToken cancellation)
    {
        var result = await TryRunAsync(AppContext.BaseDirectory, ["version"], cancellation: cancellation).ConfigureAwait(false);
        var numbers = result.Text.Split(' ').ElementAtOrDefault(2)?.Split('.') ?? [];
        return numbers.Length >= 2
            && int.TryParse(numbers[0], CultureInfo.InvariantCulture, out var major)
            && int.TryParse(numbers[1], CultureInfo.InvariantCulture, out var minor)
                ? new Version(major, minor)
                : null;
    }

    private static string CommandOf(IEnumerable<string> arguments) => WithoutSettings(arguments)[0];

    /// <summary>The command behind the settings that precede it, and its arguments.</summary>
    private static List<string> WithoutSettings(IEnumerable<string> arguments)
    {
        var rest = arguments.ToList();
        while (rest is ["-c", _, .. var others])
        {
            rest = others;
        }

        return rest;
    }

    private static async Task<ProgramResult> CollectAsync(
        string folder,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string> environment,
        byte[] input,
        TimeSpan limit,
        bool isPrivate,
        CancellationToken cancellation)
    {
        var start = new ProcessStartInfo { WorkingDirectory = folder };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        GitVariables.RemoveRepository(start.Environment);
        foreach (var variable in Ways)
        {
            start.Environment.Remove(variable);
        }

        // Filters and hooks may be programs of the repository.
        ServiceVariables.Withhold(start.Environment, []);

        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            start.FileName = ProgramFinder.Find("git");
            if (isPrivate && !OperatingSystem.IsWindows())
            {
                RunUnderUmask(start);
            }

            return await ProgramRun.CollectAsync(start, input, limit, cancellation).ConfigureAwait(false);
        }
        catch (Win32Exception e)
        {
            if (!Directory.Exists(folder))
            {
                throw new ClaudeTaskException(
                    ClaudeTaskErrorId.RepositoryNotFound, $"The folder '{folder}' does not exist.", folder, "Check the path.", e);
            }

            throw new ClaudeTaskException(
                ClaudeTaskErrorId.GitUnusable,
                $"git could not be started: {e.Message}",
                "git",
                $"Install git {Oldest} or newer and make sure that it is on PATH: https://git-scm.com/downloads",
                e);
        }
    }

    /// <summary>
    /// A umask belongs to a process: setting our own would change what other threads make and start. So a shell sets it, and git takes the
    /// shell's place.
    /// </summary>
    private static void RunUnderUmask(ProcessStartInfo git)
    {
        foreach (var argument in new[] { git.FileName, "sh", "umask 077 && exec \"$@\"", "-c" })
        {
            git.ArgumentList.Insert(0, argument);
        }

        git.FileName = "/bin/sh";
    }
}
