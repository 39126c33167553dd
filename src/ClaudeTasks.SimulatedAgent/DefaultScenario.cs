using System.Text;

namespace ClaudeTasks.SimulatedAgent;

/// <summary>What happens when nobody gave a scenario: a small but real change to the repository.</summary>
internal static class DefaultScenario
{
    private const int LongestSlug = 40;

    public static string Text(string prompt)
    {
        var task = FirstLine(prompt);
        var note = $"notes/{Slug(task)}.md";
        var title = Scenario.Encode(task);
        var hasReadme = File.Exists("README.md");
        var read = hasReadme ? """{"tool":"Read","input":{"file_path":"README.md"}},""" : "";
        var edit = hasReadme
            ? $$$"""{"tool":"Edit","input":{"file_path":"README.md","old_string":"","new_string":"\nSee [{{{title}}}]({{{note}}}).\n"}},"""
            : "";
        return $$$"""
            {"steps":[
            {"thinking":"The task is: {{{title}}}. A note in the repository will do."},
            {"text":"I'll look at the repository first."},
            {{{read}}}
            {"delay":150},
            {"text":"I'll write down what the task is about in {{{note}}} (simulated)."},
            {"tool":"Write","input":{"file_path":"{{{note}}}",
            "content":"# {{{title}}}\n\nA simulated agent was given this task and wrote this note.\n"}},
            {{{edit}}}
            {"text":"Done: the note is in {{{note}}}."}
            ]}
            """;
    }

    private static string FirstLine(string prompt)
    {
        foreach (var line in prompt.AsSpan().EnumerateLines())
        {
            if (!line.Trim().IsEmpty)
                return line.Trim().ToString();
        }
        return "Task";
    }

    private static string Slug(string text)
    {
        var slug = new StringBuilder(LongestSlug);
        foreach (var character in text)
        {
            if (slug.Length == LongestSlug)
                break;
            if (char.IsAsciiLetterOrDigit(character))
                slug.Append(char.ToLowerInvariant(character));
            else if (slug.Length > 0 && slug[^1] != '-')
                slug.Append('-');
        }
        var trimmed = slug.ToString().Trim('-');
        return trimmed.Length > 0 ? trimmed : "task";
    }
}
