namespace ClaudeTasks.Store;

/// <summary>How far a decision is. The numbers are stored: append, never reorder.</summary>
internal enum DecisionState
{
    /// <summary>Something of it may have been done.</summary>
    Begun,

    /// <summary>All of it was done.</summary>
    Done,

    /// <summary>Some of it may have been taken back.</summary>
    BeingTakenBack,
}
