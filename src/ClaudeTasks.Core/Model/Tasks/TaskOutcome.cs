namespace ClaudeTasks.Model;

/// <summary>What became of a task, as coarse as sums over many tasks want it.</summary>
internal enum TaskOutcome
{
    /// <summary>It waits for its turn or for a person.</summary>
    Waiting,

    /// <summary>The machine works on it.</summary>
    Running,

    /// <summary>It did its work.</summary>
    Completed,

    /// <summary>It did not.</summary>
    Failed,

    /// <summary>A person turned its changes down.</summary>
    Rejected,

    /// <summary>It was stopped.</summary>
    Cancelled,
}
