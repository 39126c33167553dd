using System.ComponentModel;
using System.Diagnostics;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;

namespace ClaudeTasks.Gates;

/// <summary>How a gate is called.</summary>
internal static class GateCommand
{
    /// <param name="gate">The gate.</param>
    /// <param name="root">The root of the task's work tree.</param>
    /// <param name="task">The task, whose cookie the gate's processes bear.</param>
    /// <param name="inherited">The variables of a CI service that the gate inherits.</param>
    /// <param name="scriptPath">Where the code of a script is written, for <c>pwsh</c> to read.</param>
    /// <exception cref="Win32Exception">There is no such program, or a script needs <c>pwsh</c> and there is none.</exception>
    public static ProcessStartInfo Build(
        ClaudeTaskGate gate, string root, Guid task, IReadOnlyList<string>? inherited, string scriptPath)
    {
        var start = gate.Kind switch
        {
            ClaudeTaskGateKind.CommandLine => Shell(gate.Command),
            ClaudeTaskGateKind.Script => Script(gate.Command, scriptPath),
            _ when gate.Command.EndsWith(".ps1", StringComparison.OrdinalIgnoreCase) => Pwsh("-File", gate.Command),
            _ => new ProcessStartInfo(ProgramFinder.Find(gate.Command)),
        };
        foreach (var argument in gate.Arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.WorkingDirectory = Path.Combine(root, gate.WorkingFolder ?? "");
        GitVariables.RemoveAll(start.Environment);
        ServiceVariables.Withhold(start.Environment, inherited);
        foreach (var (name, value) in gate.Environment)
        {
            start.Environment[name] = value;
        }

        start.Environment[ProcessTree.CookieVariable] = task.ToString();
        return start;
    }

    private static ProcessStartInfo Shell(string line) => OperatingSystem.IsWindows()
        ? new ProcessStartInfo(Environment.GetEnvironmentVariable("ComSpec") ?? "cmd.exe") { Arguments = $"/d /s /c \"{line}\"" }
        : new ProcessStartInfo("/bin/sh", ["-c", line]);

    private static ProcessStartInfo Script(string code, string path)
    {
        // What it writes goes on as it is written; a number or a truth value at its very end is what it says of the result. An error ends
        // it, as a program that is not installed would otherwise count as passed.
        File.WriteAllText(
            path,
            $$"""
            $ErrorActionPreference = 'Stop'
            $global:LASTEXITCODE = 0
            $claudeTaskGateVerdict = $null
            & {
            {{code}}
            } | ForEach-Object {
                if ($null -ne $claudeTaskGateVerdict) { $claudeTaskGateVerdict }
                $claudeTaskGateVerdict = if ($_ -is [bool] -or $_ -is [int] -or $_ -is [long]) { $_ }
                if ($null -eq $claudeTaskGateVerdict) { $_ }
            } | Out-Host
            if ($claudeTaskGateVerdict -is [bool]) { exit [int](-not $claudeTaskGateVerdict) }
            if ($null -ne $claudeTaskGateVerdict) { exit [Math]::Min([Math]::Abs($claudeTaskGateVerdict), 255) }
            exit $LASTEXITCODE
            """);
        return Pwsh("-File", path);
    }

    private static ProcessStartInfo Pwsh(params string[] arguments)
    {
        var name = OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh";
        var program = Environment.ProcessPath is { } own && Path.GetFileName(own) == name ? own : ProgramFinder.Find(name);
        var start = new ProcessStartInfo(program, ["-NoProfile", "-NoLogo", "-NonInteractive", .. arguments]);
        start.Environment["NO_COLOR"] = "1";
        return start;
    }
}
