using System.Diagnostics;
using ClaudeTasks.Engine;
using ClaudeTasks.Tests.Support;

namespace ClaudeTasks.Tests.Faults;

/// <summary>Session, worker and agent killed at random moments of a task's life, one by one and together.</summary>
public sealed class KillTests : IDisposable
{
    private readonly StoreFixture _store = new();

    [Fact]
    public void Whoever_dies_whenever_nothing_is_lost_and_nothing_is_left_behind()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Signals, and cookies in /proc.");
        Pwsh.Require();
        using var engine = StoreFixture.InHome(_store.Home, ClaudeTaskEngine.Open);
        var clock = Stopwatch.StartNew();
        var (failures, stories) = (new List<string>(), new List<string>());
        foreach (var seed in LongMode.Seeds(6, 1000))
        {
            var round = new KillRound(seed, _store.Home, Directory.CreateDirectory(_store.Folder[$"round{seed}"]).FullName);
            try
            {
                round.Run(engine);
            }
            catch (Exception e)
            {
                failures.Add($"Repeat with CLAUDETASKS_SEED={seed} ({round.Story}): {e.Message}\n{e.StackTrace}");
                LongMode.Note("kill round that failed", $"{failures[^1]}");
            }

            stories.Add(round.Story);
            LongMode.Note("kill round", $"{round.Story}");
        }

        LongMode.Note("kill rounds", $"{stories.Count} in {clock.Elapsed.TotalSeconds:0} s, {failures.Count} failed");
        Assert.True(failures.Count == 0, string.Join("\n\n", failures));
    }

    public void Dispose() => _store.Dispose();
}
