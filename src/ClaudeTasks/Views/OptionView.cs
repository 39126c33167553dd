using System.Globalization;
using System.Management.Automation;
using ClaudeTasks.Model;
using ClaudeTasks.Text;

namespace ClaudeTasks.Views;

/// <summary>The cells of the table of options; also of objects that came from another PowerShell.</summary>
public static class OptionView
{
    /// <summary>The option's value; times as people read them.</summary>
    public static string Value(PSObject item)
    {
        var value = item.Properties[nameof(ClaudeTaskOption.Value)]?.Value;
        return (value is PSObject wrapper ? wrapper.BaseObject : value) switch
        {
            TimeSpan time => ReadableText.Duration(time),
            var other => TerminalText.OneLine(Convert.ToString(other, CultureInfo.InvariantCulture), 200),
        };
    }
}
