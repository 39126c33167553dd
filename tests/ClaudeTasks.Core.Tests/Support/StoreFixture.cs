using ClaudeTasks.Model;
using ClaudeTasks.Store;
using Microsoft.Data.Sqlite;

namespace ClaudeTasks.Tests.Support;

/// <summary>A store of a test's own, opened in this process.</summary>
internal sealed class StoreFixture : IDisposable
{
    private static readonly object Environment = new();

    private readonly List<Database> _databases = [];

    public TempFolder Folder { get; } = new();

    public string Home => Folder["store"];

    public string DatabasePath => Path.Combine(Home, "tasks.db");

    public StoreLocation Prepare() => InHome(Home, StoreLocation.Prepare);

    public Database Open()
    {
        var database = Database.Open(Prepare());
        _databases.Add(database);
        return database;
    }

    /// <summary>The store's place is read from the environment, which all tests of the process share.</summary>
    public static T InHome<T>(string home, Func<T> action)
    {
        lock (Environment)
        {
            var before = System.Environment.GetEnvironmentVariable(StoreLocation.HomeVariable);
            System.Environment.SetEnvironmentVariable(StoreLocation.HomeVariable, home);
            try
            {
                return action();
            }
            finally
            {
                System.Environment.SetEnvironmentVariable(StoreLocation.HomeVariable, before);
            }
        }
    }

    /// <summary>Adds a queued task as a submission does, for a worker that does not exist.</summary>
    public static int AddTask(
        Database database, string repository = "/repository", Guid? worker = null, int throttle = 5, string session = "work")
    {
        var request = new ClaudeTaskRequest { Prompt = "Do it", Repository = repository, Session = session, ThrottleLimit = throttle };
        return database.Write(connection =>
        {
            var repositoryId = RepositoryTable.GetOrAdd(connection, repository);
            var sessionId = SessionTable.GetOrAdd(connection, repositoryId, session);
            return TaskTable.Insert(
                connection,
                request,
                StoreJson.Write(request),
                Guid.NewGuid(),
                repository,
                sessionId,
                repositoryId,
                worker ?? Guid.NewGuid());
        });
    }

    public static List<ClaudeTaskEvent> Events(Database database, int task)
    {
        var events = new List<ClaudeTaskEvent>();
        while (database.Read(connection => EventLog.Read(connection, task, Guid.Empty, events.LastOrDefault()?.Seq ?? 0, []))
            is { Count: > 0 } page)
        {
            events.AddRange(page);
        }

        return events;
    }

    /// <summary>What any SQLite tool would say of the file.</summary>
    public static object? Scalar(string path, string sql)
    {
        SQLitePCL.Batteries_V2.Init();
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        return connection.Scalar(sql);
    }

    /// <summary>What is found when somebody looks whether anything is wrong with the store.</summary>
    public static IReadOnlyList<PrerequisiteCheck> Check(string home) => [.. new StoreCheck(InHome(home, StoreLocation.Find)).Run()];

    /// <summary>Writes zeroes over the first page of a table or index, past SQLite.</summary>
    public static void Zero(string path, string name) =>
        Overwrite(path, (long)Scalar(path, $"SELECT rootpage FROM sqlite_master WHERE name = '{name}'")!, 0);

    /// <summary>
    /// Fills a page with one byte, past SQLite; this drops the locks of connections that this process has open on the file.
    /// </summary>
    public static void Overwrite(string path, long page, byte value)
    {
        const int Size = 4096;
        using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        stream.Position = (page - 1) * Size;
        stream.Write(Enumerable.Repeat(value, Size).ToArray());
    }

    /// <summary>Reads from a store that may be damaged; null then.</summary>
    public static T? TryRead<T>(string home, Func<SqliteConnection, T> read)
        where T : class
    {
        try
        {
            using var database = Database.Open(InHome(home, StoreLocation.Prepare));
            return database.Read(read);
        }
        catch (ClaudeTaskException)
        {
            return null;
        }
    }

    public void CloseAll()
    {
        foreach (var database in _databases)
        {
            database.Dispose();
        }

        _databases.Clear();
    }

    public void Dispose()
    {
        CloseAll();
        Folder.Dispose();
    }
}
