using System.CommandLine;
using ClaudeTasks.Cli;

var root = new RootCommand("Runs prompts as recorded Claude Code tasks on git repositories. The PowerShell module ClaudeTasks is the full tool.")
{
    RunCommand.Create(),
    WorkerCommand.Create(),
    DemoCommand.Create(),
};

// After Ctrl+C the task is stopped first, by steps that each have their limit.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(2) });
