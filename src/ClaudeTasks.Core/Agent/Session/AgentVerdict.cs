using ClaudeTasks.Model;

namespace ClaudeTasks.Agent;

/// <summary>
/// Whether the agent did its work. A success needs evidence: a result with subtype success and no error, terminal reason completed, at
/// least one turn, then the idle signal and exit code 0. What is missing is named; nothing is guessed from text.
/// </summary>
/// <param name="Reason">None for a success.</param>
/// <param name="Text">Why it is none; null for a success.</param>
/// <param name="IsTransient">Whether the same may go well a little later: an overload, the network, a start that failed, a stall.</param>
/// <param name="GoesOnAt">When the account's usage limit is reset, where that was the reason.</param>
internal readonly record struct AgentVerdict(ClaudeTaskReason Reason, string? Text, bool IsTransient = false, DateTime? GoesOnAt = null)
{
    private const int RequestTimeout = 408;
    private const int TooManyRequests = 429;
    private const int FirstServerError = 500;

    public static readonly AgentVerdict Success = new(ClaudeTaskReason.None, null);

    public bool IsSuccess => Reason == ClaudeTaskReason.None;

    public static AgentVerdict Of(AgentResult? result, bool isIdle, int? exitCode, string errorTail)
    {
        if (result is null)
        {
            var ended = exitCode is null ? "Claude Code was ended" : $"Claude Code ended with exit code {exitCode}";
            return new AgentVerdict(ClaudeTaskReason.AgentError, $"{ended} before it gave a result.{Quote(errorTail)}");
        }

        if (result.Subtype == "error_max_budget_usd")
        {
            return new AgentVerdict(ClaudeTaskReason.BudgetExceeded, result.FirstError ?? "The agent's budget was used up.");
        }

        if (result.IsError || result.Subtype != "success")
        {
            var reason = result.TerminalReason == "api_error" ? ClaudeTaskReason.ApiError : ClaudeTaskReason.AgentError;
            var status = result.ApiErrorStatus is { } code ? $" (HTTP {code})" : "";
            var isTransient = reason == ClaudeTaskReason.ApiError
                && result.ApiErrorStatus is null or RequestTimeout or TooManyRequests or >= FirstServerError;
            return new AgentVerdict(
                reason,
                (result.Text ?? result.FirstError ?? $"Claude Code reported '{result.Subtype}'.") + status + Quote(errorTail),
                isTransient);
        }

        var missing = new List<string>();
        if (result.TerminalReason != "completed")
        {
            missing.Add($"it ended as '{result.TerminalReason ?? "unknown"}' instead of 'completed'");
        }

        if (result.Turns is not > 0)
        {
            missing.Add("it made no turn");
        }

        if (!isIdle)
        {
            missing.Add("the session never became idle");
        }

        if (exitCode != 0)
        {
            missing.Add(exitCode is null ? "the process did not end by itself" : $"its exit code was {exitCode}");
        }

        return missing.Count == 0
            ? default
            : new AgentVerdict(
                ClaudeTaskReason.MissingEvidence, $"Claude Code reported success, but {string.Join(", ", missing)}.{Quote(errorTail)}");
    }

    private static string Quote(string errorTail)
    {
        const int Longest = 500;
        return errorTail.Length == 0 ? "" : " It said: " + (errorTail.Length > Longest ? "…" + errorTail[^Longest..] : errorTail);
    }
}
