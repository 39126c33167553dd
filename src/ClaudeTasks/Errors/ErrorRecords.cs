using System.Management.Automation;
using ClaudeTasks.Model;
using ClaudeTasks.Text;

namespace ClaudeTasks.Errors;

/// <summary>Makes every error record of the module, from the catalogue of errors.</summary>
internal static class ErrorRecords
{
    public static ErrorRecord From(ClaudeTaskException error, object? target = null)
    {
        var record = new ErrorRecord(error, error.ErrorId.ToString(), CategoryOf(error.ErrorId), target ?? error.Target)
        {
            ErrorDetails = new ErrorDetails(TerminalText.Clean(error.Message))
            {
                RecommendedAction = TerminalText.Clean(error.RecommendedAction)
            },
        };

        // Where $ErrorView asks for the category, the target's text is shown with it.
        record.CategoryInfo.TargetName = TerminalText.OneLine(record.CategoryInfo.TargetName, 200);
        return record;
    }

    /// <summary>For what nobody foresaw; without it the id would be the name of a .NET type.</summary>
    public static ErrorRecord From(Exception error, object? target) =>
        From(new ClaudeTaskException(
            ClaudeTaskErrorId.InternalError,
            $"{error.GetType().Name}: {error.Message}",
            target,
            "Try again. If it comes back, report it with what Get-Error shows.",
            error));

    private static ErrorCategory CategoryOf(ClaudeTaskErrorId id) => id switch
    {
        ClaudeTaskErrorId.InvalidPrompt or ClaudeTaskErrorId.InvalidArgument or ClaudeTaskErrorId.AgentArgumentRefused
            or ClaudeTaskErrorId.TemplateValueMissing => ErrorCategory.InvalidArgument,
        ClaudeTaskErrorId.RepositoryNotFound or ClaudeTaskErrorId.TaskNotFound or ClaudeTaskErrorId.GateNotFound
            or ClaudeTaskErrorId.SessionNotFound or ClaudeTaskErrorId.QuestionNotFound or ClaudeTaskErrorId.RuleNotFound
            or ClaudeTaskErrorId.ConversationNotFound or ClaudeTaskErrorId.TemplateNotFound => ErrorCategory.ObjectNotFound,
        ClaudeTaskErrorId.SessionExists or ClaudeTaskErrorId.ReportExists => ErrorCategory.ResourceExists,
        ClaudeTaskErrorId.NotARepository => ErrorCategory.InvalidType,
        ClaudeTaskErrorId.GitUnusable => ErrorCategory.NotInstalled,
        ClaudeTaskErrorId.TaskStateConflict or ClaudeTaskErrorId.DiffNotAvailable or ClaudeTaskErrorId.TaskBlocked
            or ClaudeTaskErrorId.TaskSuspended or ClaudeTaskErrorId.QuestionClosed => ErrorCategory.InvalidOperation,
        ClaudeTaskErrorId.EditedSince or ClaudeTaskErrorId.MergeConflict or ClaudeTaskErrorId.ReportNotWritten => ErrorCategory.WriteError,
        ClaudeTaskErrorId.CommitRefused => ErrorCategory.OperationStopped,
        ClaudeTaskErrorId.UserRequired => ErrorCategory.PermissionDenied,
        ClaudeTaskErrorId.WaitTimedOut => ErrorCategory.OperationTimeout,
        ClaudeTaskErrorId.StoreUnusable => ErrorCategory.OpenError,
        ClaudeTaskErrorId.StoreTooNew or ClaudeTaskErrorId.StoreCorrupt => ErrorCategory.InvalidData,
        ClaudeTaskErrorId.StoreBusy => ErrorCategory.ResourceBusy,
        ClaudeTaskErrorId.WorkerNotStarted or ClaudeTaskErrorId.TerminalRequired => ErrorCategory.ResourceUnavailable,
        ClaudeTaskErrorId.TaskFailed or ClaudeTaskErrorId.GitFailed => ErrorCategory.OperationStopped,
        _ => ErrorCategory.NotSpecified,
    };
}
