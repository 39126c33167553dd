using System.Text;
using System.Text.Json;

namespace ClaudeTasks.Git;

/// <summary>Follows a git command's own trace (trace2, in a file), and knows which hook runs now.</summary>
internal sealed class HookWatch : IAsyncDisposable
{
    /// <summary>The environment variable that has git write the trace.</summary>
    public const string Variable = "GIT_TRACE2_EVENT";

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Action<string>? _onHook;
    private readonly Timer? _timer;
    private readonly object _lock = new();
    private long _read;
    private int? _child;

    /// <param name="path">Where git writes its trace.</param>
    /// <param name="onHook">
    /// Called with each hook's name when it begins, on a thread of the pool. An exception that it throws is ignored.
    /// </param>
    public HookWatch(string path, Action<string>? onHook)
    {
        Path = path;
        _onHook = onHook;
        _timer = onHook is null ? null : new Timer(_ => LookAlone(), null, Interval, Interval);
    }

    /// <summary>The file of the trace.</summary>
    public string Path { get; }

    /// <summary>The hook that runs now, or ran when git was ended; null for none.</summary>
    public string? Current
    {
        get
        {
            Look();
            return field;
        }

        private set;
    }

    /// <summary>Stops following. When it has completed, the listener has returned and is not called again.</summary>
    public ValueTask DisposeAsync() => _timer?.DisposeAsync() ?? ValueTask.CompletedTask;

    private void LookAlone()
    {
        try
        {
            Look();
        }
        catch (Exception)
        {
            // The listener only shows progress. An exception on the timer's thread would end the process.
        }
    }

    /// <summary>Reads what was added to the trace. A trace that cannot be read now is read the next time.</summary>
    private void Look()
    {
        lock (_lock)
        {
            foreach (var line in ReadLines())
            {
                _read += Encoding.UTF8.GetByteCount(line) + 1;
                Take(line);
            }
        }
    }

    private string[] ReadLines()
    {
        if (!File.Exists(Path))
        {
            return [];
        }

        try
        {
            using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            file.Position = _read;
            using var reader = new StreamReader(file);
            return reader.ReadToEnd().Split('\n')[..^1];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>A git command that a hook runs writes to the same file; its session id names its parent's before a slash.</summary>
    private void Take(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            if (root.GetProperty("sid").GetString()!.Contains('/', StringComparison.Ordinal))
            {
                return;
            }

            switch (root.GetProperty("event").GetString())
            {
                case "child_start" when root.TryGetProperty("hook_name", out var name):
                    (_child, Current) = (root.GetProperty("child_id").GetInt32(), name.GetString());
                    _onHook?.Invoke(name.GetString()!);
                    break;
                case "child_exit" when root.GetProperty("child_id").GetInt32() == _child:
                    (_child, Current) = (null, null);
                    break;
            }
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // A newer git may write other lines; the trace is only for a name.
        }
    }
}
