namespace ClaudeTasks.Model;

/// <summary>The catalogue of errors. The names are part of every error's id and so a public contract.</summary>
public enum ClaudeTaskErrorId
{
    /// <summary>The prompt is empty, blank, too long, or holds a character that cannot be sent.</summary>
    InvalidPrompt,

    /// <summary>A parameter's value cannot be used.</summary>
    InvalidArgument,

    /// <summary>A flag for the agent would break the protocol that ClaudeTasks speaks with it.</summary>
    AgentArgumentRefused,

    /// <summary>The repository's folder does not exist, is a file, or cannot be read.</summary>
    RepositoryNotFound,

    /// <summary>The folder is not in a git work tree.</summary>
    NotARepository,

    /// <summary>git is missing or older than 2.30.</summary>
    GitUnusable,

    /// <summary>A git command failed.</summary>
    GitFailed,

    /// <summary>No task has that id.</summary>
    TaskNotFound,

    /// <summary>No session has that name.</summary>
    SessionNotFound,

    /// <summary>No gate has that name.</summary>
    GateNotFound,

    /// <summary>No template has that name.</summary>
    TemplateNotFound,

    /// <summary>A placeholder of the template was given no value.</summary>
    TemplateValueMissing,

    /// <summary>The repository has a session with that name already.</summary>
    SessionExists,

    /// <summary>No question has that id.</summary>
    QuestionNotFound,

    /// <summary>The question was answered already, or asked no longer.</summary>
    QuestionClosed,

    /// <summary>No rule has that id.</summary>
    RuleNotFound,

    /// <summary>The task has no conversation that could go on.</summary>
    ConversationNotFound,

    /// <summary>What was asked cannot be done with the task as it is now.</summary>
    TaskStateConflict,

    /// <summary>Files of the task were changed since it ended; nothing of them was overwritten.</summary>
    EditedSince,

    /// <summary>The task's work and somebody else's are in the same places; nothing was changed.</summary>
    MergeConflict,

    /// <summary>git, a hook or the signing refused to make the commit.</summary>
    CommitRefused,

    /// <summary>The task has no diff yet.</summary>
    DiffNotAvailable,

    /// <summary>The report's file exists and must not be replaced.</summary>
    ReportExists,

    /// <summary>The report's file cannot be written.</summary>
    ReportNotWritten,

    /// <summary>The task ended badly.</summary>
    TaskFailed,

    /// <summary>Something went wrong while the task ran; it may have ended well all the same.</summary>
    TaskReportedError,

    /// <summary>The task waits behind another one that a person must decide.</summary>
    TaskBlocked,

    /// <summary>The task is suspended.</summary>
    TaskSuspended,

    /// <summary>The time given to wait was over first.</summary>
    WaitTimedOut,

    /// <summary>The store's folder or file cannot be used.</summary>
    StoreUnusable,

    /// <summary>The store was written by a newer version.</summary>
    StoreTooNew,

    /// <summary>The file is no SQLite database, or it is damaged.</summary>
    StoreCorrupt,

    /// <summary>Another process held the store for too long, or one of an older version is at work on it.</summary>
    StoreBusy,

    /// <summary>No <c>pwsh</c> to run a worker with, or it did not start.</summary>
    WorkerNotStarted,

    /// <summary>The command belongs to the user, and a process of a task called it.</summary>
    UserRequired,

    /// <summary>What was asked for needs a terminal with somebody at it, and there is none.</summary>
    TerminalRequired,

    /// <summary>Something failed that should not have.</summary>
    InternalError,
}
