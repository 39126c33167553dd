using System.Collections.Concurrent;
using System.Management.Automation;
using ClaudeTasks.Engine;
using ClaudeTasks.Model;
using ClaudeTasks.Pipeline;
using ClaudeTasks.Views;

namespace ClaudeTasks.Timeline;

/// <summary>
/// Does what keys ask for, one thing at a time and beside the screen, as a commit hook may take its time. What came of it is put into the
/// model by <see cref="Finish"/>, on the thread that draws.
/// </summary>
internal sealed class TimelineActions(ClaudeTaskEngine engine)
{
    private const int MostDiffLines = ScrollText.MostLines - 10;

    private readonly ConcurrentQueue<Action<TimelineModel>> _done = [];
    private Task _atWork = Task.CompletedTask;

    /// <summary>Whether something goes on.</summary>
    public bool IsBusy => !_atWork.IsCompleted || !_done.IsEmpty;

    /// <summary>Begins what was asked for. While something goes on, nothing else is begun.</summary>
    public void Begin(TimelineRequest request, TimelineModel model, CancellationToken stop)
    {
        if (IsBusy)
        {
            return;
        }

        model.SetDoing(request.Doing.Length > 0 ? request.Doing : null);
        _atWork = Task.Run(async () => _done.Enqueue(await TryAsync(request, stop).ConfigureAwait(false)), CancellationToken.None);
    }

    /// <summary>Puts what came of it into the model.</summary>
    /// <returns>Whether there was something.</returns>
    public bool Finish(TimelineModel model)
    {
        var any = false;
        while (_done.TryDequeue(out var finish))
        {
            model.SetDoing(null);
            finish(model);
            any = true;
        }

        return any;
    }

    private async Task<Action<TimelineModel>> TryAsync(TimelineRequest request, CancellationToken stop)
    {
        try
        {
            return await DoAsync(request, stop).ConfigureAwait(false);
        }
        catch (ClaudeTaskException e)
        {
            return model => model.Tell($"{e.Message} {e.RecommendedAction}", Tone.Bad);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return model => model.Tell($"{e.GetType().Name}: {e.Message}", Tone.Bad);
        }
    }

    private async Task<Action<TimelineModel>> DoAsync(TimelineRequest request, CancellationToken stop)
    {
        switch (request)
        {
            case TimelineRequest.Stop(var id):
                var left = StopView.LeftFiles(engine.Tasks.Get(id));
                var isAsked = await engine.Tasks.RequestStopAsync(id, stop).ConfigureAwait(false);
                return model => model.Tell(
                    isAsked ? left ?? $"Task {id} was asked to stop." : $"Task {id} had ended already.",
                    left is null ? Tone.Plain : Tone.Attention);
            case TimelineRequest.Approve(var id):
                var approved = await engine.Decisions.ApproveAsync(
                    id, null, _ => true, force: false, keepBranch: false, onHook: null, stop).ConfigureAwait(false);
                return model => model.Tell(
                    $"Task {id} was committed{(approved.CommittedSha is { } sha ? $" as {sha[..10]}" : "")}. "
                        + $"Undo-ClaudeTask {id} takes it back.",
                    Tone.Good);
            case TimelineRequest.Deny(var id):
                await engine.Decisions.RejectAsync(id, null, _ => true, stop).ConfigureAwait(false);
                return model => model.Tell($"The files of task {id} were put back. Undo-ClaudeTask {id} takes that back.", Tone.Good);
            case TimelineRequest.Answer(var id, var answer):
                await engine.Questions.AnswerAsync(id, answer, ModuleWorker.Host, stop).ConfigureAwait(false);
                return model => model.Tell($"Question {id} was answered.", Tone.Good);
            case TimelineRequest.ShowQuestion(var id):
                return engine.Questions.GetAll(id, all: false) is [var question, ..]
                    ? model => model.Ask(question)
                    : model => model.Tell($"Task {id} asks nothing.", Tone.Attention);
            case TimelineRequest.ShowDiff(var id):
                var lines = await ReadDiffAsync(id, stop).ConfigureAwait(false);
                return model => model.Show($"What task {id} changed", lines);
            default:
                return _ => { };
        }
    }

    private async Task<List<ToneLine>> ReadDiffAsync(int id, CancellationToken stop)
    {
        var lines = new List<ToneLine>();
        var changes = await engine.Changes.GetAsync(id, ClaudeTaskChangeSource.Task, withPatches: true, stop).ConfigureAwait(false);
        foreach (var change in changes.Select(change => PSObject.AsPSObject(change)))
        {
            lines.Add(new ToneLine($"{ChangeView.Title(change)}  {ChangeView.Counts(change)}", Tone.Heading));
            lines.AddRange(ChangeView.Hunks(change, "", "", "", "").Split('\n').Select(ToneLine.OfHunk));
            lines.Add(new ToneLine(""));
            if (lines.Count > MostDiffLines)
            {
                return
                [
                    .. lines.Take(MostDiffLines),
                    new ToneLine($"… and more: Get-ClaudeTaskDiff {id} shows all of it.", Tone.Attention)
                ];
            }
        }

        return lines.Count > 0 ? lines : [new ToneLine("It changed nothing.", Tone.Faint)];
    }
}
