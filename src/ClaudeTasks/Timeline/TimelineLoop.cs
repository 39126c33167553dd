using System.Reactive.Linq;
using ClaudeTasks.Engine;

namespace ClaudeTasks.Timeline;

/// <summary>
/// The live timeline: looks for keys, changes and resizes, and once a second at the clock while something runs. All of it is done on the
/// calling thread; only what keys ask for is done beside it. It sleeps between looks, as waiting for all of these at once costs more than
/// looking.
/// </summary>
internal sealed class TimelineLoop(ClaudeTaskEngine engine, TimelineModel model, TimelineSource source, TimelineScreen screen)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>Between two looks while no task is at work.</summary>
    private static readonly TimeSpan IdleInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>Between two looks while one is.</summary>
    private static readonly TimeSpan QuietInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Between two looks after a key, for whoever types.</summary>
    private static readonly TimeSpan BusyInterval = TimeSpan.FromMilliseconds(20);

    private readonly TimelineActions _actions = new(engine);
    private DateTime _pressed;
    private bool _isQuitting;

    /// <summary>Runs until the user quits, or the terminal is gone.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public void Run(CancellationToken stop)
    {
        using var changes = engine.Events.ObserveChanges().MostRecent(-1).GetEnumerator();
        var (next, seen) = (DateTime.MinValue, -2L);
        while (!screen.IsGone && !(_isQuitting && !_actions.IsBusy))
        {
            var now = DateTime.UtcNow;
            var isNew = Resize() | Press(now, stop) | _actions.Finish(model);

            if (now >= next && changes.MoveNext())
            {
                if (changes.Current != seen)
                {
                    seen = changes.Current;
                    source.Refresh(model);
                    isNew = true;
                }

                // A loud task in a large store does not keep the screen busier than it is worth.
                var took = DateTime.UtcNow - now;
                next = now + (took * 10 > QuietInterval ? took * 10 : QuietInterval);
            }

            var isAtWork = model.Tasks.Any(task => task.IsAtWork);
            if (isNew || (isAtWork && now - model.Now >= Second))
            {
                (model.Now, model.Frame) = (now, model.Frame + 1);
                screen.Draw(ScreenRows.Of(model), (model.Width, model.Height));
            }

            stop.WaitHandle.WaitOne(now - _pressed < Second ? BusyInterval : isAtWork ? QuietInterval : IdleInterval);
            stop.ThrowIfCancellationRequested();
        }
    }

    private bool Resize()
    {
        var (width, height) = TimelineScreen.Size;
        var isOther = (width, height) != (model.Width, model.Height);
        (model.Width, model.Height) = (width, height);
        return isOther;
    }

    private bool Press(DateTime now, CancellationToken stop)
    {
        var any = false;
        while (TimelineScreen.ReadKey() is { } key)
        {
            any = true;
            _pressed = now;
            var selected = model.Output;
            var request = model.Press(key);
            _isQuitting |= request is TimelineRequest.Quit;
            if (request is not null and not TimelineRequest.Quit)
            {
                _actions.Begin(request, model, stop);
            }

            if (model.Output != selected)
            {
                source.RefreshOutput(model);
            }
        }

        return any;
    }
}
