using System.CommandLine;
using ClaudeTasks.Cli;
using ClaudeTasks.Text;

var root = new RootCommand(
    "Runs prompts as recorded Claude Code tasks on git repositories. The PowerShell module ClaudeTasks is the full tool.")
{
    RunCommand.Create(),
    WorkerCommand.Create(),
    DemoCommand.Create(),
};
var command = root.Parse(args);

// After Ctrl+C the task is stopped first, by steps that each have their limit. A worker handles signals itself.
var limit = command.CommandResult.Command.Name == WorkerCommand.Name ? (TimeSpan?)null : TimeSpan.FromMinutes(2);

// The library repeats arguments it does not understand as they are.
var complaint = new StringWriter();
var code = await command.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = limit, Error = complaint });
await Console.Error.WriteAsync(TerminalText.Clean(complaint.ToString()));
return command.Errors.Count > 0 ? ExitCodes.Usage : code;
