using System.Diagnostics;
using System.Text.Json;
using ClaudeTasks.Model;

namespace ClaudeTasks.Tests.RealCli;

/// <summary>A running <c>claude-tasks run --json</c>.</summary>
internal sealed class FrontEnd : IDisposable
{
    private readonly CliWorkspace _workspace;
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _errors;

    private FrontEnd(CliWorkspace workspace, Process process)
    {
        _workspace = workspace;
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>The console front end, which is built beside the tests.</summary>
    public static string Program { get; } =
        Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "claude-tasks.exe" : "claude-tasks");

    public int ProcessId => _process.Id;

    /// <summary>Starts it with the prompt on standard input, which takes any text.</summary>
    public static FrontEnd Start(CliWorkspace workspace, string prompt, params string[] options)
    {
        var frontEnd = StartWith(workspace, [.. options, "-"]);
        frontEnd._process.StandardInput.Write(prompt);
        frontEnd._process.StandardInput.Close();
        return frontEnd;
    }

    /// <summary>Starts it with these arguments behind the usual ones, and nothing on standard input.</summary>
    public static FrontEnd StartWith(CliWorkspace workspace, params string[] arguments) => new(
        workspace,
        CliWorkspace.Start(Program, ["run", "-C", workspace.Repository, "--claude-path", workspace.Claude, "--json", .. arguments]));

    /// <summary>The task as the store has it now, once it is there.</summary>
    public async Task<ClaudeTask> FindTaskAsync()
    {
        ClaudeTask? task = null;
        await Poll.UntilAsync(
            () => (task = _workspace.Engine.Query(new TaskQuery()).LastOrDefault()) is not null || _process.HasExited,
            "a task in the store");
        return task ?? throw new InvalidOperationException("claude-tasks ended and left no task: " + await _errors);
    }

    /// <summary>Waits for its end.</summary>
    public async Task<FrontEndResult> WaitAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        var lines = (await _output).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToList();
        Assert.True(lines.Count > 0, $"claude-tasks printed nothing and ended with {_process.ExitCode}: {await _errors}");
        var task = _workspace.Engine.Get(lines[^1].GetProperty("Id").GetInt32());
        return new FrontEndResult(_process.ExitCode, lines[..^1], lines[^1], task);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
