namespace ClaudeTasks.Model;

/// <summary>How long tasks like one took, from its start to the end of the machine's part.</summary>
/// <param name="Typical">Half of them took no longer.</param>
/// <param name="Low">A quarter of them took no longer.</param>
/// <param name="High">Three quarters of them took no longer.</param>
public sealed record DurationEstimate(TimeSpan Typical, TimeSpan Low, TimeSpan High)
{
    private const int Fewest = 3;

    /// <summary>The estimate that the durations of like tasks give; null where they are too few to say anything.</summary>
    internal static DurationEstimate? Of(IEnumerable<TimeSpan> durations)
    {
        var sorted = durations.Order().ToList();
        return sorted.Count < Fewest ? null : new DurationEstimate(At(sorted, 0.5), At(sorted, 0.25), At(sorted, 0.75));
    }

    /// <summary>The value at this part of the way from the shortest to the longest, between two of them where it falls there.</summary>
    private static TimeSpan At(List<TimeSpan> sorted, double part)
    {
        var place = part * (sorted.Count - 1);
        var (below, above) = (sorted[(int)Math.Floor(place)], sorted[(int)Math.Ceiling(place)]);
        return below + ((above - below) * (place - Math.Floor(place)));
    }
}
