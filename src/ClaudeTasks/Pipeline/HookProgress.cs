using System.Management.Automation;

namespace ClaudeTasks.Pipeline;

/// <summary>Shows which of the user's Git hooks runs during a decision. For the pipeline's thread.</summary>
/// <param name="task">The task.</param>
/// <param name="action">The decision, for a heading.</param>
/// <param name="write">Writes a progress record; null where nobody sees it.</param>
/// <param name="tell">Writes a verbose message.</param>
internal sealed class HookProgress(int task, string action, Action<ProgressRecord>? write, Action<string> tell) : IDisposable
{
    private bool _isShown;

    public void Show(string hook)
    {
        tell($"The hook '{hook}' is running.");
        _isShown = true;
        write?.Invoke(Record($"The hook '{hook}' is running", ProgressRecordType.Processing));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isShown)
        {
            write?.Invoke(Record("Done", ProgressRecordType.Completed));
        }
    }

    private ProgressRecord Record(string status, ProgressRecordType type) =>
        new(task, $"{action}: task {task}", status) { RecordType = type };
}
