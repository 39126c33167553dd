using System.Globalization;

namespace ClaudeTasks.Processes;

/// <summary>Who makes a decision, for the record.</summary>
internal static class Caller
{
    /// <summary>The account and the process that call, such as <c>alice, pwsh (4711)</c>.</summary>
    public static string Name { get; } = string.Create(
        CultureInfo.InvariantCulture,
        $"{Environment.UserName}, {Path.GetFileNameWithoutExtension(Environment.ProcessPath)} ({Environment.ProcessId})");
}
