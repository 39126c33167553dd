using System.Management.Automation;
using ClaudeTasks.Ci;
using ClaudeTasks.Errors;
using ClaudeTasks.Model;
using ClaudeTasks.Notices;
using ClaudeTasks.Pipeline;
using ClaudeTasks.Text;
using ClaudeTasks.Views;

namespace ClaudeTasks.Commands;

/// <summary>Submits prompts, shows what happens, and waits for the end.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "ClaudeTask", DefaultParameterSetName = PromptSet, SupportsShouldProcess = true)]
[OutputType(typeof(ClaudeTask))]
public sealed class InvokeClaudeTaskCommand : SubmittingCmdlet
{
    private int? _atWork;
    private CiLog? _ci;

    /// <summary>Do not show the events. The task is returned anyway.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <summary>Ask Claude's questions at this terminal.</summary>
    [Parameter]
    public SwitchParameter Interactive { get; set; }

    /// <summary>Write the log as at a terminal, even under GitHub Actions and Azure Pipelines.</summary>
    [Parameter]
    public SwitchParameter NoCIFormat { get; set; }

    /// <summary>
    /// Notify you through the terminal when a task ends or needs you: with a notification if the terminal supports them, otherwise with a
    /// bell. By default, the option Notify decides.
    /// </summary>
    [Parameter]
    public SwitchParameter Notify { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        HangUp.Watch();
        _ci = NoCIFormat ? null : CiLog.Current;
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Submit() is not { } task)
        {
            return;
        }

        Try(task, () =>
        {
            var notices = CreateNotices(Notify, Console.Out.Write);
            Follow(task, notices);
            var ended = Engine.Tasks.Get(task.Id);
            notices.Look(ended);
            WriteObject(ended);
            var error = TaskErrors.OfMissingEnd(ended, Engine.Tasks.FindBlocker(ended));
            Tell(ended, error);
            if (error is not null)
            {
                throw error;
            }
        });
    }

    private void Follow(ClaudeTask task, TaskNotices notices)
    {
        _atWork = task.Id;
        var bars = CreateBars(isWanted: !Quiet);
        ShowLine(Quiet ? null : _ci?.Group($"Task {task.Id}: {TerminalText.OneLine(task.Prompt, 100)}"));
        try
        {
            foreach (var update in Engine.Events.ObserveUpdates([task], update => update.IsAtRest, EventLine.DefaultKinds)
                .Pump(PipelineStop))
            {
                bars.Show([update.Task], total: 1);
                foreach (var item in update.Events)
                {
                    Take(item, notices);
                }
            }

            _atWork = null;
        }
        finally
        {
            // Left early: by Ctrl+C, by a downstream cmdlet that has enough, or by -ErrorAction Stop. Nothing can be written any more then.
            try
            {
                StopTask();
            }
            finally
            {
                bars.End();
            }
        }

        ShowLine(Quiet ? null : _ci?.EndOfGroup);
    }

    private void Take(ClaudeTaskEvent item, TaskNotices notices)
    {
        if (item.Kind == ClaudeTaskEventKind.Permission)
        {
            notices.Look(Engine.Tasks.Get(item.Task));
        }

        if (!IsPut(item))
        {
            Show(item);
        }
    }

    /// <summary>
    /// Puts a question when it is announced, so after all that happened before it; the announcement tells those who did not answer how to.
    /// </summary>
    private bool IsPut(ClaudeTaskEvent item) =>
        Interactive && item.Kind == ClaudeTaskEventKind.Permission
        && PutQuestions(item.Task, question => item.Text.StartsWith($"Question {question.Id},", StringComparison.Ordinal));

    /// <summary>Tells the CI service how a task ended.</summary>
    private void Tell(ClaudeTask task, ClaudeTaskException? error)
    {
        if (_ci is null)
        {
            return;
        }

        if (error is not null)
        {
            ShowLine(_ci.Error("Claude task", TerminalText.Clean($"{error.Message} {error.RecommendedAction}")));
        }

        try
        {
            ShowLine(_ci.AddSummary(Run(stop => Engine.Reports.CreateAsync(null, [task.Id], stop)), task.Id));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            WriteWarning($"The run's summary has no report of task {task.Id}: {e.Message}");
        }
    }

    private void ShowLine(string? line)
    {
        if (line is not null)
        {
            WriteInformation(new HostInformationMessage { Message = line }, ["PSHOST"]);
        }
    }

    private void Show(ClaudeTaskEvent item)
    {
        if (!Quiet)
        {
            WriteInformation(new EventMessage(item), ["PSHOST"]);
        }
    }

    private void StopTask()
    {
        // A task outlives the terminal that it was started from.
        if (_atWork is { } id && !HangUp.HasHappened)
        {
            _atWork = null;
            // The pipeline may be stopped already, but the task must be stopped in any case.
            Run(_ => Engine.Tasks.RequestStopAsync(id, CancellationToken.None));
        }
    }
}
