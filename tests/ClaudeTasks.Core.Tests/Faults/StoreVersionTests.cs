using System.Globalization;
using ClaudeTasks.Engine;
using ClaudeTasks.Model;
using ClaudeTasks.Store;
using ClaudeTasks.Tests.Support;
using Microsoft.Data.Sqlite;

using static ClaudeTasks.Tests.Support.Simulated;

namespace ClaudeTasks.Tests.Faults;

/// <summary>Stores of other versions, and programs of two versions at once.</summary>
public sealed class StoreVersionTests : IDisposable
{
    private readonly StoreFixture _store = new();

    public static TheoryData<int> Versions => [.. Enumerable.Range(1, Schema.Current.Version)];

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_store_of_an_earlier_version_opens_with_all_that_is_in_it(int version)
    {
        Assert.True(File.Exists(StoreDump.PathOf(version)), "Keep a store of this version: run the explicit test below once its step is settled.");
        StoreDump.Restore(version, _store.Prepare().DatabasePath);

        var database = _store.Open();

        Assert.Equal((long)Schema.Current.Version, StoreFixture.Scalar(_store.DatabasePath, "PRAGMA user_version"));
        Assert.Equal(version < Schema.Current.Version, File.Exists(string.Create(CultureInfo.InvariantCulture, $"{_store.DatabasePath}.v{version}.backup")));
        using var engine = StoreFixture.InHome(_store.Home, ClaudeTaskEngine.Open);
        var tasks = engine.Query(new TaskQuery()).ToList();
        Assert.Equal(["Add a note", "Zweite Aufgabe: größer", "A third one", "Fails", .. version >= 3 ? ["In a work tree"] : Array.Empty<string>()], tasks.Select(task => task.Prompt));
        Assert.Equal(
            [ClaudeTaskStatus.Completed, ClaudeTaskStatus.WaitingApproval, ClaudeTaskStatus.Pending, ClaudeTaskStatus.Failed], tasks.Take(4).Select(task => task.Status));
        Assert.Equal(("Release 2", "/work/übung", 0.0123m, ClaudeTaskReason.AgentError), (tasks[1].Session, tasks[3].Repository, tasks[0].CostUsd, tasks[3].Reason));
        Assert.Equal(["Pending", "I begin. 🙂", "Completed"], StoreFixture.Events(database, 1).Select(item => item.Text));
        Assert.Equal([0x65, 0x72, 0x72, 0x6f, 0x72, 0x20, 0xff, 0x00], StoreFixture.Events(database, 2)[1].GetRawBytes());
        Assert.Equal(version >= 9 ? "+new\n" : null, StoreFixture.Events(database, 2).ElementAtOrDefault(2)?.Raw);
        Assert.Equal(version >= 10 ? """{"text":"Said \"once\"."}""" : null, StoreFixture.Events(database, 2).ElementAtOrDefault(3)?.Raw);
        Assert.Equal(("ä.txt", "+new\n"), engine.GetChanges(2).Select(change => (change.Path, change.Patch)).Single());
        Assert.Equal("task 2", tasks[2].WaitingFor);
        Assert.Equal(version >= 4 ? ["build"] : [], engine.GetGates(null).Select(gate => gate.Name));
        Assert.Equal(version >= 4 ? ["ok"] : [], engine.GetGateResults(2).Select(result => result.Output));
        Assert.Equal(version >= 7 ? ["Überprüfen"] : [], engine.GetTemplates().Select(template => template.Name));
        Assert.Equal(version >= 7 ? 90 : null, engine.Options.RetainDays);
        Assert.Equal(version >= 2 ? 1 : 0, database.Read(connection => DecisionTable.Read(connection, 1)).Count);
        Assert.True(StoreFixture.AddTask(database) > 9, "Numbers go on where they were.");
        Assert.All(StoreFixture.Check(_store.Home), check => Assert.True(check.Passed || check.Name is "Room" or "Objects" or "Tasks", $"{check.Name}: {check.Detail}"));
    }

