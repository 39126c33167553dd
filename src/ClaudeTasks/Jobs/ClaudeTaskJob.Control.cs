using System.ComponentModel;
using System.Management.Automation;
using ClaudeTasks.Pipeline;

namespace ClaudeTasks.Jobs;

/// <content>What PowerShell can ask of a job, asked of its task.</content>
public sealed partial class ClaudeTaskJob
{
    /// <summary>Stops the task, and returns when it has stopped.</summary>
    public override void StopJob() => Bridge.Run(_ => StopAsync(), CancellationToken.None);

    /// <inheritdoc cref="StopJob()"/>
    public override void StopJob(bool force, string reason) => StopJob();

    /// <summary>Stops the task.</summary>
    public override void StopJobAsync() => Begin(StopAsync, OnStopJobCompleted);

    /// <inheritdoc cref="StopJobAsync()"/>
    public override void StopJobAsync(bool force, string reason) => StopJobAsync();

    /// <summary>Asks for the task to pause.</summary>
    public override void SuspendJob() => Suspend();

    /// <inheritdoc cref="SuspendJob()"/>
    public override void SuspendJob(bool force, string reason) => SuspendJob();

    /// <inheritdoc cref="SuspendJob()"/>
    public override void SuspendJobAsync() => Begin(Suspend, OnSuspendJobCompleted);

    /// <inheritdoc cref="SuspendJob()"/>
    public override void SuspendJobAsync(bool force, string reason) => SuspendJobAsync();

    /// <summary>Lets the task go on after a pause, in a new worker.</summary>
    public override void ResumeJob() => Bridge.Run(_ => ResumeAsync(), CancellationToken.None);

    /// <inheritdoc cref="ResumeJob"/>
    public override void ResumeJobAsync() => Begin(ResumeAsync, OnResumeJobCompleted);

    /// <summary>Not possible: the task is on its way when its job is made.</summary>
    public override void StartJob() => throw new InvalidJobStateException(JobStateInfo.State, "A task is started by Start-ClaudeTask.");

    /// <inheritdoc cref="StartJob"/>
    public override void StartJobAsync() => Begin(StartJob, OnStartJobCompleted);

    /// <summary>Not possible: only an answer lets the task go on.</summary>
    public override void UnblockJob() =>
        throw new InvalidJobStateException(
            JobStateInfo.State, $"Answer what task {_task.Id} asks: Get-ClaudeTaskQuestion -Task {_task.Id}, Resolve-ClaudeTaskQuestion.");

    /// <inheritdoc cref="UnblockJob"/>
    public override void UnblockJobAsync() => Begin(UnblockJob, OnUnblockJobCompleted);

    private async Task StopAsync()
    {
        await _engine.Tasks.RequestStopAsync(_task.Id, CancellationToken.None).ConfigureAwait(false);
        await _ended.Task.ConfigureAwait(false);
    }

    private void Suspend() => _engine.Conversations.Suspend(_task.Id);

    private Task ResumeAsync() => _engine.Conversations.ResumeAsync(_task.Id, ModuleWorker.Host, CancellationToken.None);

    private static void Begin(Action action, Action<AsyncCompletedEventArgs> completed) => Begin(
        () =>
        {
            action();
            return System.Threading.Tasks.Task.CompletedTask;
        },
        completed);

    private static void Begin(Func<Task> action, Action<AsyncCompletedEventArgs> completed) => System.Threading.Tasks.Task.Run(async () =>
    {
        Exception? error = null;
        try
        {
            await action().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            error = e;
        }

        completed(new AsyncCompletedEventArgs(error, cancelled: false, userState: null));
    });
}
