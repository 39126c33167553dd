using ClaudeTasks.Model;
using ClaudeTasks.Tests.Support;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests;

/// <summary>What every local user can read of a task: the arguments of its processes.</summary>
public sealed class ProcessListTests : IDisposable
{
    private readonly EngineFixture _engine = new();

    public ProcessListTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "The test reads /proc.");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_process_list_shows_neither_the_prompt_nor_the_instructions_of_a_task(bool worktree)
    {
        var instructions = "Our next product is a \"blue\" one.\n" + Guid.NewGuid();
        var (reached, goOn) = (_engine["reached"], _engine["go on"]);
        var task = _engine.Start(_engine.Request(
            Steps(Pause(reached, goOn), """{"echoInstructions":1}"""), new TaskSettings { AppendSystemPrompt = instructions }) with
        {
            Worktree = worktree
        });
        Until.True(() => File.Exists(reached), "the agent works");

        var arguments = Directory.EnumerateDirectories("/proc").Select(process => Path.Combine(process, "cmdline")).Where(File.Exists)
            .Select(Read).ToList();
        File.WriteAllText(goOn, "");

        Assert.Contains(arguments, text => text.Contains("claude-simulated", StringComparison.Ordinal));
        Assert.DoesNotContain(arguments, text => text.Contains(instructions, StringComparison.Ordinal));
        Assert.DoesNotContain(arguments, text => text.Contains(reached, StringComparison.Ordinal));
        Assert.EndsWith(instructions, _engine.Settled(task.Id).Result, StringComparison.Ordinal);
    }

    public void Dispose() => _engine.Dispose();

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
