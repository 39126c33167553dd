using System.Buffers;
using System.Text;
using System.Text.Json;

namespace ClaudeTasks.Agent;

/// <summary>The input of the agent's own questions: <c>questions</c>, each with its text and options (observed on 2.1.330).</summary>
internal sealed class AskUserInput(string json)
{
    private readonly List<(string Text, List<string> Options)> _questions = Parse(json);

    public IReadOnlyList<string> Options => [.. _questions.SelectMany(question => question.Options).Distinct()];

    public int Count => _questions.Count;

    /// <summary>The questions, a line each, with what is offered.</summary>
    public string Describe() => string.Join('\n', _questions.Select(question =>
        question.Options.Count == 0 ? question.Text : $"{question.Text} ({string.Join(" / ", question.Options)})"));

    /// <summary>The input with the answers, in the order of the questions; where there are more questions, the last answer serves.</summary>
    public string With(IReadOnlyList<string> answers)
    {
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
            for (var i = 0; i < _questions.Count; i++)
            {
                writer.WriteString(_questions[i].Text, answers[Math.Min(i, answers.Count - 1)]);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static List<(string, List<string>)> Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.GetItems("questions").Select(question => (
            question.GetText("question") ?? "?",
            question.GetItems("options").Select(option => option.GetText("label")).OfType<string>().ToList()))];
    }
}
