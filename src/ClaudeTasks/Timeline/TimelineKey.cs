namespace ClaudeTasks.Timeline;

/// <summary>What a key means in the timeline.</summary>
internal enum TimelineKey
{
    None,
    Up,
    Down,
    PageUp,
    PageDown,
    Home,
    End,
    Follow,
    Stop,
    Approve,
    Deny,
    Answer,
    Diff,
    Help,
    Quit,
    Back,
}
