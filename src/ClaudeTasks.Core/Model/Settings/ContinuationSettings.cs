namespace ClaudeTasks.Model;

/// <summary>How a task goes on after something went wrong, and what Claude's questions meet.</summary>
public sealed record ContinuationSettings
{
    /// <summary>The most attempts that can be asked for.</summary>
    public const int MostRetries = 20;

    /// <summary>How long before the first further attempt; it doubles with each.</summary>
    public static readonly TimeSpan DefaultRetryDelay = TimeSpan.FromSeconds(30);

    /// <summary>How long a question may wait for an answer.</summary>
    public static readonly TimeSpan DefaultQuestionTimeout = TimeSpan.FromMinutes(10);

    /// <summary>How often it is tried again after an overload, a network fault, a start that failed, or a stall.</summary>
    public int Retries { get; init; }

    /// <summary>How long before the first further attempt; it doubles with each.</summary>
    public TimeSpan RetryDelay { get; init; } = DefaultRetryDelay;

    /// <summary>Fails at a usage limit instead of waiting for its reset.</summary>
    public bool FailsAtUsageLimit { get; init; }

    /// <summary>What becomes of Claude's questions.</summary>
    public QuestionPolicy OnQuestion { get; init; }

    /// <summary>The code that decides them, for <see cref="QuestionPolicy.Script"/>.</summary>
    public string? QuestionScript { get; init; }

    /// <summary>How long a question may wait for an answer.</summary>
    public TimeSpan QuestionTimeout { get; init; } = DefaultQuestionTimeout;
}
