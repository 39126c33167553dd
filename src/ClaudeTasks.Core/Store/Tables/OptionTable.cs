using ClaudeTasks.Model;
using Microsoft.Data.Sqlite;

using static ClaudeTasks.Model.ClaudeTaskOptionName;

namespace ClaudeTasks.Store;

/// <summary>The user's options: the one place that knows which there are, and what values they take.</summary>
internal static class OptionTable
{
    private const string Limit = "from 1 second to 7 days";
    private const string Money = "US dollars, more than 0";
    private const string Days = "days, from 1 to 36500";

    private static readonly string[] PermissionModes = ["acceptEdits", "auto", "bypassPermissions", "default", "dontAsk", "manual", "plan"];

    private static readonly OptionDefinition[] Definitions =
    [
        OptionDefinition.Of<string>(
            ClaudeTaskOptionName.Model, "The model", "a name that Claude Code knows", IsText, options => options.Model, (options, value) => options with { Model = value }),
        OptionDefinition.Of<string>(
            PermissionMode, "What Claude may do without asking", string.Join(", ", PermissionModes), value => PermissionModes.Contains(value),
            options => options.PermissionMode, (options, value) => options with { PermissionMode = value }),
        OptionDefinition.Of<TimeSpan>(
            ClaudeTaskOptionName.Timeout, "How long Claude may work", Limit, IsLimit,
            options => options.Timeout, (options, value) => options with { Timeout = value }),
        OptionDefinition.Of<TimeSpan>(
            StallTimeout, "How long Claude may be silent", Limit, IsLimit,
            options => options.StallTimeout, (options, value) => options with { StallTimeout = value }),
        OptionDefinition.Of<TimeSpan>(
            StartTimeout, "How long Claude Code may take to start", Limit, IsLimit,
            options => options.StartTimeout, (options, value) => options with { StartTimeout = value }),
        OptionDefinition.Of<int>(
            ThrottleLimit, "How many tasks run at once on the machine", "1 or more", value => value >= 1,
            options => options.ThrottleLimit, (options, value) => options with { ThrottleLimit = value }),
        OptionDefinition.Of<string>(
            WorktreeFolder, "Where tasks get their own work trees; beside the store when not set", "an absolute path of a folder",
            value => IsText(value) && Path.IsPathFullyQualified(value) && !File.Exists(value),
            options => options.WorktreeFolder, (options, value) => options with { WorktreeFolder = value }),
        OptionDefinition.Of<decimal>(
            MaxCost, "What one task may cost", Money, value => value > 0, options => options.MaxCost, (options, value) => options with { MaxCost = value }),
        OptionDefinition.Of<decimal>(
            DailyCostLimit, "What all tasks that start on one day may cost", Money, value => value > 0,
            options => options.DailyCostLimit, (options, value) => options with { DailyCostLimit = value }),
        OptionDefinition.Of<TimeSpan>(
            QuestionTimeout, "How long a question of Claude's waits for its answer", Limit, IsLimit,
            options => options.QuestionTimeout, (options, value) => options with { QuestionTimeout = value }),
        OptionDefinition.Of<int>(
            RetainDays, "Tasks that ended longer ago are removed", Days, IsDays,
            options => options.RetainDays, (options, value) => options with { RetainDays = value }),
        OptionDefinition.Of<int>(
            RetainEventDays, "Events of tasks that ended longer ago are removed; record, diff and cost stay", Days, IsDays,
            options => options.RetainEventDays, (options, value) => options with { RetainEventDays = value }),
        OptionDefinition.Of<bool>(
            Notify, "The terminal tells who waits for tasks when one ended or needs them", "True or False", _ => true,
            options => options.Notify, (options, value) => options with { Notify = value }),
    ];

    /// <summary>The options in force. One that only a newer version knows is passed over.</summary>
    /// <exception cref="ClaudeTaskException">The store has a value that an option cannot take.</exception>
    public static ClaudeTaskOptions Read(SqliteConnection connection)
    {
        var stored = ReadStored(connection);
        return Definitions.Aggregate(
            new ClaudeTaskOptions(),
            (options, definition) => stored.TryGetValue(definition.Name.ToString(), out var text) ? definition.Set(options, text) : options);
    }

    /// <summary>All options, each with where its value comes from.</summary>
    /// <exception cref="ClaudeTaskException">The store has a value that an option cannot take.</exception>
    public static List<ClaudeTaskOption> All(SqliteConnection connection)
    {
        var (options, stored) = (Read(connection), ReadStored(connection));
        return [.. Definitions.Select(definition => new ClaudeTaskOption(
            definition.Name,
            definition.Get(options),
            stored.ContainsKey(definition.Name.ToString()) ? ClaudeTaskOptionOrigin.Store : ClaudeTaskOptionOrigin.Default,
            definition.Description))];
    }

    /// <summary>Sets options; those that are given null go back to their default.</summary>
    /// <exception cref="ClaudeTaskException">A value cannot be one of its option; nothing was set.</exception>
    public static void Write(SqliteConnection connection, IReadOnlyDictionary<ClaudeTaskOptionName, object?> values)
    {
        foreach (var definition in Definitions.Where(definition => values.ContainsKey(definition.Name)))
        {
            connection.Execute("DELETE FROM options WHERE name = $name", ("$name", definition.Name.ToString()));
            if (values[definition.Name] is { } value)
            {
                connection.Execute(
                    "INSERT INTO options (name, value) VALUES ($name, $value)",
                    ("$name", definition.Name.ToString()),
                    ("$value", definition.ToStore(value)));
            }
        }
    }

    private static Dictionary<string, string> ReadStored(SqliteConnection connection) =>
        connection.Query("SELECT name, value FROM options", reader => (Name: reader.GetString(0), Value: reader.GetString(1)))
            .ToDictionary(row => row.Name, row => row.Value);

    private static bool IsText(string value) => !string.IsNullOrWhiteSpace(value) && !value.Any(char.IsControl);

    private static bool IsLimit(TimeSpan value) => value >= TimeSpan.FromSeconds(1) && value <= AgentSettings.LongestTimeout;

    private static bool IsDays(int value) => value is >= 1 and <= 36500;
}
