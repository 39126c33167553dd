using System.Management.Automation;
using ClaudeTasks.Model;
using ClaudeTasks.Text;

namespace ClaudeTasks.Views;

/// <summary>The cells of the tables of questions and rules; also of objects that came from another PowerShell.</summary>
public static class QuestionView
{
    /// <summary>What is asked, in one line.</summary>
    public static string Text(PSObject item) => TerminalText.OneLine(Revived.Value<string>(item, nameof(ClaudeTaskQuestion.Text)), 200);

    /// <summary>Until when it can be answered.</summary>
    public static string Until(PSObject item) =>
        Revived.Value<ClaudeTaskQuestionState>(item, nameof(ClaudeTaskQuestion.State)) == ClaudeTaskQuestionState.Open
        && Revived.Value<DateTime?>(item, nameof(ClaudeTaskQuestion.Deadline)) is { } deadline
            ? TimeText.Moment(deadline)
            : "";

    /// <summary>The tool of a rule.</summary>
    public static string Tool(PSObject item) => TerminalText.OneLine(Revived.Value<string>(item, nameof(ClaudeTaskRule.Tool)), 60);

    /// <summary>What a rule is for.</summary>
    public static string Pattern(PSObject item) => TerminalText.OneLine(Revived.Value<string>(item, nameof(ClaudeTaskRule.Pattern)), 200);
}
