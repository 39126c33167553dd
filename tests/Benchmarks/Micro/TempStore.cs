using ClaudeTasks.Model;
using ClaudeTasks.Store;

namespace ClaudeTasks.Benchmarks;

/// <summary>A folder that goes when it is disposed, with a store of its own in it.</summary>
internal sealed class TempStore : IDisposable
{
    private static readonly Guid Worker = Guid.NewGuid();

    public TempStore()
    {
        Folder = Directory.CreateTempSubdirectory("ct-bench-").FullName;
        Environment.SetEnvironmentVariable(StoreLocation.HomeVariable, Path.Combine(Folder, "store"));
        Location = StoreLocation.Prepare();
        Database = Database.Open(Location);
    }

    public string Folder { get; }

    public StoreLocation Location { get; }

    public Database Database { get; }

    /// <summary>Adds a queued task as a submission does, for a worker that does not exist.</summary>
    public int AddTask(Guid guid, string repository = "/home/dev/repository") => Database.Write(connection =>
    {
        var request =
            new ClaudeTaskRequest { Prompt = "Add error handling to the API endpoints", Repository = repository, Session = "work" };
        var repositoryId = RepositoryTable.GetOrAdd(connection, repository);
        return TaskTable.Insert(
            connection,
            request,
            StoreJson.Write(request),
            guid,
            repository,
            SessionTable.GetOrAdd(connection, repositoryId, request.Session),
            repositoryId,
            Worker);
    });

    public void Dispose()
    {
        Database.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
