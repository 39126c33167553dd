namespace ClaudeTasks.SimulatedAgent;

/// <summary>The scenario cannot be played; the message is for its author.</summary>
internal sealed class ScenarioException(string message) : Exception(message);
