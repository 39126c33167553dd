using System.Diagnostics;
using System.Globalization;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;

namespace ClaudeTasks.Agent;

/// <summary>How the agent is called: the flags and environment under which it speaks the protocol (observed on 2.1.330).</summary>
internal static class AgentCommand
{
    /// <summary>
    /// The agent schedules itself, leaves the work tree or talks to other sessions with these; none fits a supervised task.
    /// </summary>
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
        ["--allowed-tools"] = "use -AllowedTool",
        ["--disallowed-tools"] = "use -DisallowedTool",
        ["--append-system-prompt"] = "use -AppendSystemPrompt",
        ["--append-system-prompt-file"] = "use -AppendSystemPrompt (Get-Content FILE -Raw)",
    };

    /// <exception cref="ClaudeTaskException">One of the arguments would break the protocol.</exception>
    public static void CheckArguments(IEnumerable<string> arguments)
    {
        foreach (var argument in arguments)
        {
            // "--resume=x" and "-rx" are the flag with its value.
            var flag = argument.StartsWith("--", StringComparison.Ordinal)
                ? argument.Split('=', 2)[0]
                : argument[..Math.Min(2, argument.Length)];
            if (argument.Contains('\0', StringComparison.Ordinal))
            {
                throw new ClaudeTaskException(
                    ClaudeTaskErrorId.InvalidArgument, "An argument for the agent holds a NUL character.", argument, "Leave it out.");
            }

            var parameter = SettingDefinition.OfTasks.FirstOrDefault(definition => definition.Argument == flag);
            var why = parameter is null ? Refused.GetValueOrDefault(flag) : $"use -{parameter.Name}";
            if (why is not null)
            {
                throw new ClaudeTaskException(
                    ClaudeTaskErrorId.AgentArgumentRefused,
                    $"The agent's flag '{flag}' cannot be passed: {why}.",
                    argument,
                    "Leave it out.");
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
        string[] fence = fenced is null ? [] : [$"Edit(/{RulePath(fenced)}/**)"];
        var sent = settings with
        {
            DisallowedTool = [NeverOffered, .. settings.DisallowedTool ?? [], .. fence], MaxCost = agent.BudgetUsd,
        };
        foreach (var definition in SettingDefinition.OfTasks.Where(definition => definition.Argument is not null))
        {
            if (definition.Get(sent) is { } value and not IReadOnlyList<string> { Count: 0 })
            {
                var text = value is IReadOnlyList<string> list
                    ? string.Join(',', list)
                    : Convert.ToString(value, CultureInfo.InvariantCulture);
                arguments.Add($"{definition.Argument}={text}");
            }
        }

        foreach (var argument in settings.AgentArgument ?? [])
        {
            arguments.Add(argument);
        }

        if (settings.Isolated == true)
        {
            // The last one counts. Project and local settings go, and with them hooks, .mcp.json and CLAUDE.md (observed on 2.1.330).
            arguments.Add("--setting-sources=user");
        }

        GitVariables.RemoveAll(start.Environment);
        ServiceVariables.Withhold(start.Environment, settings.InheritVariable);
        SetEnvironment(start.Environment, agent.Task);
        return start;
    }

    /// <summary>
    /// Returns the text to append to the system prompt; null for none. It is sent over standard input, because every local user can read
    /// the arguments of a process.
    /// </summary>
    public static string? InstructionsOf(AgentStart agent)
    {
        var place = agent.Fenced is null ? null
            : $"Your working directory is a git worktree of its own, {agent.Folder}. Work in it alone: "
                + $"{agent.Fenced} is somebody's checkout and must not be changed.";
        string[] texts = [.. new[] { place, agent.Settings.AppendSystemPrompt }.OfType<string>()];
        return texts.Length == 0 ? null : string.Join("\n\n", texts);
    }

    /// <summary>
    /// A path in a permission rule: absolute after a second slash, wildcards as themselves (docs, "Permission rule syntax").
    /// </summary>
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
