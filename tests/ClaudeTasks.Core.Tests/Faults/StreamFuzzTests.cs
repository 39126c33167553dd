using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClaudeTasks.Agent;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests.Faults;

/// <summary>Broken streams: no crash, no line lost, and no success that the stream does not prove.</summary>
public sealed class StreamFuzzTests
{
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 512 };

    [Fact]
    public void Whatever_the_agent_prints_every_line_is_kept_and_no_success_is_made_of_it()
    {
        var clock = Stopwatch.StartNew();
        var (lines, successes, bytes) = (0L, 0L, 0L);
        Parallel.ForEach(LongMode.Seeds(1000, 1_000_000), seed =>
        {
            var stream = new StreamMutator(seed).Next();
            try
            {
                var (count, isSuccess) = Check(stream);
                Interlocked.Add(ref lines, count);
                Interlocked.Add(ref successes, isSuccess ? 1 : 0);
                Interlocked.Add(ref bytes, stream.Length);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Repeat with CLAUDETASKS_SEED={seed}: {e.Message}", e);
            }
        });

        Assert.True(successes < LongMode.Of(1000, 1_000_000));
        LongMode.Note(
            "fuzzed streams: lines, MB, seconds, still a proven success",
            $"{lines} {bytes / 1_000_000} {clock.Elapsed.TotalSeconds:0} {successes}");
    }

    [Fact]
    public void A_task_whose_agent_prints_it_ends_with_every_byte_stored()
    {
        using var engine = new EngineFixture();
        foreach (var seed in LongMode.Seeds(4, 300))
        {
            var stream = new StreamMutator(seed).Next();
            var ledger = engine[$"ledger{seed}"];

            // A stream of which a usage limit is left would be gone on with once that is over, by an agent that prints something else.
            var task = engine.Run(engine.Request(Steps(
                Step("ledger", ledger), $$"""{"rawBase64":{{Quote(Convert.ToBase64String(stream))}},"noNewline":true}""", """{"exit":0}"""))
                with { FailAtUsageLimit = true });

            Assert.True(
                task.Status == ClaudeTaskStatus.Completed
                    ? HasProof(Lines(stream))
                    : task is { Status: ClaudeTaskStatus.Failed, ReasonText: not null },
                $"Seed {seed}: {task.Status}");
            Assert.True(File.ReadAllBytes(ledger).AsSpan().StartsWith(stream));
            var stored = engine.Events(task.Id).Select(item => item.GetRawBytes()).OfType<byte[]>().Select(Convert.ToHexString).ToList();
            var written = Lines(stream).Select(Convert.ToHexString).ToList();
            Assert.Equal(written, stored.Skip(stored.Count - written.Count));
        }
    }

    private static (int Lines, bool IsSuccess) Check(byte[] stream)
    {
        var reader = new LineReader(new MemoryStream(stream));
        var messages = new MessageReader("/repository");
        AgentResult? result = null;
        var isIdle = false;
        var read = new List<byte[]>();
        while (reader.Read() is { } line)
        {
            var (draft, message) = messages.Read(line);
            Assert.Equal(line.ToArray(), StoredLine.Of(draft));
            _ = draft.Text?.Length;
            read.Add(line.ToArray());
            (result, isIdle) = message switch
            {
                AgentMessage.TurnStarted => (result, false),
                AgentMessage.TurnEnded turn => (turn.Result, isIdle),
                AgentMessage.Idle => (result, result is not null),
                _ => (result, isIdle),
            };
        }

        Assert.Equal(Lines(stream).Select(Convert.ToHexString), read.Select(Convert.ToHexString));
        var isSuccess = AgentVerdict.Of(result, isIdle, 0, "").IsSuccess;
        Assert.True(!isSuccess || HasProof(read), "A success without proof.");
        return (read.Count, isSuccess);
    }

    /// <summary>The lines, cut by hand: at each newline, of which a carriage return before it is part.</summary>
    private static List<byte[]> Lines(byte[] stream)
    {
        var lines = Encoding.Latin1.GetString(stream).Split('\n');
        return [.. lines.Take(lines[^1].Length == 0 ? lines.Length - 1 : lines.Length)
            .Select(line => Encoding.Latin1.GetBytes(line.EndsWith('\r') ? line[..^1] : line))];
    }

    /// <summary>
    /// Whether the last result says success in every way there is, and the session was idle after a result, by reading it anew.
    /// </summary>
    private static bool HasProof(List<byte[]> lines)
    {
        var objects = lines.Select(Parse).OfType<JsonObject>().ToList();
        var last = objects.FindLastIndex(line => Says(line, "type") == "result");
        return last >= 0
            && Says(objects[last], "subtype") == "success"
            && objects[last]["is_error"]?.ToJsonString() is null or "false"
            && Says(objects[last], "terminal_reason") == "completed"
            && objects[last]["num_turns"]?.ToJsonString() is { } turns && int.TryParse(turns, out var count) && count > 0
            && objects.FindLastIndex(line => Says(line, "subtype") == "session_state_changed" && Says(line, "state") == "idle")
                > objects.FindIndex(line => Says(line, "type") == "result");
    }

    private static string? Says(JsonObject line, string name) =>
        line[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static JsonNode? Parse(byte[] line)
    {
        try
        {
            // Of a name that comes twice the last counts, which JsonNode would refuse.
            using var document = JsonDocument.Parse(Encoding.UTF8.GetString(line), Deep);
            var found = new JsonObject();
            foreach (var property in document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.EnumerateObject()
                : default)
            {
                found[property.Name] = property.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array
                    ? new JsonObject()
                    : JsonNode.Parse(property.Value.GetRawText());
            }

            return found;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
