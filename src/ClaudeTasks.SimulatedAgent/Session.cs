using System.Text;
using System.Text.Json;

namespace ClaudeTasks.SimulatedAgent;

/// <summary>
/// One conversation: a thread reads standard input and answers control requests at once, the main thread plays the turns.
/// </summary>
internal sealed class Session
{
    private readonly CommandLine commandLine;
    private readonly Scenario? given;
    private readonly Output output = new();
    private readonly Messages messages;
    private readonly Permissions permissions;
    private readonly ControlAnswers answers;
    private readonly HashSet<string> seen = [];

    // The first of them is the one that is playing. Also the lock for the fields below.
    private readonly List<Turn> turns = [];
    private bool ended;

    private volatile Scenario current;

    public Session(CommandLine commandLine, Scenario? scenario)
    {
        this.commandLine = commandLine;
        given = scenario;
        current = Adopt(scenario ?? Scenario.Empty);
        messages = new Messages(output, commandLine);
        permissions = new Permissions(output, messages, commandLine.PermissionMode);
        answers = new ControlAnswers(output);
    }

    /// <returns>The exit code.</returns>
    public int Run()
    {
        new Thread(ReadInput) { IsBackground = true }.Start();
        var succeeded = true;
        for (var index = 0; Next() is { } turn; index++)
        {
            succeeded = turn.Play(index);
            lock (turns)
                turns.Remove(turn);
            turn.Finish();
        }
        return current.ExitCode ?? (succeeded ? 0 : 1);
    }

    private Turn? Next()
    {
        lock (turns)
        {
            while (turns.Count == 0 && !ended)
                Monitor.Wait(turns);
            return turns.Count > 0 ? turns[0] : null;
        }
    }

    private void ReadInput()
    {
        try
        {
            using var reader = new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false), true, bufferSize: 64 * 1024);
            while (reader.ReadLine() is { } line)
            {
                if (line.Length > 0)
                    Take(line, Json.Parse(line));
            }
            if (!current.Ignores("eof"))
                End();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            Fail($"Error parsing streaming input line: {exception.Message}");
        }
        catch (ScenarioException exception)
        {
            Fail($"claude-simulated: {exception.Message}");
        }
    }

    private void Take(string line, JsonElement element)
    {
        switch (element.Text("type"))
        {
            case "user" when UserMessage.Parse(line, element) is { } message:
                Queue(message);
                break;
            case "user":
                Fail($"Error: Expected message role 'user', got '{element.ObjectOf("message")?.Text("role")}'");
                break;
            case "control_request" when element.ObjectOf("request") is { } request:
                Control(element.Text("request_id") ?? "", request);
                break;
            case "control_request":
                Fail("Error: Missing request on control_request");
                break;
            case "control_response" when element.ObjectOf("response") is { } response:
                permissions.Answer(response);
                break;
        }
    }

    private void Queue(UserMessage message)
    {
        // Sending a message again is safe with the real CLI, too.
        if (message.Uuid is { } uuid && !seen.Add(uuid))
            return;
        current = Adopt((given ?? Scenario.ForPrompt(message.Prompt)).Expand(message.Prompt));
        var turn = new Turn(commandLine, output, messages, permissions, current, message);
        lock (turns)
        {
            if (turns.Count > 0)
                turn.Announce();
            turns.Add(turn);
            Monitor.PulseAll(turns);
        }
    }

    private void Control(string requestId, JsonElement request)
    {
        switch (request.Text("subtype"))
        {
            case "initialize":
                commandLine.Instructions = request.Text("appendSystemPrompt");
                Initialize(requestId);
                break;
            case "interrupt" when !current.Ignores("interrupt"):
                Interrupt(requestId, request.Flag("cancel_queued") ?? false);
                break;
            case "end_session" when !current.Ignores("end_session"):
                answers.Succeed(requestId);
                EndNow();
                break;
            case "interrupt" or "end_session":
                break;
            case var subtype:
                answers.Fail(requestId, $"Unsupported control request subtype: {subtype}", "unsupported_request");
                break;
        }
    }

    private void Initialize(string requestId)
    {
        if (current.Initialize == "error")
            answers.Fail(requestId, "Initialization failed", "initialize_failed");
        else if (current.Initialize != "ignore")
            answers.Initialize(requestId, current, permissions.Mode, isIdle: IsIdle());
    }

    private bool IsIdle()
    {
        lock (turns)
            return turns.Count == 0;
    }

    private void Interrupt(string requestId, bool cancelQueued)
    {
        Turn? playing;
        List<Turn> queued;
        lock (turns)
        {
            playing = turns.Count > 0 ? turns[0] : null;
            queued = turns.Count > 1 ? turns[1..] : [];
            if (cancelQueued)
                turns.RemoveAll(queued.Contains);
        }
        if (cancelQueued)
        {
            foreach (var turn in queued)
                messages.Lifecycle(turn.Message, "cancelled");
        }
        answers.Interrupted(requestId, queued, cancelQueued);
        playing?.Interrupt();
    }

    private void End()
    {
        permissions.Close();
        lock (turns)
        {
            ended = true;
            Monitor.PulseAll(turns);
        }
    }

    private void EndNow()
    {
        Turn? playing;
        lock (turns)
        {
            playing = turns.Count > 0 ? turns[0] : null;
            if (turns.Count > 1)
                turns.RemoveRange(1, turns.Count - 1);
            ended = true;
            Monitor.PulseAll(turns);
        }
        playing?.Interrupt();
    }

    private static Scenario Adopt(Scenario scenario)
    {
        if (scenario.Ignores("term"))
            Signals.Ignore();
        return scenario;
    }

    private static void Fail(string error)
    {
        ErrorOutput.WriteLine(error);
        Environment.Exit(1);
    }
}
