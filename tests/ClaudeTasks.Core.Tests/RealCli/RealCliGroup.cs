
namespace ClaudeTasks.Tests.RealCli;

/// <summary>
/// The tests with the real CLI run one after another and beside no others: each sets this process's environment, which the engine and
/// everything it starts inherit, and each agent takes over 200 MB.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RealCliGroup
{
    public const string Name = "The real Claude Code CLI";
}
