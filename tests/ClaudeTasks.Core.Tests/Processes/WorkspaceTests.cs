using ClaudeTasks.Processes;
using ClaudeTasks.Tests.Support;

namespace ClaudeTasks.Tests;

public sealed class WorkspaceTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public void Two_operations_share_no_path_and_leave_nothing()
    {
        var (one, other) = (Workspace.Open(_folder.Path), Workspace.Open(_folder.Path));
        string[] paths = [one.NewPath("index"), one.NewPath("index"), other.NewPath("index")];

        Assert.Equal(3, paths.Distinct().Count());
        File.WriteAllText(paths[0], "x");
        one.Dispose();
        other.Dispose();

        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_sweep_removes_the_folders_of_the_dead_and_no_others()
    {
        using var living = Workspace.Open(_folder.Path);
        Directory.CreateDirectory(_folder["dead"]);
        File.WriteAllText(Path.Combine(_folder["dead"], "index"), "x");
        File.WriteAllText(_folder["dead.lock"], "");

        Workspace.Sweep(_folder.Path);

        Assert.False(Path.Exists(_folder["dead"]) || Path.Exists(_folder["dead.lock"]));
        Assert.True(Directory.Exists(living.Folder));
    }

    [Fact]
    public void A_shielded_operation_is_no_longer_cancelled_by_its_caller()
    {
        using var caller = new CancellationTokenSource();
        using var workspace = Workspace.Open(_folder.Path, caller.Token);

        workspace.Shield();
        caller.Cancel();

        Assert.False(workspace.Cancellation.IsCancellationRequested);
        Assert.True(workspace.Caller.IsCancellationRequested);
    }

    [Fact]
    public void An_operation_that_was_cancelled_cannot_begin_to_change_anything()
    {
        using var caller = new CancellationTokenSource();
        using var workspace = Workspace.Open(_folder.Path, caller.Token);
        caller.Cancel();

        Assert.True(workspace.Cancellation.IsCancellationRequested);
        Assert.Throws<OperationCanceledException>(workspace.Shield);
    }

    [Fact]
    public void The_folder_is_the_users_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has access control lists instead of modes.");
        using var workspace = Workspace.Open(_folder["work"]);

        Assert.Equal("700", UnixMode.Of(workspace.Folder));
    }

    public void Dispose() => _folder.Dispose();
}
