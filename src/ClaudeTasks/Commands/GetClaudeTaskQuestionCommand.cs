using System.Management.Automation;
using ClaudeTasks.Completion;
using ClaudeTasks.Model;
using ClaudeTasks.Pipeline;

namespace ClaudeTasks.Commands;

/// <summary>Lists what Claude asks: permissions, plans, and questions of its own.</summary>
[Cmdlet(VerbsCommon.Get, "ClaudeTaskQuestion", DefaultParameterSetName = "Task")]
[OutputType(typeof(ClaudeTaskQuestion))]
public sealed class GetClaudeTaskQuestionCommand : EngineCmdlet
{
    /// <summary>Pass question numbers.</summary>
    [Parameter(ParameterSetName = "Id", Mandatory = true, Position = 0)]
    [QuestionReferenceTransformation]
    [ArgumentCompleter(typeof(QuestionCompleter))]
    public int[] Id { get; set; } = [];

    /// <summary>
    /// Return only the questions of these tasks. Pass task numbers, GUIDs or task objects. A session stands for all of its tasks.
    /// </summary>
    [Parameter(ParameterSetName = "Task", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("TaskId", "InputObject")]
    [TaskReferenceTransformation]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TaskCompleter))]
    public TaskReference[]? Task { get; set; }

    /// <summary>Return answered questions, too.</summary>
    [Parameter(ParameterSetName = "Task")]
    public SwitchParameter All { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var id in Id)
        {
            Try(id, () => WriteObject(GetQuestion(id)));
        }

        if (Task is not null)
        {
            ForEachTask(Task, id => WriteQuestions(Engine.Tasks.Get(id).Id));
        }
        else if (ParameterSetName == "Task")
        {
            Try(null, () => WriteQuestions(null));
        }
    }

    private void WriteQuestions(int? task) => WriteObject(Engine.Questions.GetAll(task, All), enumerateCollection: true);
}
