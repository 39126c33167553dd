using System.Text.RegularExpressions;

namespace ClaudeTasks.Text;

/// <summary>
/// The commands that CI services read out of their logs. Text from outside must not be taken for one: it could set variables and secrets
/// of later steps. GitHub reads <c>::name::</c> at the start of a line and <c>##[name]</c> anywhere, Azure <c>##[name]</c> and
/// <c>##vso[name]</c> anywhere (their runners' sources). As views break long lines, what is a command of GitHub's by its name is broken up
/// anywhere; code such as <c>a::b</c> is left to be read.
/// </summary>
public static partial class CiCommands
{
    /// <summary>The service this process runs under, by the variables it sets.</summary>
    public static CiService Service =>
        IsSet("GITHUB_ACTIONS") ? CiService.GitHubActions
        : IsSet("TF_BUILD") ? CiService.AzurePipelines
        : CiService.None;

    /// <summary>The text with a blank in whatever the service would take for a command; unchanged where there is no service.</summary>
    public static string Defuse(string text) => Defuse(text, Service);

    /// <summary>The text as that service may be shown it.</summary>
    internal static string Defuse(string text, CiService service) => service == CiService.None ? text : Command().Replace(text, " ");

    private static bool IsSet(string name) =>
        string.Equals(Environment.GetEnvironmentVariable(name), "true", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(
        @"(?<=^\s*:)(?=:)|(?<=:)(?=:(\w+-[\w-]+|debug|echo|notice|warning|error|(end)?group)[ :])|(?<=#)(?=#(vso)?\[)",
        RegexOptions.IgnoreCase | RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Command();
}
