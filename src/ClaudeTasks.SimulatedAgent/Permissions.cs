using System.Text.Json;

namespace ClaudeTasks.SimulatedAgent;

/// <summary>Asks the supervisor whether a tool may run, and waits for the answer that arrives on standard input.</summary>
internal sealed class Permissions(Output output, Messages messages, string mode)
{
    private readonly Dictionary<string, TaskCompletionSource<PermissionAnswer>> pending = [];
    private bool closed;

    public string Mode { get; private set; } = mode;

    public bool MustAsk(string tool) => Mode switch
    {
        "default" or "manual" or "plan" => tool != "Read",
        "acceptEdits" => tool == "Bash",
        _ => false,
    };

    public PermissionAnswer Ask(string tool, JsonElement input, string toolUseId, JsonElement? more, CancellationToken cancellation)
    {
        var requestId = Identifier.Next().ToString();
        var reply = new TaskCompletionSource<PermissionAnswer>();
        lock (pending)
        {
            if (closed)
                return PermissionAnswer.StreamClosed;
            pending.Add(requestId, reply);
        }

        messages.State("requires_action");
        Request(requestId, tool, input, toolUseId, more);
        try
        {
            reply.Task.Wait(cancellation);
        }
        catch (OperationCanceledException)
        {
            lock (pending)
                pending.Remove(requestId);
            output.Line(writer =>
            {
                writer.WriteString("type", "control_cancel_request");
                writer.WriteString("request_id", requestId);
            });
            throw;
        }

        Mode = reply.Task.Result.Mode ?? Mode;
        messages.State("running");
        return reply.Task.Result;
    }

    /// <summary>Takes the first answer to each request; others are ignored.</summary>
    public void Answer(JsonElement response)
    {
        TaskCompletionSource<PermissionAnswer>? reply;
        lock (pending)
        {
            if (response.Text("request_id") is not { } requestId || !pending.Remove(requestId, out reply))
                return;
        }
        reply.SetResult(PermissionAnswer.Parse(response));
    }

    /// <summary>Nobody can answer any more.</summary>
    public void Close()
    {
        lock (pending)
        {
            closed = true;
            foreach (var reply in pending.Values)
                reply.SetResult(PermissionAnswer.StreamClosed);
            pending.Clear();
        }
    }

    private void Request(string requestId, string tool, JsonElement input, string toolUseId, JsonElement? more) => output.Line(writer =>
    {
        writer.WriteString("type", "control_request");
        writer.WriteString("request_id", requestId);
        writer.WriteStartObject("request");
        writer.WriteString("subtype", "can_use_tool");
        writer.WriteString("tool_name", tool);
        writer.WriteString("display_name", tool);
        writer.WriteProperty("input", input);
        if ((Path.GetFileName(input.Text("file_path")) ?? input.Text("description")) is { } description)
            writer.WriteString("description", description);
        if (tool is "Write" or "Edit")
        {
            writer.WritePropertyName("permission_suggestions");
            writer.WriteRawValue("""[{"type":"setMode","mode":"acceptEdits","destination":"session"}]""");
        }
        writer.WriteString("tool_use_id", toolUseId);
        if (tool == "AskUserQuestion")
            writer.WriteBoolean("requires_user_interaction", true);
        if (more is { } members)
        {
            foreach (var member in members.EnumerateObject())
                member.WriteTo(writer);
        }
        writer.WriteEndObject();
    });
}
