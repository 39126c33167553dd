using System.CommandLine;
using ClaudeTasks.Cli;

var root = new RootCommand("Runs prompts as recorded Claude Code tasks on git repositories. The PowerShell module ClaudeTasks is the full tool.")
{
    RunCommand.Create(),
    WorkerCommand.Create(),
    DemoCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
