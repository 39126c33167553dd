using System.Runtime.InteropServices;
using System.Text;

namespace ClaudeTasks.Timeline;

/// <summary>
/// The terminal while the timeline has it: its other screen, no cursor, no wrapping. It is given back by <see cref="Dispose"/>, by a signal
/// that ends the process, and by the process's end, whichever comes first; after that nothing is drawn any more. Thread-safe.
/// </summary>
internal sealed class TimelineScreen : IDisposable
{
    private const string Enter = "\e[?1049h\e[?25l\e[?7l";
    private const string Leave = "\e[0m\e[?7h\e[?25h\e[?1049l";

    private readonly object _lock = new();
    private readonly Palette _palette;
    private readonly List<PosixSignalRegistration> _signals = [];
    private readonly Encoding _encoding = Console.OutputEncoding;
    private IReadOnlyList<ToneLine> _drawn = [];
    private (int Width, int Height) _drawnSize;

    public TimelineScreen(Palette palette)
    {
        _palette = palette;
        if (OperatingSystem.IsWindows())
        {
            Console.OutputEncoding = Encoding.UTF8;
        }

        // Ctrl+Break on Windows and Ctrl+C are PowerShell's, which stops the pipeline, and so disposes this.
        PosixSignal[] signals = OperatingSystem.IsWindows()
            ? [PosixSignal.SIGTERM, PosixSignal.SIGHUP]
            : [PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT];
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        _signals.AddRange(signals.Select(signal => PosixSignalRegistration.Create(signal, _ => GiveBack())));
        Console.Out.Write(Enter);
    }

    /// <summary>Whether the terminal was given back.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Columns and rows as they are now.</summary>
    public static (int Width, int Height) Size => (Math.Max(1, Console.WindowWidth), Math.Max(1, Console.WindowHeight));

    /// <summary>The next key that was pressed; null where there is none.</summary>
    public static ConsoleKeyInfo? ReadKey() => Console.KeyAvailable ? Console.ReadKey(intercept: true) : null;

    /// <summary>Shows the rows; only those that changed are written.</summary>
    public void Draw(IReadOnlyList<ToneLine> rows, (int Width, int Height) size)
    {
        var text = new StringBuilder();
        if (size != _drawnSize)
        {
            text.Append("\e[2J");
            (_drawn, _drawnSize) = ([], size);
        }

        for (var i = 0; i < rows.Count; i++)
        {
            if (i >= _drawn.Count || _drawn[i] != rows[i])
            {
                // Cleared before it is written: behind the last column, clearing would take the last character with it.
                text.Append($"\e[{i + 1};1H\e[K").Append(_palette.Paint(rows[i]));
            }
        }

        _drawn = rows;
        Write(text.ToString());
    }

    /// <summary>Writes what takes no room, such as a bell.</summary>
    public void Write(string text)
    {
        lock (_lock)
        {
            if (!IsGone && text.Length > 0)
            {
                Console.Out.Write(text);
            }
        }
    }

    public void Dispose()
    {
        GiveBack();
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        _signals.ForEach(signal => signal.Dispose());
        if (OperatingSystem.IsWindows())
        {
            Console.OutputEncoding = _encoding;
        }
    }

    private void OnExit(object? sender, EventArgs e) => GiveBack();

    private void GiveBack()
    {
        lock (_lock)
        {
            if (!IsGone)
            {
                IsGone = true;
                Console.Out.Write(Leave);
                Console.Out.Flush();
            }
        }
    }
}
