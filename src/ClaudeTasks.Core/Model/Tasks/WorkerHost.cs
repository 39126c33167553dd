namespace ClaudeTasks.Model;

/// <summary>Where the tasks of a call run.</summary>
public abstract record WorkerHost
{
    private WorkerHost()
    {
    }

    /// <summary>Inside this process: they end with it.</summary>
    /// <param name="QuestionScript">Runs the users' code that decides questions; null where nothing can.</param>
    public sealed record InProcess(IQuestionScript? QuestionScript = null) : WorkerHost;

    /// <summary>In a process of their own that outlives the caller.</summary>
    /// <param name="Program">The program to start, as a full path.</param>
    /// <param name="Arguments">Its arguments for a worker's id; in the end they must call <c>ClaudeTaskEngine.RunWorkerAsync</c>.</param>
    public sealed record Detached(string Program, Func<Guid, IReadOnlyList<string>> Arguments) : WorkerHost
    {
        /// <summary>
        /// An assembly whose startup hook (.NET's <c>DOTNET_STARTUP_HOOKS</c>) does the same before the program itself begins, to which it
        /// then never comes; null for none. The program must be able without it: hooks can be switched off.
        /// </summary>
        public string? StartupHook { get; init; }
    }
}
