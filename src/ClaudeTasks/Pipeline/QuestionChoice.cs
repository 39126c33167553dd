using ClaudeTasks.Model;

namespace ClaudeTasks.Pipeline;

/// <summary>What becomes of Claude's questions: a policy, or code that decides.</summary>
public sealed class QuestionChoice
{
    internal QuestionChoice(QuestionPolicy policy, string? script = null)
    {
        Policy = policy;
        Script = script;
    }

    /// <summary>The policy.</summary>
    public QuestionPolicy Policy { get; }

    /// <summary>The code, for <see cref="QuestionPolicy.Script"/>.</summary>
    public string? Script { get; }

    /// <inheritdoc/>
    public override string ToString() => Script ?? Policy.ToString();
}
