using System.Globalization;
using ClaudeTasks.Engine;
using ClaudeTasks.Text;
using ClaudeTasks.Views;

namespace ClaudeTasks.Completion;

/// <summary>Tasks by the beginning of their number or GUID, newest first.</summary>
internal sealed class TaskCompleter : StoreCompleter
{
    private protected override IEnumerable<Suggestion> Suggest(ClaudeTaskSuggestions? store, CompletionRequest request)
    {
        var word = request.Word.Text;
        return store?.FindTasks(word, Most).Select(task =>
        {
            var number = task.Id.ToString(CultureInfo.InvariantCulture);
            var value = number.StartsWith(word, StringComparison.Ordinal) ? number : task.TaskId.ToString();
            var prompt = task.Prompt.Trim();
            var moment = TaskView.Ago(DateTime.UtcNow - task.Moment);
            return new Suggestion(
                value,
                $"{task.Status}, {moment}, in {task.Repository}\n{prompt}",
                $"{number}  {TerminalText.OneLine(prompt.Split('\n')[0], 40)}");
        }) ?? [];
    }
}
