using System.Text;
using ClaudeTasks.Git;
using ClaudeTasks.Model;
using ClaudeTasks.Store;

namespace ClaudeTasks.Review;

/// <summary>The changes of a task that are not decided yet, and which of them are decided together.</summary>
internal static class OpenChanges
{
    /// <summary>Reads the recorded changes of a task that no decision names, without their patches.</summary>
    public static List<ClaudeTaskChange> Read(Database database, int task) => database.Read(connection =>
    {
        var decided = DecisionTable.Read(connection, task).SelectMany(decision => decision.Paths)
            .Select(path => TreeDiff.Decode(Encoding.Latin1.GetBytes(path))).ToHashSet(StringComparer.Ordinal);
        return ChangeTable.Read(connection, task)
            .Where(change => change.Source == ClaudeTaskChangeSource.Task && !decided.Contains(change.Path)).ToList();
    });

    /// <summary>
    /// Selects the changes that match, and those that cannot be decided without them: a file and the folder that took its place cannot both
    /// exist, so with either go all the files of that folder, and with each of these its former name.
    /// </summary>
    public static List<ClaudeTaskChange> Select(IReadOnlyList<ClaudeTaskChange> open, Func<string, bool> matches)
    {
        var selected = open.Where(change => change.TouchedPaths.Any(matches)).ToList();
        for (var count = 0; count != selected.Count;)
        {
            count = selected.Count;
            var files = selected.SelectMany(change => change.TouchedPaths).ToHashSet(StringComparer.Ordinal);
            var folders = files.SelectMany(FoldersOf).ToHashSet(StringComparer.Ordinal);
            selected = [.. open.Where(change => change.TouchedPaths.Any(path =>
                files.Contains(path) || folders.Contains(path) || FoldersOf(path).Any(files.Contains)))];
        }

        return selected;
    }

    private static IEnumerable<string> FoldersOf(string path)
    {
        for (var slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1))
        {
            yield return path[..slash];
        }
    }
}
