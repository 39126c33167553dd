using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace ClaudeTasks.SimulatedAgent;

/// <summary>Plays the steps of a scenario.</summary>
internal sealed class StepPlayer(
    CommandLine commandLine,
    Output output,
    Messages messages,
    ToolRunner tools,
    TurnLog log,
    UserMessage message,
    CancellationToken cancellation)
{
    private const string IndexMark = "{n}";
    private const int PollMs = 10;

    public void Play(JsonElement steps)
    {
        foreach (var step in steps.EnumerateArray())
            PlayOne(step);
    }

    private void PlayOne(JsonElement step)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            foreach (var property in step.EnumerateObject())
            {
                if (TryPlay(property.Name, property.Value, step))
                    return;
            }
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException or KeyNotFoundException
            or IOException or UnauthorizedAccessException)
        {
            throw new ScenarioException($"cannot play the step {step.GetRawText()}: {exception.Message}");
        }
        throw new ScenarioException($"unknown step {step.GetRawText()}");
    }

    /// <returns>False when the name is not a step's but that of a detail of one.</returns>
    private bool TryPlay(string name, JsonElement value, JsonElement step)
    {
        switch (name)
        {
            case "text": Say(value.GetString()!); break;
            case "time": Say(DateTime.UtcNow.Ticks.ToString()); break;
            case "thinking": Think(value.GetString()!); break;
            case "huge": Say(new string('x', value.GetInt32())); break;
            case "echoPrompt": Say(message.Prompt); break;
            case "echoStdin": Say(message.Line); break;
            case "echoArgs": Say(string.Join('\n', commandLine.Arguments)); break;
            case "echoInstructions": Say(commandLine.Instructions ?? "(none)"); break;
            case "echoEnv": Say(Environment.GetEnvironmentVariable(value.GetString()!) ?? "(unset)"); break;
            case "raw": Raw(value.GetString()!); break;
            case "rawBase64": output.Raw(value.GetBytesFromBase64(), newline: step.Flag("noNewline") is not true); break;
            case "tool": tools.Run(value.GetString()!, step); break;
            case "askUser": tools.AskUser(value); break;
            case "state": messages.State(value.GetString()!); break;
            case "apiRetry": messages.System("api_retry", writer => WriteAll(writer, value)); break;
            case "rateLimit": messages.RateLimit(value); break;
            case "stderr": ErrorOutput.WriteLine(value.GetString()!); break;
            case "delay": Wait(value.GetInt32()); break;
            case "hang": Wait(Timeout.Infinite); break;
            case "waitFile": WaitForFile(value.GetString()!); break;
            case "signalFile": FileTools.Write(value.GetString()!, ""); break;
            case "ledger": output.KeepLedger(value.GetString()!); break;
            case "move": FileTools.Move(value.GetProperty("from").GetString()!, value.GetProperty("to").GetString()!); break;
            case "touchMode":
                FileTools.SetExecutable(value.GetProperty("path").GetString()!, value.GetProperty("executable").GetBoolean());
                break;
            case "spawn": Shell.Spawn(value, cancellation); break;
            case "repeat": Repeat(value.GetInt32(), step.GetProperty("steps")); break;
            case "exit": Environment.Exit(value.GetInt32()); break;
            case "kill": Process.GetCurrentProcess().Kill(); break;
            default: return false;
        }
        return true;
    }

    private void Say(string text)
    {
        log.AssistantMessages++;
        log.LastText = text;
        messages.Text(text);
    }

    private void Raw(string line) => output.Raw(Encoding.UTF8.GetBytes(line), newline: true);

    private void Think(string thinking)
    {
        log.AssistantMessages++;
        messages.Thinking(thinking);
    }

    private void Repeat(int count, JsonElement steps)
    {
        var plan = new List<(Action<int> Play, bool IsLine)>();
        foreach (var step in steps.EnumerateArray())
            plan.Add(Plan(step));
        try
        {
            for (var index = 0; index < count; index++)
            {
                foreach (var (play, isLine) in plan)
                {
                    // Other steps may wait for somebody who has to see first what was written.
                    output.Batching = isLine;
                    cancellation.ThrowIfCancellationRequested();
                    play(index);
                }
            }
        }
        finally
        {
            output.Batching = false;
        }
    }

    /// <summary>Prepares a step for many rounds: the usual ones are a million plain lines.</summary>
    private (Action<int> Play, bool IsLine) Plan(JsonElement step)
    {
        if (step.Text("text") is { } text)
            return (index => Say(WithIndex(text, index)), true);
        if (step.Text("raw") is { } raw)
            return (index => Raw(WithIndex(raw, index)), true);
        // The steps of an inner repeat get its index, not ours.
        if (step.Child("repeat") is not null || !step.GetRawText().Contains(IndexMark))
            return (_ => PlayOne(step), false);
        return (index => PlayOne(Json.Parse(WithIndex(step.GetRawText(), index))), false);
    }

    private static string WithIndex(string text, int index) => text.Replace(IndexMark, index.ToString());

    private void WaitForFile(string path)
    {
        while (!File.Exists(path))
            Wait(PollMs);
    }

    private void Wait(int milliseconds)
    {
        cancellation.WaitHandle.WaitOne(milliseconds);
        cancellation.ThrowIfCancellationRequested();
    }

    private static void WriteAll(Utf8JsonWriter writer, JsonElement properties)
    {
        foreach (var property in properties.EnumerateObject())
            property.WriteTo(writer);
    }
}