    [Fact(Explicit = true)]
    public void Keep_a_store_of_every_version_of_which_there_is_none()
    {
        foreach (var version in Enumerable.Range(1, Schema.Current.Version).Where(version => !File.Exists(StoreDump.PathOf(version))))
        {
            StoreDump.Write(version);
        }
    }

    [Fact]
    public void A_store_at_which_an_older_version_works_is_left_alone_until_that_has_ended()
    {
        using var processes = new ProcessesFixture();
        var run = processes.Front.StartRun(processes.Repository.Root, Steps(Write("a.txt", "a\n"), Pause(processes["reached"], processes["go on"])));
        processes.Reach("reached");

        var error = Assert.Throws<ClaudeTaskException>(() => Upgrade(processes));

        Assert.Equal(ClaudeTaskErrorId.StoreBusy, error.ErrorId);
        Assert.Equal((long)Schema.Current.Version, StoreFixture.Scalar(processes.StorePath, "PRAGMA user_version"));
        File.WriteAllText(processes["go on"], "");
        Assert.Equal(0, run.WaitForExit());
        Until.True(() => Directory.GetFiles(Path.Combine(Path.GetDirectoryName(processes.StorePath)!, "workers")).Length == 0, "the worker has ended");

        Upgrade(processes);

        var late = processes.Front.StartRun(processes.Repository.Root, Steps());
        Assert.Equal(ExitCodeOfAnError, late.WaitForExit());
        Assert.Contains("newer ClaudeTasks", late.Error, StringComparison.Ordinal);
        Assert.Equal(1L, StoreFixture.Scalar(processes.StorePath, "SELECT count(*) FROM tasks"));
        StoreFixture.Scalar(processes.StorePath, $"PRAGMA user_version = {Schema.Current.Version}");
    }

    [Fact]
    public void A_worker_whose_store_became_a_newer_one_ends_its_agent_and_leaves_the_files()
    {
        using var processes = new ProcessesFixture();
        var run = processes.Front.StartRun(
            processes.Repository.Root, Steps(Write("half.txt", "half\n"), Pause(processes["reached"], processes["go on"]), Says("more"), """{"hang":true}"""));
        processes.Reach("reached");
        var task = processes.Engine.Get(1);

        // As if nobody had looked whether it lives.
        Upgrade(processes, isInUse: false);
        File.WriteAllText(processes["go on"], "");

        Assert.Equal(ExitCodeOfAnError, run.WaitForExit());
        Assert.Contains("newer ClaudeTasks", run.Error, StringComparison.Ordinal);
        Until.True(() => ProcessesFixture.Bearers(task).Count == 0, "the agent is gone");
        Assert.Equal("half\n", File.ReadAllText(processes.Repository["half.txt"]));
        Assert.Equal(ClaudeTaskErrorId.StoreTooNew, Assert.Throws<ClaudeTaskException>(processes.Engine.RecoverLostTasks).ErrorId);
        StoreFixture.Scalar(processes.StorePath, $"PRAGMA user_version = {Schema.Current.Version}");
        Assert.Contains("newer ClaudeTasks", processes.Settled(1).ReasonText, StringComparison.Ordinal);
    }

    public void Dispose() => _store.Dispose();

    private const int ExitCodeOfAnError = 2;

    /// <summary>What the next version does to a store that it opens.</summary>
    private static void Upgrade(ProcessesFixture processes, bool isInUse = true)
    {
        var location = StoreFixture.InHome(Path.GetDirectoryName(processes.StorePath)!, StoreLocation.Find);
        using var connection = new SqliteConnection($"Data Source={processes.StorePath};Pooling=False");
        connection.Open();
        string[] steps = [.. Enumerable.Repeat("SELECT 1", Schema.Current.Version), "ALTER TABLE tasks ADD COLUMN something_new TEXT"];
        new Schema(steps).Apply(connection, processes.StorePath, connection => isInUse && WorkerTable.IsAnyAlive(connection, location));
    }
}
