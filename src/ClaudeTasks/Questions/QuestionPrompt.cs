using System.Collections.ObjectModel;
using System.Management.Automation.Host;
using ClaudeTasks.Tasks;

namespace ClaudeTasks.Questions;

/// <summary>Puts a question to whoever sits at the terminal.</summary>
internal static class QuestionPrompt
{
    private const int Later = 2;

    /// <summary>The answer; null when it is left open.</summary>
    public static QuestionAnswer? Show(PSHostUserInterface ui, ClaudeTaskQuestion question)
    {
        var caption = $"Task {question.Task} asks (question {question.Id}, until {question.Deadline?.ToLocalTime():HH:mm})";
        var text = TerminalText.Clean(question.Text);
        return question.Kind == ClaudeTaskQuestionKind.Question ? AskText(ui, caption, text, question) : AskPermission(ui, caption, text);
    }

    private static QuestionAnswer? AskPermission(PSHostUserInterface ui, string caption, string text)
    {
        var choices = new Collection<ChoiceDescription>
        {
            new("&Yes", "Allow it, once."),
            new("&No", "Deny it; Claude goes on without it."),
            new("&Later", "Leave it open; Resolve-ClaudeTaskQuestion answers it from anywhere."),
            new("&Always", "Allow exactly this from now on, in this repository."),
        };
        return ui.PromptForChoice(caption, text, choices, 1) switch
        {
            0 => new QuestionAnswer { IsAllowed = true },
            1 => new QuestionAnswer(),
            Later => null,
            _ => new QuestionAnswer { IsAllowed = true, Remember = true },
        };
    }

    private static QuestionAnswer? AskText(PSHostUserInterface ui, string caption, string text, ClaudeTaskQuestion question)
    {
        ui.WriteLine(caption);
        ui.WriteLine(text);
        for (var i = 0; i < question.Options.Count; i++)
        {
            ui.WriteLine($"  {i + 1}. {TerminalText.OneLine(question.Options[i], 200)}");
        }

        ui.Write("Answer (a number or your own words; nothing leaves it open): ");
        var line = ui.ReadLine();
        return string.IsNullOrWhiteSpace(line) ? null : new QuestionAnswer
        {
            IsAllowed = true,
            Text = int.TryParse(line, out var number) && number > 0 && number <= question.Options.Count ? question.Options[number - 1] : line,
        };
    }
}
