using System.Globalization;
using System.Text;
using ClaudeTasks.Processes;

namespace ClaudeTasks.Running;

/// <summary>Where a task's own work tree is, and what its branch is called: by its number and the first words of its prompt.</summary>
internal static class WorktreePlace
{
    private const int LongestSlug = 40;

    public static (string Folder, string Branch) Of(string root, int id, string prompt)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{id}-{Slug(prompt)}");

        // Without links, so that a link which takes a folder's place later is seen.
        return (Path.Combine(RealPath.Resolve(root) ?? root, name), "claude-task/" + name);
    }

    private static string Slug(string prompt)
    {
        var slug = new StringBuilder();
        foreach (var character in prompt.TrimStart().Split('\n')[0])
        {
            if (char.IsAsciiLetterOrDigit(character))
            {
                slug.Append(char.ToLowerInvariant(character));
            }
            else if (slug.Length > 0 && slug[^1] != '-')
            {
                slug.Append('-');
            }

            if (slug.Length == LongestSlug)
            {
                break;
            }
        }

        var text = slug.ToString().Trim('-');
        return text.Length > 0 ? text : "task";
    }
}
