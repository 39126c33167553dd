using System.Text.Json;

namespace ClaudeTasks.SimulatedAgent;

/// <summary>The supervisor's answer to a can_use_tool request.</summary>
/// <param name="Allowed">Whether the tool may run.</param>
/// <param name="Message">For a refusal: what the model is told.</param>
/// <param name="Input">The input to use instead of the asked one.</param>
/// <param name="Mode">The permission mode to go on with.</param>
/// <param name="Interrupt">Whether the refusal also ends the turn.</param>
internal sealed record PermissionAnswer(
    bool Allowed, string Message = "", JsonElement? Input = null, string? Mode = null, bool Interrupt = false)
{
    public static PermissionAnswer StreamClosed { get; } =
        new(false, "Tool permission request failed: stream closed before response received");

    /// <summary>Whatever is not a proper answer counts as a refusal, as with the real CLI.</summary>
    public static PermissionAnswer Parse(JsonElement response)
    {
        var answer = response.ObjectOf("response") ?? Json.EmptyObject;
        return (answer.Text("behavior"), answer.Text("message")) switch
        {
            ("allow", _) => new PermissionAnswer(true, Input: NewInput(answer), Mode: NewMode(answer)),
            ("deny", { } message) => new PermissionAnswer(false, message, Interrupt: answer.Flag("interrupt") ?? false),
            _ => new PermissionAnswer(false, $"Tool permission request failed: {response.Text("error") ?? "invalid response"}"),
        };
    }

    private static JsonElement? NewInput(JsonElement answer) =>
        answer.ObjectOf("updatedInput") is { } input && !input.IsEmpty() ? input : null;

    private static string? NewMode(JsonElement answer)
    {
        if (answer.ArrayOf("updatedPermissions") is not { } updates)
            return null;
        foreach (var update in updates.EnumerateArray())
        {
            if (update.Text("type") == "setMode")
                return update.Text("mode");
        }
        return null;
    }
}
