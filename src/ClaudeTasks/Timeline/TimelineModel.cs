using ClaudeTasks.Model;

namespace ClaudeTasks.Timeline;

/// <summary>
/// All that the timeline shows, and what its keys do to it. It knows no terminal and no store: what it cannot do by itself it asks for with
/// a <see cref="TimelineRequest"/>. For one thread.
/// </summary>
/// <param name="title">What is shown, for the first row.</param>
/// <param name="whenEmpty">What is said while there is no task.</param>
internal sealed partial class TimelineModel(string title, string whenEmpty)
{
    private int _selected;

    public string Title => title;

    public string WhenEmpty => whenEmpty;

    /// <summary>The screen's columns.</summary>
    public int Width { get; set; } = 80;

    /// <summary>The screen's rows.</summary>
    public int Height { get; set; } = 24;

    /// <summary>The moment that is shown, UTC.</summary>
    public DateTime Now { get; set; } = DateTime.UtcNow;

    /// <summary>The picture of the spinners.</summary>
    public int Frame { get; set; }

    /// <summary>The tasks in the order of time.</summary>
    public IReadOnlyList<TimelineTask> Tasks { get; private set; } = [];

    /// <summary>The place of the selected task.</summary>
    public int SelectedIndex => _selected;

    /// <summary>The task whose output is shown.</summary>
    public TimelineTask? Selected => _selected < Tasks.Count ? Tasks[_selected] : null;

    /// <summary>What the selected task said and did.</summary>
    public ScrollText Output { get; private set; } = new(follows: true);

    /// <summary>A page over list and output: a diff, the help, a question. Null where there is none.</summary>
    public (string Caption, ScrollText Text)? Page => Dialog is not null ? (Dialog.Caption, Dialog.Text) : _page;

    /// <summary>The question that is being answered.</summary>
    public QuestionDialog? Dialog { get; private set; }

    /// <summary>What is to be confirmed with y or n.</summary>
    public string? Confirmation => _confirm?.Question;

    /// <summary>What is told until the next key.</summary>
    public ToneLine? Notice { get; private set; }

    /// <summary>What is being done; nothing else can be asked for meanwhile.</summary>
    public string? Doing { get; private set; }

    /// <summary>
    /// Takes the tasks as they are now. The selected one stays selected; at first it is one that is at work or needs somebody.
    /// </summary>
    public void SetTasks(IReadOnlyList<TimelineTask> tasks)
    {
        var before = Selected?.Task.Id;
        var wasEmpty = Tasks.Count == 0;
        var place = -1;
        for (var i = 0; i < tasks.Count && place < 0; i++)
        {
            place = wasEmpty ? (tasks[i].IsAtWork || tasks[i].NeedsPerson ? i : -1) : tasks[i].Task.Id == before ? i : -1;
        }

        Tasks = tasks;
        _selected = place >= 0 ? place : Math.Clamp(wasEmpty ? tasks.Count - 1 : _selected, 0, Math.Max(0, tasks.Count - 1));
        if (Selected?.Task.Id != before)
        {
            Output = new ScrollText(follows: true);
        }
    }

    /// <summary>Adds what the selected task said and did.</summary>
    public void AddOutput(IEnumerable<ClaudeTaskEvent> events)
    {
        foreach (var line in events.SelectMany(ToneLine.Of))
        {
            Output.Add(line);
        }
    }

    /// <summary>Shows a page over the rest.</summary>
    public void Show(string caption, IEnumerable<ToneLine> lines) => _page = (caption, new ScrollText(follows: false, lines));

    /// <summary>Puts a question.</summary>
    public void Ask(ClaudeTaskQuestion question) => Dialog = new QuestionDialog(question);

    /// <summary>Tells something until the next key.</summary>
    public void Tell(string text, Tone tone = Tone.Plain) => Notice = new ToneLine(text.ReplaceLineEndings(" "), tone);

    /// <summary>Something is begun, or over (null).</summary>
    public void SetDoing(string? doing) => Doing = doing;
}
