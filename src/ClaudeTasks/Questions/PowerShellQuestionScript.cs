using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using ClaudeTasks.Model;

namespace ClaudeTasks.Questions;

/// <summary>
/// Runs the script block of <c>-OnQuestion</c>, each time in a runspace of its own: a script block that is handed to another thread would
/// have none.
/// </summary>
internal sealed class PowerShellQuestionScript : IQuestionScript
{
    /// <summary>It fails at its first error: who wrote it did not mean what comes after one to allow anything.</summary>
    private const string Call =
        "param($question, $code) $ErrorActionPreference = 'Stop'; $_ = $question; & ([scriptblock]::Create($code)) $question";

    public async Task<QuestionAnswer?> DecideAsync(string code, ClaudeTaskQuestion question, CancellationToken cancellation)
    {
        using var runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        runspace.Open();
        using var shell = PowerShell.Create();
        shell.Runspace = runspace;
        shell.AddScript(Call).AddArgument(question).AddArgument(code);
        using var registration = cancellation.Register(() => shell.BeginStop(null, null));
        var output = await Task.Factory.FromAsync(shell.BeginInvoke(), shell.EndInvoke).ConfigureAwait(false);
        return Read(output.LastOrDefault(), question);
    }

    /// <summary>
    /// True or false, <c>Allow</c>, <c>Deny</c> or <c>Ask</c>, the answer to a question, the reason of a denial, or a table with
    /// <c>Allow</c>, <c>Answer</c>, <c>Message</c>, <c>Remember</c> and <c>Pattern</c>. Nothing leaves it to people.
    /// </summary>
    internal static QuestionAnswer? Read(PSObject? said, ClaudeTaskQuestion question) => said?.BaseObject switch
    {
        null => null,
        bool isAllowed => new QuestionAnswer { IsAllowed = isAllowed },
        IDictionary table => Read(table),
        var other => Convert.ToString(other, CultureInfo.InvariantCulture)! switch
        {
            "" or "Ask" => null,
            "Allow" when question.Kind != ClaudeTaskQuestionKind.Question => new QuestionAnswer { IsAllowed = true },
            "Deny" => new QuestionAnswer(),
            var text => new QuestionAnswer { IsAllowed = question.Kind == ClaudeTaskQuestionKind.Question, Text = text },
        },
    };

    private static QuestionAnswer Read(IDictionary table)
    {
        string? Text(string name) => table[name] is { } value ? LanguagePrimitives.ConvertTo<string>(value) : null;
        var answer = Text("Answer");
        return new QuestionAnswer
        {
            IsAllowed = answer is not null || LanguagePrimitives.IsTrue(table["Allow"]),
            Text = answer ?? Text("Message"),
            Remember = LanguagePrimitives.IsTrue(table["Remember"]),
            Pattern = Text("Pattern"),
        };
    }
}
