using System.Diagnostics;
using System.Globalization;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;

namespace ClaudeTasks.Agent;

/// <summary>How the agent is called: the flags and environment under which it speaks the protocol (observed on 2.1.330).</summary>
internal static class AgentCommand
{
    /// <summary>The agent schedules itself, leaves the work tree or talks to other sessions with these; none fits a supervised task.</summary>
    private const string NeverOffered = "CronCreate,ScheduleWakeup,EnterWorktree,ExitWorktree,SendMessage,ListAgents";

    /// <summary>What a Claude session leaks into its children: with it the agent would take itself for part of that session.</summary>
    private static readonly string[] Leaks =
    [
        "CLAUDECODE", "CLAUDE_PID", "CLAUDE_EFFORT", "CLAUDE_CODE_SESSION_ID", "CLAUDE_CODE_CHILD_SESSION", "CLAUDE_CODE_ENTRYPOINT",
        "CLAUDE_CODE_EXECPATH", "CLAUDE_CODE_MESSAGING_SOCKET", "CLAUDE_CODE_MESSAGING_TOKEN", "CLAUDE_CODE_CHILD_NOTES_DIR",
        "CLAUDE_CODE_SESSION_ATTENDED",
    ];

    /// <summary>Flags the protocol depends on, and what to use where the user wants what they do.</summary>
    private static readonly Dictionary<string, string> Refused = new(StringComparer.Ordinal)
    {
        ["-p"] = "every task runs without a screen",
        ["--print"] = "every task runs without a screen",
        ["--input-format"] = "ClaudeTasks speaks stream-json with the agent",
        ["--output-format"] = "ClaudeTasks speaks stream-json with the agent",
        ["--permission-prompt-tool"] = "ClaudeTasks answers permission requests itself",
        ["--session-id"] = "ClaudeTasks gives every conversation its id",
        ["--resume"] = "use -Continue",
        ["-r"] = "use -Continue",
        ["--continue"] = "use -Continue",
        ["-c"] = "use -Continue",
        ["--fork-session"] = "ClaudeTasks leads the conversation",
        ["--worktree"] = "use -Worktree",
        ["-w"] = "use -Worktree",
        ["--bg"] = "ClaudeTasks is what runs it in the background",
        ["--tmux"] = "every task runs without a screen",
        ["--version"] = "it would only print its version",
        ["-v"] = "it would only print its version",
        ["--help"] = "it would only print its help",
        ["-h"] = "it would only print its help",
        ["--"] = "the prompt is sent over standard input",
        ["--model"] = "use -Model",
        ["--permission-mode"] = "use -PermissionMode",
        ["--allowedTools"] = "use -AllowedTool",
        ["--allowed-tools"] = "use -AllowedTool",
        ["--disallowedTools"] = "use -DisallowedTool",
        ["--disallowed-tools"] = "use -DisallowedTool",
        ["--append-system-prompt"] = "use -AppendSystemPrompt",
        ["--max-budget-usd"] = "use -MaxCost",
    };

    /// <exception cref="ClaudeTaskException">One of the arguments would break the protocol.</exception>
    public static void CheckArguments(IEnumerable<string> arguments)
    {
        foreach (var argument in arguments)
        {
            // "--resume=x" and "-rx" are the flag with its value.
            var flag = argument.StartsWith("--", StringComparison.Ordinal) ? argument.Split('=', 2)[0] : argument[..Math.Min(2, argument.Length)];
            if (argument.Contains('\0', StringComparison.Ordinal))
            {
                throw new ClaudeTaskException(
                    ClaudeTaskErrorId.InvalidArgument, "An argument for the agent holds a NUL character.", argument, "Leave it out.");
            }

            if (Refused.TryGetValue(flag, out var why))
            {
                throw new ClaudeTaskException(
                    ClaudeTaskErrorId.AgentArgumentRefused, $"The agent's flag '{flag}' cannot be passed: {why}.", argument, "Leave it out.");
            }
        }
    }

