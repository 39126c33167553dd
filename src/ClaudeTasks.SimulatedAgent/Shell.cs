using System.Diagnostics;
using System.Text.Json;

namespace ClaudeTasks.SimulatedAgent;

/// <summary>Runs command lines.</summary>
internal static class Shell
{
    // What a command leaves running keeps its output open; the tool does not wait for that.
    private const int DrainMs = 200;

    public static ToolOutcome Run(string command, CancellationToken cancellation)
    {
        var start = OperatingSystem.IsWindows()
            ? new ProcessStartInfo("cmd", $"/d /s /c \"{command}\"")
            : new ProcessStartInfo("/bin/sh", ["-c", command]);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = new CommandOutput(process.StandardOutput);
        var errors = new CommandOutput(process.StandardError);

        var isExiting = false;
        void Kill() => process.Kill(entireProcessTree: true);
        void KillAtExit(object? sender, EventArgs arguments)
        {
            isExiting = true;
            Kill();
        }
        AppDomain.CurrentDomain.ProcessExit += KillAtExit;
        try
        {
            using (cancellation.Register(Kill))
                process.WaitForExit(int.MaxValue);
            // A process that is going down must not get on with its turn.
            if (isExiting)
                Thread.Sleep(Timeout.Infinite);
            cancellation.ThrowIfCancellationRequested();
            Task.WaitAll([output.Ended, errors.Ended], DrainMs, CancellationToken.None);
        }
        finally
        {
            AppDomain.CurrentDomain.ProcessExit -= KillAtExit;
        }
        return Outcome(process.ExitCode, output.ToString(), errors.ToString());
    }

    /// <summary>Starts a background process that outlives us.</summary>
    public static void Spawn(JsonElement spawn, CancellationToken cancellation)
    {
        var command = spawn.GetProperty("command").GetString()!;
        var inheritsOutput = spawn.Flag("inheritStdio") is true;
        var start = OperatingSystem.IsWindows()
            ? new ProcessStartInfo("cmd", $"/d /s /c \"({command}) <nul {(inheritsOutput ? "" : ">nul 2>&1")}\"")
            : new ProcessStartInfo(
                "/bin/sh", ["-c", inheritsOutput ? "exec \"$@\" </dev/null" : "exec \"$@\" </dev/null >/dev/null 2>&1", "sh"]);
        if (!OperatingSystem.IsWindows())
        {
            if (spawn.Flag("setsid") is true)
                start.ArgumentList.Add("setsid");
            if (spawn.Text("env") == "empty")
            {
                start.ArgumentList.Add("env");
                start.ArgumentList.Add("-i");
            }
            start.ArgumentList.Add("/bin/sh");
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add(command);
        }
        using var process = Process.Start(start)!;
        if (spawn.Flag("wait") is true)
            process.WaitForExitAsync(cancellation).Wait(CancellationToken.None);
    }

    private static ToolOutcome Outcome(int exitCode, string output, string errors)
    {
        var both = output.Length > 0 && errors.Length > 0 ? $"{output}\n{errors}" : output + errors;
        if (exitCode != 0)
            return ToolOutcome.Failure($"Exit code {exitCode}\n{both}".TrimEnd('\n'));
        return ToolOutcome.Success(both.Length > 0 ? both : "(Bash completed with no output)", writer =>
        {
            writer.WriteString("stdout", output);
            writer.WriteString("stderr", errors);
            writer.WriteBoolean("interrupted", false);
            writer.WriteBoolean("isImage", false);
            writer.WriteBoolean("noOutputExpected", false);
        });
    }
}
