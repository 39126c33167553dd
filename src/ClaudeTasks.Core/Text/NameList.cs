namespace ClaudeTasks.Text;

/// <summary>Names in a sentence.</summary>
internal static class NameList
{
    private const int Shown = 10;

    /// <summary>Returns the first names, separated by commas, and the number of the others.</summary>
    public static string Of(IReadOnlyCollection<string> names) =>
        string.Join(", ", names.Take(Shown)) + (names.Count > Shown ? $" and {names.Count - Shown} more" : "");
}
