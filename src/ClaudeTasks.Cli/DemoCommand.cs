using System.CommandLine;

namespace ClaudeTasks.Cli;

internal static class DemoCommand
{
    public static Command Create() => new("demo", "Shows two simulated tasks on a throw-away repository; needs no account.");
}
