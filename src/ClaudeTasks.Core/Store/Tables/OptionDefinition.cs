using System.Globalization;
using ClaudeTasks.Model;

namespace ClaudeTasks.Store;

/// <summary>What is known of an option.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does, and which values it takes.</param>
/// <param name="Get">Reads it.</param>
/// <param name="Set">Sets it from the text it has in the store; throws where that is no value of it.</param>
internal sealed record OptionDefinition(
    ClaudeTaskOptionName Name, string Description, Func<ClaudeTaskOptions, object?> Get, Func<ClaudeTaskOptions, string, ClaudeTaskOptions> Set)
{
    public static OptionDefinition Of<T>(
        ClaudeTaskOptionName name,
        string purpose,
        string range,
        Func<T, bool> isInRange,
        Func<ClaudeTaskOptions, object?> get,
        Func<ClaudeTaskOptions, T, ClaudeTaskOptions> set)
        where T : IParsable<T> => new(
            name,
            $"{purpose} ({range})",
            get,
            (options, text) => T.TryParse(text, CultureInfo.InvariantCulture, out var value) && isInRange(value)
                ? set(options, value)
                : throw new ClaudeTaskException(
                    ClaudeTaskErrorId.InvalidArgument,
                    $"The option {name} cannot be '{text}'. It takes: {range}.",
                    text,
                    $"Give another value, or go back to the default: Set-ClaudeTaskOption -Reset {name}"));

    /// <summary>The text a value has in the store.</summary>
    /// <exception cref="ClaudeTaskException">The value cannot be one of this option.</exception>
    public string ToStore(object value)
    {
        var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        Set(new ClaudeTaskOptions(), text);
        return text;
    }
}
