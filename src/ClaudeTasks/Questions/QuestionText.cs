using System.Text.Json;
using ClaudeTasks.Model;
using ClaudeTasks.Text;

namespace ClaudeTasks.Questions;

/// <summary>How a question is put to a person, and what an answer that was typed means.</summary>
internal static class QuestionText
{
    private const int LongestOption = 300;
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Who asks, and until when.</summary>
    public static string Caption(ClaudeTaskQuestion question) =>
        $"Task {question.Task} asks (question {question.Id}"
        + $"{(question.Deadline is { } deadline ? $", until {TimeText.Moment(deadline)}" : "")})";

    /// <summary>What is asked, where links lead, and why a person must decide: one line or more.</summary>
    public static string Body(ClaudeTaskQuestion question)
    {
        string?[] lines =
        [
            question.Text,
            question.Target is { } target ? $"Links lead to: {target}" : null,
            question.Reason is { } reason ? $"Reason: {reason}" : null,
        ];
        return TerminalText.Clean(string.Join('\n', lines.Where(line => line is not null)));
    }

    /// <summary>All that the tool is given, readable.</summary>
    public static string Input(ClaudeTaskQuestion question) =>
        TerminalText.Clean(JsonSerializer.Serialize(JsonSerializer.Deserialize<JsonElement>(question.Input), Indented));

    /// <summary>The options of a part, a numbered line each.</summary>
    public static IEnumerable<string> Options(ClaudeTaskQuestionPart part) => part.Options.Select((option, index) =>
    {
        var (label, description) = option;
        return $"  {index + 1}. "
            + $"{TerminalText.OneLine(description is null || description == label ? label : $"{label}: {description}", LongestOption)}";
    });

    /// <summary>What to type.</summary>
    public static string HowTo(ClaudeTaskQuestionPart part) =>
        $"Answer ({(part.TakesSeveral ? "numbers with commas" : "a number")} or your own words; nothing leaves it open): ";

    /// <summary>The options whose numbers were typed, or the words as they are.</summary>
    public static string Choose(ClaudeTaskQuestionPart part, string line)
    {
        var numbers =
            line.Split(part.TakesSeveral ? ',' : '\n').Select(text => int.TryParse(text.Trim(), out var number) ? number : 0).ToList();
        return numbers.TrueForAll(number => number > 0 && number <= part.Options.Count)
            ? string.Join(", ", numbers.Select(number => part.Options[number - 1].Label))
            : line;
    }
}
