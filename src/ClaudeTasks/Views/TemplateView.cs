using System.Collections;
using System.Globalization;
using System.Management.Automation;
using ClaudeTasks.Model;
using ClaudeTasks.Text;

namespace ClaudeTasks.Views;

/// <summary>The cells of the table of templates; also of objects that came from another PowerShell.</summary>
public static class TemplateView
{
    private static readonly string[] Settings = [.. typeof(ClaudeTaskSettings).GetProperties().Select(property => property.Name)];

    /// <summary>The template's name.</summary>
    public static string Name(PSObject item) => Text(item, nameof(ClaudeTaskTemplate.Name));

    /// <summary>The names of the values it needs.</summary>
    public static string Placeholders(PSObject item) => Join(item.Properties[nameof(ClaudeTaskTemplate.Placeholders)]?.Value);

    /// <summary>Its description, otherwise the first line of its prompt.</summary>
    public static string About(PSObject item) =>
        Text(item, nameof(ClaudeTaskTemplate.Description)) is { Length: > 0 } description
            ? description
            : TerminalText.OneLine((item.Properties[nameof(ClaudeTaskTemplate.Prompt)]?.Value as string)?.TrimStart().Split('\n')[0], 200);

    /// <summary>How its tasks run, as far as it says so.</summary>
    public static string Says(PSObject item) => string.Join(
        ", ",
        Settings.Where(name => item.Properties[name]?.Value is not null).Select(name => $"{name} = {Join(item.Properties[name].Value)}"));

    private static string Text(PSObject item, string property) => TerminalText.OneLine(item.Properties[property]?.Value as string, 200);

    private static string Join(object? value)
    {
        var inner = value is PSObject wrapper ? wrapper.BaseObject : value;
        return TerminalText.OneLine(
            inner is IEnumerable list and not string
                ? string.Join(", ", list.Cast<object>())
                : Convert.ToString(inner, CultureInfo.InvariantCulture),
            200);
    }
}
