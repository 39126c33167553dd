using System.Text.Json;

namespace ClaudeTasks.SimulatedAgent;

/// <summary>The answers to the supervisor's control requests.</summary>
internal sealed class ControlAnswers(Output output)
{
    public void Succeed(string requestId) => Answer("success", requestId, _ => { });

    public void Fail(string requestId, string error, string code) => Answer("error", requestId, writer =>
    {
        writer.WriteString("error", error);
        writer.WriteString("error_code", code);
    });

    public void Interrupted(string requestId, List<Turn> queued, bool cancelled) => Answer("success", requestId, writer =>
    {
        writer.WriteStartObject("response");
        WriteUuids(writer, "still_queued", cancelled ? [] : queued);
        if (cancelled)
            WriteUuids(writer, "cancelled", queued);
        writer.WriteEndObject();
    });

    public void Initialize(string requestId, Scenario scenario, string permissionMode, bool isIdle) =>
        Answer("success", requestId, writer =>
        {
            writer.WriteStartObject("response");
            writer.WriteEmptyArray("commands");
            writer.WriteEmptyArray("agents");
            writer.WriteEmptyArray("models");
            writer.WriteProperty("account", scenario.Account);
            writer.WriteNumber("pid", Environment.ProcessId);
            writer.WriteString("claude_code_version", scenario.Version.Split(' ')[0]);
            writer.WriteString("current_permission_mode", permissionMode);
            writer.WriteString("session_state", isIdle ? "idle" : "running");
            writer.WriteEndObject();
            writer.WriteEmptyArray("pending_permission_requests");
        });

    private void Answer(string subtype, string requestId, Action<Utf8JsonWriter> properties) => output.Line(writer =>
    {
        writer.WriteString("type", "control_response");
        writer.WriteStartObject("response");
        writer.WriteString("subtype", subtype);
        writer.WriteString("request_id", requestId);
        properties(writer);
        writer.WriteEndObject();
    });

    private static void WriteUuids(Utf8JsonWriter writer, string name, List<Turn> turns)
    {
        writer.WriteStartArray(name);
        foreach (var turn in turns)
        {
            if (turn.Message.Uuid is { } uuid)
                writer.WriteStringValue(uuid);
        }
        writer.WriteEndArray();
    }
}
