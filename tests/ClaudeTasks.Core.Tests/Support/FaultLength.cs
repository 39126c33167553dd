namespace ClaudeTasks.Tests.Support;

/// <summary>How long the tests of faults take: short in every run, long where <c>CLAUDETASKS_FAULTS</c> is <c>long</c>.</summary>
internal static class FaultLength
{
    public static bool IsLong { get; } = Environment.GetEnvironmentVariable("CLAUDETASKS_FAULTS") == "long";

    public static int Of(int inShort, int inLong) => IsLong ? inLong : inShort;
}
