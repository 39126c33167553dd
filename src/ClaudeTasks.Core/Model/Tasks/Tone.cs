namespace ClaudeTasks.Model;

/// <summary>How a line on a screen is shown, for its color.</summary>
public enum Tone
{
    /// <summary>Like any other text.</summary>
    Plain,

    /// <summary>Less important.</summary>
    Faint,

    /// <summary>A heading.</summary>
    Heading,

    /// <summary>The selected line.</summary>
    Selected,

    /// <summary>A success.</summary>
    Good,

    /// <summary>A failure.</summary>
    Bad,

    /// <summary>Something that a person must do.</summary>
    Attention,
}
