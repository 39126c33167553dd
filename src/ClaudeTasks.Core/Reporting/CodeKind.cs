namespace ClaudeTasks.Reporting;

/// <summary>What a part of a line of code is.</summary>
internal enum CodeKind
{
    /// <summary>Nothing that stands out.</summary>
    Plain,

    /// <summary>A word of the language.</summary>
    Keyword,

    /// <summary>A text in quotes.</summary>
    Quoted,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A comment.</summary>
    Comment,
}
