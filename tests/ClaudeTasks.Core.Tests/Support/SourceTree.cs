namespace ClaudeTasks.Tests.Support;

/// <summary>Where the sources are that these tests were built from.</summary>
internal static class SourceTree
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ClaudeTasks.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("ClaudeTasks.sln is in no folder above the tests.");
    }
}
