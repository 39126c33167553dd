using ClaudeTasks.Model;

namespace ClaudeTasks.Agent;

/// <summary>Something the agent asks and waits for.</summary>
/// <param name="RequestId">What the answer must name.</param>
/// <param name="IsHook">
/// Whether it came before the tool's own permission check, where it can also be deferred: the process ends, the question stays.
/// </param>
/// <param name="Tool">The tool it wants to use.</param>
/// <param name="Text">What it would do, whole: who decides must see all of it.</param>
/// <param name="Input">The tool's input, as JSON.</param>
/// <param name="ToolUseId">The call's id, the same when a deferred question is asked again.</param>
/// <param name="Reason">Why Claude Code asks, in its own words; null if it does not say.</param>
/// <param name="IsSafetyCheck">Whether Claude Code wants a person to decide each time.</param>
internal sealed record AgentAsk(
    string RequestId,
    bool IsHook,
    string Tool,
    string Text,
    string Input,
    string ToolUseId,
    string? Reason = null,
    bool IsSafetyCheck = false)
{
    public ClaudeTaskQuestionKind Kind => Tool switch
    {
        ControlMessages.QuestionTool => ClaudeTaskQuestionKind.Question,
        "ExitPlanMode" => ClaudeTaskQuestionKind.Plan,
        _ => ClaudeTaskQuestionKind.Permission,
    };
}
