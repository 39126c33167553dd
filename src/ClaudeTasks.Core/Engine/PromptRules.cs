using System.Text;
using ClaudeTasks.Model;

namespace ClaudeTasks.Engine;

/// <summary>What can be submitted. Refusing here costs nothing; the agent would refuse later or do something else.</summary>
internal static class PromptRules
{
    /// <summary>Well under what the agent accepts in one line (12 MB was seen to work).</summary>
    public const int LongestPromptBytes = 8 * 1024 * 1024;

    public static void Check(ClaudeTaskRequest request)
    {
        CheckPrompt(request.Prompt);
        SettingDefinition.Check(request);
        CheckSession(request.Session);
        CheckStart(request);
        Agent.AgentCommand.CheckArguments(request.AgentArgument ?? []);
    }

    private static void CheckStart(ClaudeTaskRequest request)
    {
        var start = request.Start;
        if (start is { SkipIfLateBy: not null, NotBefore: null })
        {
            throw Invalid("-SkipIfLateBy is only for tasks with -At.", start.SkipIfLateBy, "Add -At.");
        }

        if (start is { DependsOn.Count: 0 } and ({ AnyOfThem: true } or { EvenIfFailed: true }))
        {
            throw Invalid("-DependsOnAny and -EvenIfFailed are only for tasks with -DependsOn.", "DependsOn", "Add -DependsOn.");
        }

        if (request is { Continues: not null, Worktree: true })
        {
            throw Invalid(
                "-Continue and -Worktree exclude each other. A conversation continues in its own folder.",
                "Worktree",
                "Remove one of them.");
        }
    }

    public static void CheckGate(ClaudeTaskGate gate)
    {
        CheckName("gate", gate.Name);
        if (string.IsNullOrWhiteSpace(gate.Command)
            || gate.Arguments.Append(gate.Command).Any(text => text.Contains('\0', StringComparison.Ordinal)))
        {
            throw Invalid(
                $"The gate '{gate.Name}' has nothing to run, or contains a NUL character.",
                gate.Name,
                "Pass a command, a program or a script block.");
        }

        CheckLimit("Timeout", gate.Timeout);
        if (gate.WorkingFolder is { } folder && (Path.IsPathRooted(folder) || folder.Split('/', '\\').Contains("..")))
        {
            throw Invalid(
                $"The working folder '{folder}' of the gate '{gate.Name}' must lie in the repository.",
                folder,
                "Pass a path relative to the repository's root.");
        }

        if (gate.Environment.Any(item => item.Key.Length == 0
            || item.Key.Contains('=', StringComparison.Ordinal)
            || (item.Key + item.Value).Contains('\0', StringComparison.Ordinal)))
        {
            throw Invalid(
                $"The environment of the gate '{gate.Name}' has a name that is empty or holds '=', or a NUL character.",
                gate.Name,
                "Pass variables as -Environment @{ NAME = 'value' }.");
        }
    }

    /// <summary>A work tree of its own lies outside the checkout, and begins at a commit.</summary>
    public static void CheckWorktree(ClaudeTaskRequest request, string root)
    {
        if (request is { Worktree: true, AllowDirty: true })
        {
            throw Invalid("-AllowDirty and -Worktree exclude each other. A worktree begins at HEAD.", "AllowDirty", "Remove one of them.");
        }

        if (request.WorktreeFolder is not { } folder)
        {
            return;
        }

        if (request.Worktree != true)
        {
            throw Invalid("-WorktreeFolder is only for tasks with -Worktree.", folder, "Add -Worktree.");
        }

        if (!Path.IsPathFullyQualified(folder) || File.Exists(folder))
        {
            throw Invalid(
                $"The worktree folder '{folder}' is a file, or not an absolute path.",
                folder,
                "Pass the full path of a folder. It is made if it does not exist.");
        }

        var relative = Path.GetRelativePath(root, folder);
        if (relative != ".."
            && !relative.StartsWith(".." + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            && !Path.IsPathRooted(relative))
        {
            throw Invalid($"The worktree folder '{folder}' is inside the working tree '{root}'.", folder, "Choose a folder outside of it.");
        }
    }

    public static void CheckSession(string name)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > 200)
        {
            throw Invalid("A session's name must have 1 to 200 characters and not be blank.", name, "Choose another name.");
        }
    }

    public static void CheckName(string what, string name)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > 100 || name.Any(char.IsControl))
        {
            throw Invalid($"A {what}'s name must have 1 to 100 characters, none of them a control character.", name);
        }
    }

    public static void CheckPrompt(string prompt)
    {
        if (string.IsNullOrWhiteSpace(prompt))
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.InvalidPrompt, "The prompt is empty or blank.", prompt, "Describe what Claude should do.");
        }

        try
        {
            var bytes = new UTF8Encoding(false, throwOnInvalidBytes: true).GetByteCount(prompt);
            if (bytes > LongestPromptBytes)
            {
                throw new ClaudeTaskException(
                    ClaudeTaskErrorId.InvalidPrompt,
                    $"The prompt has {bytes} bytes. The limit is {LongestPromptBytes} bytes.",
                    prompt[..80] + "…",
                    "Put the text in a file in the repository, and name the file in the prompt.");
            }
        }
        catch (EncoderFallbackException e)
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.InvalidPrompt,
                $"The prompt holds half a character (a lone surrogate) at position {e.Index}.",
                null,
                "Check how the text was cut or read.",
                e);
        }
    }

    private static void CheckLimit(string name, TimeSpan value)
    {
        if (value < TimeSpan.FromSeconds(1) || value > SettingDefinition.LongestLimit)
        {
            throw Invalid($"{name} must be from 1 second to {SettingDefinition.LongestLimit.TotalDays:0} days, not {value}.", value);
        }
    }

    private static ClaudeTaskException Invalid(string message, object target, string? fix = null) =>
        new(ClaudeTaskErrorId.InvalidArgument, message, target, fix ?? "Choose another value.");
}
