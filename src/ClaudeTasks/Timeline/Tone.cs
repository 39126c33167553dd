namespace ClaudeTasks.Timeline;

/// <summary>What a row of the screen is, for its colour.</summary>
internal enum Tone
{
    Plain,
    Faint,
    Heading,
    Selected,
    Good,
    Bad,
    Attention,
}
