namespace ClaudeTasks.Model;

/// <summary>How a gate is run. The numbers are stored: append, never reorder.</summary>
public enum ClaudeTaskGateKind
{
    /// <summary>A command line, which the platform's shell runs as the user wrote it.</summary>
    CommandLine,

    /// <summary>A program with its arguments and no shell; a PowerShell script file is run by <c>pwsh</c>.</summary>
    Program,

    /// <summary>
    /// PowerShell code, in a <c>pwsh</c> of its own. It fails when it throws, exits, or ends with <c>$false</c> or a number other than 0.
    /// </summary>
    Script,
}
