namespace ClaudeTasks.Agent;

/// <summary>Who the agent is logged in as, from its answer to <c>initialize</c>; no model call was made for it.</summary>
/// <param name="TokenSource">Where its token comes from; <c>none</c> without a login.</param>
/// <param name="ApiKeySource">Where its API key comes from; null without one.</param>
/// <param name="Provider">Whose service it uses.</param>
internal sealed record AgentAccount(string? TokenSource, string? ApiKeySource, string? Provider)
{
    /// <summary>A cloud provider's login is that provider's business and not visible here.</summary>
    public bool IsLoggedIn =>
        TokenSource is not (null or "none") || ApiKeySource is not (null or "none") || Provider is not (null or "firstParty");

    /// <summary>What to do where nobody is logged in.</summary>
    public const string LoginHint = "Log in: run 'claude' once and type /login, or set ANTHROPIC_API_KEY or CLAUDE_CODE_OAUTH_TOKEN.";
}
