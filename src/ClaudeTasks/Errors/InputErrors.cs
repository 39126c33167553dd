using ClaudeTasks.Model;

namespace ClaudeTasks.Errors;

/// <summary>The errors of input that is missing, such as a variable that was never set.</summary>
internal static class InputErrors
{
    /// <param name="kind">The kind of thing that is missing: task, session, gate or question.</param>
    public static ClaudeTaskException NoneGiven(string kind) => new(
        ClaudeTaskErrorId.InvalidArgument, $"No {kind} was given.", null, "The value is empty or $null. Check that its variable is set.");
}
