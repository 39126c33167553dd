using ClaudeTasks.Model;

namespace ClaudeTasks.Tests.Support;

/// <summary>An engine whose tasks write a file and have to prove it. The gates are command lines of a Unix shell.</summary>
internal sealed class GateFixture : IDisposable
{
    public GateFixture()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The gates are command lines of a Unix shell.");
        Fixture = new EngineFixture();
    }

    public EngineFixture Fixture { get; }

    public TestRepository Repository => Fixture.Repository;

    public void Register(string name, string command, Func<ClaudeTaskGate, ClaudeTaskGate>? change = null)
    {
        var gate = new ClaudeTaskGate { Name = name, Command = command, Repository = Repository.Root };
        Fixture.Engine.RegisterGate(change is null ? gate : change(gate));
    }

    public ClaudeTaskRequest Request(TaskSettings? settings = null) =>
        Fixture.Request(Simulated.Steps(Simulated.Write("a.txt", "task\n")), settings);

    public ClaudeTask Run(TaskSettings? settings = null) => Fixture.Run(Request(settings));

    public IReadOnlyList<ClaudeTaskGateResult> Results(ClaudeTask task) => Fixture.Engine.GetGateResults(task.Id);

    public void Dispose() => Fixture.Dispose();
}
