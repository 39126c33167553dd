using System.Collections.ObjectModel;
using System.Management.Automation.Host;
using ClaudeTasks.Engine;
using ClaudeTasks.Model;
using ClaudeTasks.Text;

namespace ClaudeTasks.Questions;

/// <summary>Puts a question to whoever sits at the terminal. All of it is shown, and harmless.</summary>
internal sealed class QuestionPrompt(PSHostUserInterface ui, ClaudeTaskQuestion question)
{
    private const int No = 1;

    /// <summary>The answer; null when it is left open.</summary>
    public QuestionAnswer? Show()
    {
        // What was typed before the question was there is no answer to it. PowerShell's own FlushInputBuffer does nothing on Unix.
        while (!Console.IsInputRedirected && Console.KeyAvailable)
        {
            Console.ReadKey(intercept: true);
        }

        return question.Kind == ClaudeTaskQuestionKind.Question ? AskText() : AskPermission();
    }

    private QuestionAnswer? AskPermission()
    {
        var isShown = false;
        List<(ChoiceDescription Choice, Func<QuestionAnswer?> Answer)> choices =
        [
            (new("&Yes", "Allow it, once."), () => new QuestionAnswer { IsAllowed = true }),
            (new("&No", "Deny it. Claude continues without it."), () => new QuestionAnswer()),
            (new("&Tell", "Deny it, and tell Claude why."), () => new QuestionAnswer { Text = Read("What Claude is told: ") }),
            (new("&Later", "Leave it open; Resolve-ClaudeTaskQuestion answers it from anywhere."), () => null),
            (new("&Show", "Show all that the tool is given."), () => { isShown = true; return null; }),
        ];
        if (question.CanRemember)
        {
            choices.Add((
                new("&Always", $"Allow {TerminalText.OneLine(question.Tool, 60)} on exactly this from now on, in this repository."),
                () => new QuestionAnswer { IsAllowed = true, Remember = true }));
        }

        var descriptions = new Collection<ChoiceDescription>([.. choices.Select(item => item.Choice)]);
        QuestionAnswer? answer;
        do
        {
            isShown = false;
            answer = choices[ui.PromptForChoice(
                QuestionText.Caption(question), QuestionText.Body(question), descriptions, No)].Answer();
            if (isShown)
            {
                ui.WriteLine(QuestionText.Input(question));
            }
        }
        while (isShown);

        return answer;
    }

    private QuestionAnswer? AskText()
    {
        ui.WriteLine(QuestionText.Caption(question));
        var answers = new List<string>();
        foreach (var part in TaskQuestions.GetParts(question))
        {
            ui.WriteLine(TerminalText.Clean(part.Text));
            foreach (var option in QuestionText.Options(part))
            {
                ui.WriteLine(option);
            }

            if (Read(QuestionText.HowTo(part)) is not { } line)
            {
                return null;
            }

            answers.Add(QuestionText.Choose(part, line));
        }

        return answers.Count == 0 ? null : new QuestionAnswer { IsAllowed = true, Text = string.Join('\n', answers) };
    }

    private string? Read(string what)
    {
        ui.Write(what);
        return ui.ReadLine() is { } line && !string.IsNullOrWhiteSpace(line) ? line.Trim() : null;
    }
}
