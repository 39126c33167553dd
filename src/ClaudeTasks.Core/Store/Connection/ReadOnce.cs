using System.Collections.Concurrent;

namespace ClaudeTasks.Store;

/// <summary>
/// Reads texts into values that do not change, each text once while it is among the last ones: thousands of tasks were given the same
/// settings. Thread-safe.
/// </summary>
internal sealed class ReadOnce<T>(Func<string, T> read)
{
    private const int MostKept = 64;

    private readonly ConcurrentDictionary<string, T> _kept = [];

    public T Read(string text)
    {
        if (_kept.TryGetValue(text, out var value))
        {
            return value;
        }

        if (_kept.Count >= MostKept)
        {
            _kept.Clear();
        }

        return _kept[text] = read(text);
    }
}
