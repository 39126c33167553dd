using System.Management.Automation;
using ClaudeTasks.Completion;
using ClaudeTasks.Engine;
using ClaudeTasks.Model;
using ClaudeTasks.Pipeline;
using ClaudeTasks.Text;

namespace ClaudeTasks.Commands;

/// <summary>Answers what Claude asks, from any PowerShell session.</summary>
[Cmdlet(VerbsDiagnostic.Resolve, "ClaudeTaskQuestion", DefaultParameterSetName = "Answer", SupportsShouldProcess = true)]
[OutputType(typeof(ClaudeTaskQuestion))]
public sealed class ResolveClaudeTaskQuestionCommand : EngineCmdlet
{
    /// <summary>Pass question numbers or question objects.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("Id", "InputObject")]
    [QuestionReferenceTransformation]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(QuestionCompleter))]
    public int[] Question { get; set; } = [];

    /// <summary>
    /// Answer a question of Claude's: with one of its options or other words. For several questions, pass one answer each, in order.
    /// </summary>
    [Parameter(ParameterSetName = "Answer", Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AnswerCompleter))]
    public string[] Answer { get; set; } = [];

    /// <summary>Allow the request once.</summary>
    [Parameter(ParameterSetName = "Allow", Mandatory = true)]
    public SwitchParameter Allow { get; set; }

    /// <summary>Deny the request, or leave the question unanswered. Claude continues without it.</summary>
    [Parameter(ParameterSetName = "Deny", Mandatory = true)]
    public SwitchParameter Deny { get; set; }

    /// <summary>Send this text to Claude with the denial, such as what to do instead.</summary>
    [Parameter(ParameterSetName = "Deny")]
    [ValidateNotNullOrEmpty]
    public string? Message { get; set; }

    /// <summary>
    /// Make the answer a rule for the tool in this repository, so that Claude's request is not asked again. Get-ClaudeTaskRule lists the
    /// rules.
    /// </summary>
    [Parameter(ParameterSetName = "Allow")]
    [Parameter(ParameterSetName = "Deny")]
    public SwitchParameter Remember { get; set; }

    /// <summary>
    /// Apply the rule to this pattern, in which * stands for any text. By default, the rule applies to exactly what was asked. Only with
    /// -Remember.
    /// </summary>
    [Parameter(ParameterSetName = "Allow")]
    [Parameter(ParameterSetName = "Deny")]
    [ValidateNotNullOrEmpty]
    public string? Pattern { get; set; }

    /// <summary>Return the answered questions.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var id in Question)
        {
            Try(id, () => Decide(id));
        }
    }

    private void Decide(int id)
    {
        var question = GetQuestion(id);
        if (!ShouldProcess(
            $"Question {id} of task {question.Task}: {TerminalText.OneLine(question.Text, 100)}",
            Deny ? "Deny" : Allow ? "Allow" : "Answer"))
        {
            return;
        }

        if (Pattern is not null && !Remember)
        {
            throw new ClaudeTaskException(ClaudeTaskErrorId.InvalidArgument, "-Pattern applies only to rules.", Pattern, "Add -Remember.");
        }

        var text = Answer.Length > 1 ? string.Join('\n', Answer.Select(answer => answer.ReplaceLineEndings(" "))) : Answer.FirstOrDefault();
        var answer = new QuestionAnswer { IsAllowed = !Deny, Text = Deny ? Message : text, Remember = Remember, Pattern = Pattern };
        var decided = Run(stop => Engine.Questions.AnswerAsync(id, answer, ModuleWorker.Host, stop));
        if (TaskQuestions.FindRisk(question, answer) is { } risk)
        {
            WriteWarning($"{risk} Get-ClaudeTaskRule lists the rules, and Remove-ClaudeTaskRule removes one.");
        }

        if (PassThru)
        {
            WriteObject(decided);
        }
    }
}
