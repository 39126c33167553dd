using System.Globalization;

namespace ClaudeTasks.Tests.Support;

/// <summary>
/// How much the suites of random faults do: a little in every run of the tests, all of it with CLAUDETASKS_LONG=1. CLAUDETASKS_SEED repeats
/// one round; CLAUDETASKS_FIGURES names a file to which what was measured is appended.
/// </summary>
internal static class LongMode
{
    private static readonly object Gate = new();

    public static bool IsOn { get; } = Environment.GetEnvironmentVariable("CLAUDETASKS_LONG") == "1";

    public static int Of(int normally, int long_) => IsOn ? long_ : normally;

    /// <summary>The seeds to run, each a round.</summary>
    public static IEnumerable<int> Seeds(int normally, int long_) => Environment.GetEnvironmentVariable("CLAUDETASKS_SEED") is { } one
        ? [int.Parse(one, CultureInfo.InvariantCulture)]
        : Enumerable.Range(1, Of(normally, long_));

    /// <summary>Keeps a figure for the docs; it proves nothing by itself.</summary>
    public static void Note(string what, FormattableString figure)
    {
        if (Environment.GetEnvironmentVariable("CLAUDETASKS_FIGURES") is { } file)
        {
            lock (Gate)
            {
                File.AppendAllText(file, $"{what}\t{FormattableString.Invariant(figure)}\n");
            }
        }
    }
}
