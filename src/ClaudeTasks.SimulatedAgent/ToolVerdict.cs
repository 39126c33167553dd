namespace ClaudeTasks.SimulatedAgent;

/// <summary>Why a tool ran, or did not.</summary>
internal enum ToolVerdict
{
    AllowedByConfig,
    AllowedByUser,
    Denied,
    Interrupted,
}
