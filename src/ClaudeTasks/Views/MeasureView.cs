using System.Globalization;
using System.Management.Automation;
using ClaudeTasks.Model;
using ClaudeTasks.Text;

namespace ClaudeTasks.Views;

/// <summary>The cells of the table of sums; also of objects that came from another PowerShell.</summary>
public static class MeasureView
{
    /// <summary>What the tasks have in common, such as the name of the repository's folder.</summary>
    public static string Group(PSObject item)
    {
        var grouping = Revived.Value<ClaudeTaskGrouping>(item, nameof(ClaudeTaskMeasure.GroupBy));
        var group = Revived.Value<string>(item, nameof(ClaudeTaskMeasure.Group));
        return string.IsNullOrEmpty(group)
            ? grouping == ClaudeTaskGrouping.None ? "(all)" : "(none)"
            : TerminalText.OneLine(grouping == ClaudeTaskGrouping.Repository ? Path.GetFileName(group) : group, 80);
    }

    /// <summary>The success rate in percent.</summary>
    public static string Success(PSObject item) => Revived.Value<double?>(item, nameof(ClaudeTaskMeasure.SuccessRate)) is { } rate
        ? string.Create(CultureInfo.InvariantCulture, $"{100 * rate:0} %")
        : "";

    /// <summary>How long the machine worked on all of them.</summary>
    public static string Time(PSObject item) => ReadableText.Duration(Revived.Value<TimeSpan>(item, nameof(ClaudeTaskMeasure.Duration)));

    /// <summary>How long it worked on one.</summary>
    public static string Average(PSObject item) =>
        Revived.Value<TimeSpan?>(item, nameof(ClaudeTaskMeasure.AverageDuration)) is { } average ? ReadableText.Duration(average) : "";

    /// <summary>What they cost.</summary>
    public static string Cost(PSObject item) =>
        ReadableText.Money(decimal.Round(Revived.Value<decimal>(item, nameof(ClaudeTaskMeasure.CostUsd)), 4));

    /// <summary>All tokens that went in, those from the cache too.</summary>
    public static string Input(PSObject item) => Tokens(
        Revived.Value<long>(item, nameof(ClaudeTaskMeasure.InputTokens))
        + Revived.Value<long>(item, nameof(ClaudeTaskMeasure.CacheReadTokens))
        + Revived.Value<long>(item, nameof(ClaudeTaskMeasure.CacheCreationTokens)));

    /// <summary>The tokens that came out.</summary>
    public static string Output(PSObject item) => Tokens(Revived.Value<long>(item, nameof(ClaudeTaskMeasure.OutputTokens)));

    private static string Tokens(long count) => count switch
    {
        >= 999_950_000 => string.Create(CultureInfo.InvariantCulture, $"{count / 1e9:0.0}G"),
        >= 999_950 => string.Create(CultureInfo.InvariantCulture, $"{count / 1e6:0.0}M"),
        >= 10_000 => string.Create(CultureInfo.InvariantCulture, $"{count / 1e3:0}k"),
        _ => count.ToString(CultureInfo.InvariantCulture),
    };
}
