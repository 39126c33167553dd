using System.Management.Automation;
using ClaudeTasks.Tasks;

namespace ClaudeTasks.Views;

/// <summary>The progress bar of a task: one a task, under an id that stays the same.</summary>
internal static class TaskProgress
{
    public static ProgressRecord Of(ClaudeTask task)
    {
        var status = task.WaitingFor is { } waiting ? $"{task.Status}, waits for {waiting}" : task.Status.ToString();
        var elapsed = (task.Duration ?? DateTime.UtcNow - task.CreatedAt).ToString(@"hh\:mm\:ss");
        return new ProgressRecord(task.Id, $"Task {task.Id}: {TerminalText.OneLine(task.Prompt, 60)}", $"{status}  {elapsed}");
    }

    public static ProgressRecord Completed(int id) => new(id, $"Task {id}", "Done") { RecordType = ProgressRecordType.Completed };
}
