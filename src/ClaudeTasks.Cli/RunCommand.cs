using System.CommandLine;
using System.Globalization;
using System.Reactive.Linq;
using ClaudeTasks.Engine;
using ClaudeTasks.Model;
using ClaudeTasks.Text;

namespace ClaudeTasks.Cli;

/// <summary><c>run</c>: submits a prompt, shows what happens and exits with a code that tells the outcome. Ctrl+C stops the task.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var repository = new Option<string>("--repository", "-C")
        {
            Description = "A folder in the repository.",
            DefaultValueFactory = _ => "."
        };
        var session = new Option<string>("--session") { Description = "The session's name.", DefaultValueFactory = _ => "claude-tasks" };
        var timeout = new Option<double?>("--timeout") { Description = "The time limit in seconds." };
        var model = new Option<string?>("--model") { Description = "The model." };
        var mode = new Option<string?>("--permission-mode") { Description = "The permission mode." };
        var claude = new Option<string?>("--claude-path") { Description = "The Claude Code program." };
        var json = new Option<bool>("--json") { Description = "Write every event, then the task, as a line of JSON." };
        var prompt = new Argument<string>("prompt") { Description = "What Claude should do; - reads it from standard input." };
        var command = new Command("run", "Runs a prompt on a repository and shows what happens.")
        {
            repository, session, timeout, model, mode, claude, json, prompt,
        };
        command.SetAction(async (result, cancellation) =>
        {
            try
            {
                var given = result.GetValue(prompt)!;
                var settings = new ClaudeTaskSettings
                {
                    Model = result.GetValue(model),
                    PermissionMode = result.GetValue(mode),
                    Timeout = result.GetValue(timeout) is { } seconds ? ToTime(seconds) : null,
                };
                var text = given == "-" ? await Console.In.ReadToEndAsync(cancellation) : given;
                using var engine = ClaudeTaskEngine.Open();
                engine.ReplacementHost = () => WorkerCommand.Host;
                var request = engine.Settings.CreateRequest(
                    text, Path.GetFullPath(result.GetValue(repository)!), result.GetValue(session)!, settings);
                request = request with { ClaudePath = result.GetValue(claude) };
                IOutput output = result.GetValue(json) ? new JsonOutput() : new TextOutput();

                // The library listens for Ctrl+C only once the action has yielded.
                return await Task.Run(() => RunAsync(engine, request, output, cancellation), CancellationToken.None);
            }
            catch (ClaudeTaskException e)
            {
                await Console.Error.WriteLineAsync("claude-tasks: " + TerminalText.Clean($"{e.Message} {e.RecommendedAction}").TrimEnd());
                return ExitCodes.Usage;
            }
        });
        return command;
    }

    private static async Task<int> RunAsync(
        ClaudeTaskEngine engine, ClaudeTaskRequest request, IOutput output, CancellationToken cancellation)
    {
        var task = await engine.Tasks.Submit(WorkerCommand.Host).AddAsync(request, cancellation);
        output.Started(task);
        try
        {
            await engine.Events.ObserveUpdates([task], update => update.IsAtRest, [])
                .SelectMany(update => update.Events)
                .ForEachAsync(output.Event, cancellation);
        }
        catch (OperationCanceledException)
        {
            await engine.Tasks.RequestStopAsync(task.Id, CancellationToken.None);
            await engine.Events.WaitUntilAsync([task.Id], item => item.IsSettled, CancellationToken.None);
        }

        task = engine.Tasks.Get(task.Id);
        if (engine.Tasks.FindBlocker(task) is { } blocker)
        {
            output.Blocked(task, blocker);
            return ExitCodes.Blocked;
        }

        output.Ended(task);
        return ExitCodes.Of(task);
    }

    private static TimeSpan ToTime(double seconds) =>
        double.IsFinite(seconds) && seconds is > 0 and < int.MaxValue
            ? TimeSpan.FromSeconds(seconds)
            : throw new ClaudeTaskException(
                ClaudeTaskErrorId.InvalidArgument,
                string.Create(CultureInfo.InvariantCulture, $"--timeout cannot be {seconds} seconds."),
                seconds,
                "Use a number of seconds.");
}
