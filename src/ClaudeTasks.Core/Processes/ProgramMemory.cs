using System.Collections.Concurrent;
using System.Diagnostics;

namespace ClaudeTasks.Processes;

/// <summary>
/// Remembers what programs answered while their files stay as they are, so that a process that runs a thousand tasks does not ask each
/// program a thousand times for its version. For a minute, as what is behind a script may change without it. Thread-safe.
/// </summary>
internal sealed class ProgramMemory<T>
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, (string Path, long Size, DateTime Written, long AskedAt, T Answer)> _answers = [];

    /// <summary>The answer it gave before, or the one it gives now, which is kept if it is good.</summary>
    public async Task<T> GetAsync(string program, Func<Task<T>> ask, Func<T, bool> isGood)
    {
        var file = new FileInfo(File.ResolveLinkTarget(program, returnFinalTarget: true)?.FullName ?? program);
        if (!file.Exists)
        {
            return await ask().ConfigureAwait(false);
        }

        if (_answers.TryGetValue(program, out var known)
            && (known.Path, known.Size, known.Written) == (file.FullName, file.Length, file.LastWriteTimeUtc)
            && Stopwatch.GetElapsedTime(known.AskedAt) < Lifetime)
        {
            return known.Answer;
        }

        var answer = await ask().ConfigureAwait(false);
        if (isGood(answer))
        {
            _answers[program] = (file.FullName, file.Length, file.LastWriteTimeUtc, Stopwatch.GetTimestamp(), answer);
        }

        return answer;
    }
}
