using ClaudeTasks.Engine;
using ClaudeTasks.Model;
using ClaudeTasks.Reporting;

namespace ClaudeTasks.Tests.Support;

/// <summary>The engine as tests call it: without cancellation, and waiting for the end of each call.</summary>
internal static class EngineCalls
{
    public static ClaudeTask Add(this TaskSubmission submission, ClaudeTaskRequest request) => Wait(submission.AddAsync(request, default));

    public static TaskSubmission Submit(this ClaudeTaskEngine engine, WorkerHost host) => engine.Tasks.Submit(host);

    public static ClaudeTask Get(this ClaudeTaskEngine engine, int id) => engine.Tasks.Get(id);

    public static IReadOnlyList<ClaudeTask> GetAll(this ClaudeTaskEngine engine, IReadOnlyCollection<int> ids) => engine.Tasks.GetAll(ids);

    public static IEnumerable<ClaudeTask> Query(this ClaudeTaskEngine engine, TaskQuery query) =>
        Wait(engine.Tasks.QueryAsync(query, default));

    public static long Count(this ClaudeTaskEngine engine, TaskQuery query) => Wait(engine.Tasks.CountAsync(query, default));

    public static ClaudeTask? FindBlocker(this ClaudeTaskEngine engine, ClaudeTask task) => engine.Tasks.FindBlocker(task);

    public static bool RequestStop(this ClaudeTaskEngine engine, int id) => Wait(engine.Tasks.RequestStopAsync(id, default));

    public static void Remove(this ClaudeTaskEngine engine, int id, bool force = false) =>
        Wait(engine.Tasks.RemoveAsync(id, force, default));

    public static void RecoverLostTasks(this ClaudeTaskEngine engine) => engine.Recover();

    public static IEnumerable<ClaudeTaskEvent> ReadEvents(
        this ClaudeTaskEngine engine, int id, IReadOnlyCollection<ClaudeTaskEventKind> kinds, CancellationToken cancellation) =>
        engine.Events.Read(id, kinds, cancellation);

    public static void WaitUntil(
        this ClaudeTaskEngine engine, IReadOnlyCollection<int> ids, Func<ClaudeTask, bool> isThere, CancellationToken cancellation) =>
        Wait(engine.Events.WaitUntilAsync(ids, isThere, cancellation));

    public static IReadOnlyList<ClaudeTaskMeasure> Measure(this ClaudeTaskEngine engine, ClaudeTaskGrouping grouping, TaskQuery query) =>
        Wait(engine.Statistics.MeasureAsync(grouping, query, null, null, default));

    public static IReadOnlyList<ClaudeTaskChange> GetChanges(
        this ClaudeTaskEngine engine, int id, ClaudeTaskChangeSource source = ClaudeTaskChangeSource.Task, bool withPatches = true) =>
        Wait(engine.Changes.GetAsync(id, source, withPatches, default));

    public static byte[] GetPatch(this ClaudeTaskEngine engine, int id, Func<ClaudeTaskChange, bool>? matches = null) =>
        engine.Changes.GetPatch(id, matches);

    public static ClaudeTask Approve(
        this ClaudeTaskEngine engine, int id, string? message, Func<string, bool> matches, bool force, bool keepBranch = false) =>
        Wait(engine.Decisions.ApproveAsync(id, message, matches, force, keepBranch, null, default));

    public static ClaudeTask Reject(this ClaudeTaskEngine engine, int id, string? reason, Func<string, bool> matches) =>
        Wait(engine.Decisions.RejectAsync(id, reason, matches, default));

    public static ClaudeTask Undo(this ClaudeTaskEngine engine, int id) => Wait(engine.Decisions.UndoAsync(id, default));

    public static ClaudeTaskGate RegisterGate(this ClaudeTaskEngine engine, ClaudeTaskGate gate) =>
        Wait(engine.Gates.RegisterAsync(gate, default));

    public static void UnregisterGate(this ClaudeTaskEngine engine, string name, string? repository) =>
        Wait(engine.Gates.UnregisterAsync(name, repository, default));

    public static IReadOnlyList<ClaudeTaskGate> GetGates(this ClaudeTaskEngine engine, string? repository) =>
        Wait(engine.Gates.GetAsync(repository, default));

    public static IReadOnlyList<ClaudeTaskGateResult> GetGateResults(this ClaudeTaskEngine engine, int id) => engine.Gates.GetResults(id);

    public static void RequestGates(this ClaudeTaskEngine engine, int id, IReadOnlyList<string>? names, WorkerHost host) =>
        Wait(engine.Gates.RequestAsync(id, names, host, default));

    public static IReadOnlyList<ClaudeTaskAttempt> GetAttempts(this ClaudeTaskEngine engine, int id) =>
        engine.Conversations.GetAttempts(id);

    public static void Say(this ClaudeTaskEngine engine, int id, string text, WorkerHost host) =>
        Wait(engine.Conversations.SayAsync(id, text, host, default));

    public static void Repair(this ClaudeTaskEngine engine, int id, WorkerHost host) =>
        Wait(engine.Conversations.RepairAsync(id, host, default));

    public static void Suspend(this ClaudeTaskEngine engine, int id) => engine.Conversations.Suspend(id);

    public static void Resume(this ClaudeTaskEngine engine, int id, WorkerHost host) =>
        Wait(engine.Conversations.ResumeAsync(id, host, default));

    public static ClaudeTask Restart(this ClaudeTaskEngine engine, int id, WorkerHost host) =>
        Wait(engine.Conversations.RestartAsync(id, host, default));

    public static IReadOnlyList<ClaudeTaskQuestion> GetQuestions(this ClaudeTaskEngine engine, int? task = null, bool all = false) =>
        engine.Questions.GetAll(task, all);

    public static ClaudeTaskQuestion GetQuestion(this ClaudeTaskEngine engine, int id) => engine.Questions.Get(id);

    public static ClaudeTaskQuestion Answer(this ClaudeTaskEngine engine, int id, QuestionAnswer answer, WorkerHost host) =>
        Wait(engine.Questions.AnswerAsync(id, answer, host, default));

    public static IReadOnlyList<ClaudeTaskRule> GetRules(this ClaudeTaskEngine engine, string? repository) =>
        Wait(engine.Questions.GetRulesAsync(repository, default));

    public static IReadOnlyList<ClaudeTaskSession> GetSessions(this ClaudeTaskEngine engine, string? repository = null) =>
        Wait(engine.Sessions.GetAllAsync(repository, default));

    public static ClaudeTaskSession CreateSession(this ClaudeTaskEngine engine, string name, string repository) =>
        Wait(engine.Sessions.CreateAsync(name, repository, default));

    public static ClaudeTaskSession RenameSession(this ClaudeTaskEngine engine, string name, string repository, string newName) =>
        Wait(engine.Sessions.RenameAsync(name, repository, newName, default));

    public static void RemoveSession(this ClaudeTaskEngine engine, string name, string repository) =>
        Wait(engine.Sessions.RemoveAsync(name, repository, default));

    public static IReadOnlyList<int> GetSessionTasks(this ClaudeTaskEngine engine, string name, string repository) =>
        Wait(engine.Sessions.GetTasksAsync(name, repository, default));

    public static ClaudeTaskReport CreateReport(
        this ClaudeTaskEngine engine, string? title, IEnumerable<int> ids, CancellationToken cancellation) =>
        Wait(engine.Reports.CreateAsync(title, ids, cancellation));

    private static T Wait<T>(Task<T> call) => call.GetAwaiter().GetResult();

    private static void Wait(Task call) => call.GetAwaiter().GetResult();
}
