using System.Buffers;
using System.Text;
using System.Text.Json;
using ClaudeTasks.Model;

namespace ClaudeTasks.Agent;

/// <summary>The input of the agent's own questions: <c>questions</c>, each with its text and options (observed on 2.1.330).</summary>
internal sealed class AskUserInput(string json)
{
    public IReadOnlyList<ClaudeTaskQuestionPart> Parts { get; } = Parse(json);

    public IReadOnlyList<string> Options => [.. Parts.SelectMany(part => part.Options).Select(option => option.Label).Distinct()];

    /// <summary>The questions, a line each, with what is offered.</summary>
    public string Describe() => string.Join('\n', Parts.Select(part =>
        part.Options.Count == 0 ? part.Text : $"{part.Text} ({string.Join(" / ", part.Options.Select(option => option.Label))})"));

    /// <summary>The input with the answer, which has a line for each question where there are several.</summary>
    public string With(string answer)
    {
        // Several answers to one question stand on lines, too; the agent wants commas.
        string[] answers = Parts switch
        {
            { Count: > 1 } => answer.Split('\n'),
            [{ TakesSeveral: true }] => [answer.Replace("\n", ", ", StringComparison.Ordinal)],
            _ => [answer],
        };
        using var document = JsonDocument.Parse(json);
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var property in document.RootElement.EnumerateObject().Where(property => property.Name != "answers"))
            {
                property.WriteTo(writer);
            }

            writer.WriteStartObject("answers");
            for (var i = 0; i < Parts.Count; i++)
            {
                writer.WriteString(Parts[i].Text, answers[Math.Min(i, answers.Length - 1)]);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static List<ClaudeTaskQuestionPart> Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.GetItems("questions").Select(question => new ClaudeTaskQuestionPart(
            question.GetText("question") ?? "?",
            [.. question.GetItems("options")
                .Where(option => option.GetText("label") is not null)
                .Select(option => new ClaudeTaskQuestionOption(option.GetText("label")!, option.GetText("description")))],
            question.IsTrue("multiSelect")))];
    }
}
