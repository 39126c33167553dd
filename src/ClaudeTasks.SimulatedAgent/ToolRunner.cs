using System.Text;
using System.Text.Json;

namespace ClaudeTasks.SimulatedAgent;

/// <summary>Uses tools: says so, asks when it must, does it, and tells the result.</summary>
internal sealed class ToolRunner(Messages messages, Permissions permissions, TurnLog log, CancellationToken cancellation)
{
    private const string Question = "AskUserQuestion";

    public void Run(string tool, JsonElement step)
    {
        var mustAsk = step.Flag("ask") ?? permissions.MustAsk(tool);
        Run(tool, step.ObjectOf("input") ?? Json.EmptyObject, mustAsk || tool == Question, step.Text("output") ?? "", step);
    }

    /// <summary>Puts the question of a short form {question, options[]}.</summary>
    public void AskUser(JsonElement question)
    {
        var text = Scenario.Encode(question.GetProperty("question").GetString()!);
        var options = new StringBuilder();
        foreach (var option in question.GetProperty("options").EnumerateArray())
        {
            var label = Scenario.Encode(option.GetString()!);
            options.Append(options.Length > 0 ? "," : "").Append($$"""{"label":"{{label}}","description":"{{label}}"}""");
        }
        var multiSelect = question.Flag("multiSelect") is true ? "true" : "false";
        var input =
            $$"""{"questions":[{"question":"{{text}}","header":"Question","options":[{{options}}],"multiSelect":{{multiSelect}}}]}""";
        Run(Question, Json.Parse(input), mustAsk: true, output: "");
    }

    private void Run(string tool, JsonElement input, bool mustAsk, string output, JsonElement? step = null)
    {
        var id = step?.Text("toolUseId") ?? Identifier.Next("toolu_");
        log.AssistantMessages++;
        log.OpenTool = id;
        messages.ToolUse(id, tool, input);
        if (mustAsk)
        {
            var answer = permissions.Ask(tool, input, id, step?.ObjectOf("request"), cancellation);
            if (answer.Interrupt)
                throw new OperationCanceledException();
            if (!answer.Allowed)
            {
                log.AddDenial(tool, id, input);
                messages.ToolResult(id, ToolOutcome.Failure(answer.Message), ToolVerdict.Denied);
                log.OpenTool = null;
                return;
            }
            input = answer.Input ?? input;
        }
        messages.ToolResult(id, Perform(tool, input, output), mustAsk ? ToolVerdict.AllowedByUser : ToolVerdict.AllowedByConfig);
        log.OpenTool = null;
    }

    private ToolOutcome Perform(string tool, JsonElement input, string output)
    {
        try
        {
            return tool switch
            {
                "Write" => FileTools.Write(Required(input, "file_path"), Required(input, "content")),
                "Edit" => FileTools.Edit(Required(input, "file_path"), Required(input, "old_string"), Required(input, "new_string")),
                "Read" => FileTools.Read(Required(input, "file_path")),
                "Delete" => FileTools.Delete(Required(input, "file_path")),
                "Bash" => Shell.Run(Required(input, "command"), cancellation),
                Question => Answered(input),
                _ => ToolOutcome.Success(output, writer => writer.WriteString("output", output)),
            };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return ToolOutcome.Failure(exception.Message);
        }
    }

    // The supervisor may have changed the input, so a hole in it is not the scenario's fault.
    private static string Required(JsonElement input, string name) =>
        input.Text(name) ?? throw new ArgumentException($"InputValidationError: The required parameter `{name}` is missing");

    private static ToolOutcome Answered(JsonElement input)
    {
        var content = new StringBuilder();
        if (input.ObjectOf("answers") is { } answers)
        {
            foreach (var answer in answers.EnumerateObject())
                content.Append(content.Length > 0 ? ", " : "").Append($"\"{answer.Name}\"=\"{answer.Value}\"");
        }
        var text = content.Length > 0
            ? $"Your questions have been answered: {content}. You can now continue with these answers in mind."
            : "The user did not answer the questions.";
        return new ToolOutcome(text, false, input.WriteTo);
    }
}
