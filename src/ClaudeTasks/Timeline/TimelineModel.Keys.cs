using ClaudeTasks.Model;
using ClaudeTasks.Views;

namespace ClaudeTasks.Timeline;

/// <content>What keys do.</content>
internal sealed partial class TimelineModel
{
    private (string Caption, ScrollText Text)? _page;
    private (string Question, TimelineRequest Request)? _confirm;

    /// <summary>Takes a key.</summary>
    /// <returns>What it asks for, where it is not done with it.</returns>
    public TimelineRequest? Press(ConsoleKeyInfo key)
    {
        Notice = null;
        if (_confirm is { } confirm)
        {
            _confirm = null;
            return key.KeyChar is 'y' or 'Y' ? confirm.Request : null;
        }

        var meaning = TimelineKeys.Of(key);
        if (Page is { } page && Scroll(page.Text, meaning, canFollow: false, isOnly: Dialog is not { IsTyping: true }))
        {
            return null;
        }

        if (Dialog is not null)
        {
            return PressInDialog(Dialog, key);
        }

        if (_page is not null)
        {
            _page = meaning is TimelineKey.Back or TimelineKey.Quit or TimelineKey.Diff or TimelineKey.Help ? null : _page;
            return null;
        }

        return Scroll(Output, meaning, canFollow: true, isOnly: false) ? null : PressInList(meaning);
    }

    private TimelineRequest.Answer? PressInDialog(QuestionDialog dialog, ConsoleKeyInfo key)
    {
        var (answer, isOver) = dialog.Press(key);
        Dialog = isOver ? null : dialog;
        return answer is null ? null : new TimelineRequest.Answer(dialog.Question, answer);
    }

    private TimelineRequest? PressInList(TimelineKey key)
    {
        switch (key)
        {
            case TimelineKey.Up:
                Select(_selected - 1);
                return null;
            case TimelineKey.Down:
                Select(_selected + 1);
                return null;
            case TimelineKey.Follow:
                var view = ScreenLayout.Of(this);
                Output.Toggle(Width, view.OutputRows);
                return null;
            case TimelineKey.Help:
                Show("Keys", TimelineKeys.Help.Select(line => new ToneLine(line)));
                return null;
            case TimelineKey.Quit:
                return new TimelineRequest.Quit();
            default:
                return Selected is { } selected ? PressOnTask(key, selected.Task) : null;
        }
    }

    private TimelineRequest? PressOnTask(TimelineKey key, ClaudeTask task) => key switch
    {
        TimelineKey.Diff => new TimelineRequest.ShowDiff(task.Id),
        TimelineKey.Answer => new TimelineRequest.ShowQuestion(task.Id),
        TimelineKey.Stop => Confirm(
            task, "stop", !task.IsEnded && task.Status != ClaudeTaskStatus.Approved,
            $"Stop task {task.Id}?", new TimelineRequest.Stop(task.Id)),
        TimelineKey.Approve => Confirm(
            task, "approve", StatusTable.Of(task.Status).NeedsDecision,
            $"Commit what task {task.Id} changed ({TaskView.Changes(task)})?", new TimelineRequest.Approve(task.Id)),
        TimelineKey.Deny => Confirm(
            task, "deny",
            task is
            {
                FilesChanged: > 0,
                Status: ClaudeTaskStatus.WaitingApproval or ClaudeTaskStatus.QaFailed
                    or ClaudeTaskStatus.Failed or ClaudeTaskStatus.Cancelled
            },
            $"Put the files of task {task.Id} back ({TaskView.Changes(task)})?", new TimelineRequest.Deny(task.Id)),
        _ => null,
    };

    private TimelineRequest? Confirm(ClaudeTask task, string what, bool canBe, string question, TimelineRequest request)
    {
        if (canBe)
        {
            _confirm = ($"{question} y/n", request);
        }
        else
        {
            Tell($"Task {task.Id} is {task.Status}: there is nothing to {what}.", Tone.Attention);
        }

        return null;
    }

    private void Select(int place)
    {
        place = Math.Clamp(place, 0, Math.Max(0, Tasks.Count - 1));
        if (place != _selected)
        {
            _selected = place;
            Output = new ScrollText(follows: true);
        }
    }

    /// <param name="text">What is scrolled.</param>
    /// <param name="key">The key.</param>
    /// <param name="canFollow">Whether the end is followed once it is reached.</param>
    /// <param name="isOnly">Whether the keys that select scroll, too.</param>
    private bool Scroll(ScrollText text, TimelineKey key, bool canFollow, bool isOnly)
    {
        var layout = ScreenLayout.Of(this);
        var height = Page is null ? layout.OutputRows : layout.PageRows;
        int? rows = key switch
        {
            TimelineKey.PageUp => -Math.Max(1, height - 1),
            TimelineKey.PageDown => Math.Max(1, height - 1),
            TimelineKey.Home => int.MinValue,
            TimelineKey.End => int.MaxValue,
            TimelineKey.Up when isOnly => -1,
            TimelineKey.Down when isOnly => 1,
            _ => null,
        };
        if (rows is { } count)
        {
            text.Scroll(count, Width, height, canFollow);
        }

        return rows is not null;
    }
}
