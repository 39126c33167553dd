using System.Collections.Concurrent;
using System.Management.Automation;
using ClaudeTasks.Engine;
using ClaudeTasks.Model;
using ClaudeTasks.Pipeline;
using ClaudeTasks.Views;

namespace ClaudeTasks.Timeline;

/// <summary>
/// Does what keys ask for, one thing at a time and beside the screen, as a commit hook may take its time. What came of it is put into the model
/// by <see cref="Finish"/>, on the thread that draws.
/// </summary>
internal sealed class TimelineActions(ClaudeTaskEngine engine)
{
    private const int MostDiffLines = ScrollText.MostLines - 10;

    private readonly ConcurrentQueue<Action<TimelineModel>> _done = [];
    private Task _atWork = Task.CompletedTask;

    /// <summary>Whether something goes on.</summary>
    public bool IsBusy => !_atWork.IsCompleted || !_done.IsEmpty;

    /// <summary>Begins what was asked for. While something goes on, nothing else is begun.</summary>
    public void Begin(TimelineRequest request, TimelineModel model)
    {
        if (IsBusy)
        {
            return;
        }

        model.SetDoing(request.Doing.Length > 0 ? request.Doing : null);
        _atWork = Task.Run(() => _done.Enqueue(Try(request)));
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

    private Action<TimelineModel> Try(TimelineRequest request)
    {
        try
        {
            return Do(request);
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

    private Action<TimelineModel> Do(TimelineRequest request)
    {
        switch (request)
        {
            case TimelineRequest.Stop(var id):
                var left = StopView.LeftFiles(engine.Get(id));
                var isAsked = engine.RequestStop(id);
                return model => model.Tell(isAsked ? left ?? $"Task {id} was asked to stop." : $"Task {id} had ended already.", left is null ? Tone.Plain : Tone.Attention);
            case TimelineRequest.Approve(var id):
                var approved = engine.Approve(id, null, _ => true, force: false);
                return model => model.Tell($"Task {id} was committed{(approved.CommittedSha is { } sha ? $" as {sha[..10]}" : "")}. Undo-ClaudeTask {id} takes it back.", Tone.Good);
            case TimelineRequest.Deny(var id):
                engine.Reject(id, null, _ => true);
                return model => model.Tell($"The files of task {id} were put back. Undo-ClaudeTask {id} takes that back.", Tone.Good);
            case TimelineRequest.Answer(var id, var answer):
                engine.Answer(id, answer, ModuleWorker.Host);
                return model => model.Tell($"Question {id} was answered.", Tone.Good);
            case TimelineRequest.ShowQuestion(var id):
                return engine.GetQuestions(id) is [var question, ..]
                    ? model => model.Ask(question)
                    : model => model.Tell($"Task {id} asks nothing.", Tone.Attention);
            case TimelineRequest.ShowDiff(var id):
                var lines = ReadDiff(id);
                return model => model.Show($"What task {id} changed", lines);
            default:
                return _ => { };
        }
    }

    private List<ToneLine> ReadDiff(int id)
    {
        var lines = new List<ToneLine>();
        foreach (var change in engine.GetChanges(id).Select(change => PSObject.AsPSObject(change)))
        {
            lines.Add(new ToneLine($"{ChangeView.Title(change)}  {ChangeView.Counts(change)}", Tone.Heading));
            lines.AddRange(ChangeView.Hunks(change, "", "", "", "").Split('\n').Select(ToneLine.OfHunk));
            lines.Add(new ToneLine(""));
            if (lines.Count > MostDiffLines)
            {
                return [.. lines.Take(MostDiffLines), new ToneLine($"… and more: Get-ClaudeTaskDiff {id} shows all of it.", Tone.Attention)];
            }
        }

        return lines.Count > 0 ? lines : [new ToneLine("It changed nothing.", Tone.Faint)];
    }
}
