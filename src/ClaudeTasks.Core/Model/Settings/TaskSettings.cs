namespace ClaudeTasks.Model;

/// <summary>The settings of one task, as the store keeps them: also those that belong to its call and to no template.</summary>
public record TaskSettings : ClaudeTaskSettings
{
    /// <summary>Makes settings that say nothing.</summary>
    public TaskSettings()
    {
    }

    /// <summary>Makes a task's settings of a template's or a user's.</summary>
    public TaskSettings(ClaudeTaskSettings settings)
        : base(settings)
    {
    }

    /// <summary>The agent's program, or null to look for it.</summary>
    public string? ClaudePath { get; init; }

    /// <summary>What becomes of Claude's questions.</summary>
    public QuestionPolicy OnQuestion { get; init; }

    /// <summary>The code that decides them, for <see cref="QuestionPolicy.Script"/>.</summary>
    public string? QuestionScript { get; init; }
}
