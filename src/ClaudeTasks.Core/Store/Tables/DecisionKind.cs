namespace ClaudeTasks.Store;

/// <summary>What a person decided. The numbers are stored: append, never reorder.</summary>
internal enum DecisionKind
{
    /// <summary>The changes were committed.</summary>
    Approve,

    /// <summary>The changes were put back.</summary>
    Reject,
}
