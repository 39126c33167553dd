using System.CommandLine;
using ClaudeTasks.Engine;
using ClaudeTasks.Model;

namespace ClaudeTasks.Cli;

/// <summary>The process that runs tasks, where no PowerShell hosts it. Not meant to be typed.</summary>
internal static class WorkerCommand
{
    public const string Name = "worker";

    /// <summary>This program as the host of detached workers, also when it was started by <c>dotnet</c>.</summary>
    public static WorkerHost Host
    {
        get
        {
            var program = Environment.ProcessPath ?? throw new InvalidOperationException("This process has no path.");
            var isHosted = Path.GetFileNameWithoutExtension(program) == "dotnet";
            return new WorkerHost.Detached(
                program,
                id => isHosted ? [typeof(WorkerCommand).Assembly.Location, Name, id.ToString()] : [Name, id.ToString()]);
        }
    }

    public static Command Create()
    {
        var id = new Argument<Guid>("id");
        var command = new Command(Name, "Runs the tasks of one call; started by 'run'.") { id };
        command.Hidden = true;
        command.SetAction(async (result, _) =>
        {
            await ClaudeTaskEngine.RunWorkerAsync(result.GetValue(id));
            return ExitCodes.Success;
        });
        return command;
    }
}