    public static ProcessStartInfo Build(AgentStart agent)
    {
        var (settings, fenced) = (agent.Settings, agent.Fenced);
        var start = new ProcessStartInfo(agent.Program) { WorkingDirectory = agent.Folder };
        var arguments = start.ArgumentList;
        arguments.Add("-p");
        arguments.Add("--input-format=stream-json");
        arguments.Add("--output-format=stream-json");
        arguments.Add("--verbose");
        arguments.Add("--permission-prompt-tool=stdio");
        arguments.Add((agent.Resumes ? "--resume=" : "--session-id=") + agent.Conversation);
        arguments.Add($"--permission-mode={settings.PermissionMode}");
        string[] fence = fenced is null ? [] : [$"Edit(/{RulePath(fenced)}/**)"];
        arguments.Add("--disallowedTools=" + string.Join(',', settings.DisallowedTools.Prepend(NeverOffered).Concat(fence)));
        if (settings.Model is { } model)
        {
            arguments.Add($"--model={model}");
        }

        if (settings.AllowedTools.Count > 0)
        {
            arguments.Add("--allowedTools=" + string.Join(',', settings.AllowedTools));
        }

        var place = fenced is null ? null
            : $"Your working directory is a git worktree of its own, {agent.Folder}. Work in it alone: {fenced} is somebody's checkout and must not be changed.";
        if (place is not null || settings.AppendSystemPrompt is not null)
        {
            arguments.Add("--append-system-prompt=" + string.Join("\n\n", new[] { place, settings.AppendSystemPrompt }.Where(text => text is not null)));
        }

        if (agent.BudgetUsd is { } budget)
        {
            arguments.Add(string.Create(CultureInfo.InvariantCulture, $"--max-budget-usd={budget}"));
        }

        foreach (var argument in settings.Arguments)
        {
            arguments.Add(argument);
        }

        if (settings.IsIsolated)
        {
            // The last one counts. Project and local settings go, and with them hooks, .mcp.json and CLAUDE.md (observed on 2.1.330).
            arguments.Add("--setting-sources=user");
        }

        SetEnvironment(start.Environment, agent.Task);
        return start;
    }

    /// <summary>A path in a permission rule: absolute after a second slash, wildcards as themselves (docs, "Permission rule syntax").</summary>
    private static string RulePath(string path)
    {
        var rule = path.Replace('\\', '/');
        if (!rule.StartsWith('/'))
        {
            // C:/x is /c/x there.
            rule = "/" + char.ToLowerInvariant(rule[0]) + rule[2..];
        }

        return string.Concat(rule.Select(character => character is '*' or '?' or '[' or '!' ? "\\" + character : character.ToString()));
    }

    private static void SetEnvironment(IDictionary<string, string?> environment, Guid task)
    {
        foreach (var leak in Leaks)
        {
            environment.Remove(leak);
        }

        // Its log goes to standard output, among the messages.
        environment.Remove("ANTHROPIC_LOG");
        if (environment.TryGetValue("NODE_OPTIONS", out var options) && options is not null)
        {
            // With an inspector the agent ends mutely.
            environment["NODE_OPTIONS"] = string.Join(
                ' ', options.Split(' ').Where(option => !option.StartsWith("--inspect", StringComparison.Ordinal)));
        }

        environment["CLAUDE_CODE_EMIT_SESSION_STATE_EVENTS"] = "1";
        environment["CLAUDE_CODE_DISABLE_BACKGROUND_TASKS"] = "1";
        environment["CLAUDE_CODE_STARTUP_FAILURE_RESULTS"] = "1";
        environment["DISABLE_AUTOUPDATER"] = "1";
        environment[ReflogMark.Variable] = ReflogMark.Of(task);
        environment[ProcessTree.CookieVariable] = task.ToString();
    }
}
