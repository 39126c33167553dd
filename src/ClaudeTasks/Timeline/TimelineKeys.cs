namespace ClaudeTasks.Timeline;

/// <summary>The one place that knows which key means what.</summary>
internal static class TimelineKeys
{
    /// <summary>The keys with what they do, for the line of keys; the most needed first.</summary>
    public static IReadOnlyList<(string Key, string Word)> Hints { get; } =
    [
        ("?", "help"), ("q", "quit"), ("↑↓", "select"), ("o", "diff"), ("a", "approve"), ("d", "deny"), ("r", "answer"), ("s", "stop"),
        ("f", "follow"),
        ("PgUp/PgDn", "scroll"),
    ];

    /// <summary>What the help page says.</summary>
    public static IReadOnlyList<string> Help { get; } =
    [
        "Up, Down, k, j          the task before, the next one",
        "PgUp, PgDn, Home, End   through what the task said and did",
        "f                       follow it: new lines come into view, or not",
        "Enter, o                what it changed; Esc or q goes back",
        "a                       approve: commit what it changed",
        "d                       deny: put its files back as they were",
        "r                       answer what it asks",
        "s                       stop it, and all it started",
        "?                       this page",
        "q                       quit; the tasks go on",
        "",
        "Marks: ⠋ at work   · queued   ? asks something   ! waits for you",
        "       ✓ done   ✗ failed   - stopped or denied",
    ];

    public static TimelineKey Of(ConsoleKeyInfo key) => key.Key switch
    {
        ConsoleKey.UpArrow => TimelineKey.Up,
        ConsoleKey.DownArrow => TimelineKey.Down,
        ConsoleKey.PageUp => TimelineKey.PageUp,
        ConsoleKey.PageDown => TimelineKey.PageDown,
        ConsoleKey.Home => TimelineKey.Home,
        ConsoleKey.End => TimelineKey.End,
        ConsoleKey.Enter => TimelineKey.Diff,
        ConsoleKey.Escape => TimelineKey.Back,
        _ => key.KeyChar switch
        {
            'k' => TimelineKey.Up,
            'j' => TimelineKey.Down,
            'f' => TimelineKey.Follow,
            's' => TimelineKey.Stop,
            'a' => TimelineKey.Approve,
            'd' => TimelineKey.Deny,
            'r' => TimelineKey.Answer,
            'o' => TimelineKey.Diff,
            '?' => TimelineKey.Help,
            'q' => TimelineKey.Quit,
            '\u001b' => TimelineKey.Back,
            '\r' or '\n' => TimelineKey.Diff,
            _ => TimelineKey.None,
        },
    };
}
