using System.Globalization;
using ClaudeTasks.Agent;
using ClaudeTasks.Gates;
using ClaudeTasks.Git;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Review;
using ClaudeTasks.Store;
using ClaudeTasks.Text;

namespace ClaudeTasks.Running;

/// <content>Proving the result: the gates, the repairs of what they find, and the approval that needs no person.</content>
internal sealed partial class TaskRun
{
    /// <summary>Runs the gates that somebody asked for again, on a task that waits for a decision.</summary>
    public Task RunGatesAsync() => GuardAsync(async () =>
    {
        GitRepository repository;
        try
        {
            repository = await GitRepository.FindAtAsync(task.WorkFolder, stop.EndToken).ConfigureAwait(false)
                with { Cancellation = default };
        }
        catch (ClaudeTaskException e)
        {
            RefuseGates(
                ClaudeTaskEventKind.Error,
                $"Its gates did not run: {e.Message} Its result is kept all the same. "
                    + $"Decide on it without them: Approve-ClaudeTask {task.Id}, Deny-ClaudeTask {task.Id}");
            return;
        }

        var gates = SelectGates(task.GateRequest);
        if (gates.Count == 0)
        {
            RefuseGates(
                ClaudeTaskEventKind.Warning,
                "No gate ran: the requested gates are no longer registered. "
                    + "Register them again with Register-ClaudeTaskGate, or pass other gates.");
            return;
        }

        await ProveAsync(repository, gates, isAskedFor: true).ConfigureAwait(false);
    });

    private void RefuseGates(ClaudeTaskEventKind kind, string text) => database.Write(connection =>
    {
        TaskTable.Set(connection, task.Id, ("gate_request", null));
        EventLog.Append(connection, task.Id, new EventDraft(kind, text));
    });

    private List<ClaudeTaskGate> SelectGates(IReadOnlyList<string>? names) =>
        [.. database.Read(connection => GateTable.ForRepository(connection, task.RepositoryId))
            .Where(gate => names is null || names.Contains(gate.Name, StringComparer.OrdinalIgnoreCase))];

    private async Task ProveAsync(GitRepository repository, List<ClaudeTaskGate> gates, bool isAskedFor = false)
    {
        var hasPassed = false;
        for (var repairs = task.Task.Repairs; gates.Count > 0; repairs++)
        {
            await MoveAsync(ClaudeTaskStatus.QaRunning).ConfigureAwait(false);
            var results = await RunGatesOnceAsync(repository, gates).ConfigureAwait(false);
            hasPassed = results.Exists(result => result.Passed);
            var failed = results.Where(result => result is { Passed: false, IsRequired: true }).ToList();
            stop.EndToken.ThrowIfCancellationRequested();
            if (failed.Count == 0)
            {
                break;
            }

            var text = $"Failed: {string.Join(", ", failed.Select(result => result.Name))}. "
                + $"Get-ClaudeTaskGateResult {task.Id} has what they printed.";
            if (isAskedFor || repairs >= task.Settings.RepairAttempt)
            {
                await MoveUnlessSpokenToAsync(ClaudeTaskStatus.QaFailed, ClaudeTaskReason.GateFailed, text).ConfigureAwait(false);
                return;
            }

            await MoveAsync(
                ClaudeTaskStatus.Running,
                ClaudeTaskReason.GateFailed,
                $"{text} Repair {repairs + 1} of {task.Settings.RepairAttempt}.").ConfigureAwait(false);
            if (!await RepairAsync(repository, failed, repairs + 1).ConfigureAwait(false))
            {
                return;
            }
        }

        var isSpokenTo = database.Read(connection => MessageTable.Unsent(connection, task.Id).Count > 0);
        var refusal = isAskedFor || isSpokenTo || task.Settings.AutoApprove != true
            ? null
            : await ApproveAsync(repository, hasPassed).ConfigureAwait(false);
        if (StatusMoves.IsActive(_status))
        {
            await MoveUnlessSpokenToAsync(ClaudeTaskStatus.WaitingApproval, text: refusal).ConfigureAwait(false);
        }
    }

    private async Task<List<ClaudeTaskGateResult>> RunGatesOnceAsync(GitRepository repository, List<ClaudeTaskGate> gates)
    {
        var attempt = database.Read(connection => GateTable.NextAttempt(connection, task.Id));
        var snapshots = new SnapshotStore(repository, location.ObjectsPath(task.Task.TaskId), _workspace);
        var before = await TakeTreeAsync(snapshots).ConfigureAwait(false);
        var results = new List<ClaudeTaskGateResult>();
        foreach (var gate in gates)
        {
            Record(new EventDraft(ClaudeTaskEventKind.Notice, $"Gate '{gate.Name}': {TerminalText.OneLine(gate.CommandText, 120)}"));
            context.OnAtWork(true);
            ClaudeTaskGateResult result;
            try
            {
                var run = new GateRun(
                    gate, repository.Root, task.Task.TaskId, task.Settings.InheritVariable, _workspace.Folder, Record);
                result = await run.RunAsync(stop.EndToken).ConfigureAwait(false);
            }
            finally
            {
                context.OnAtWork(false);
            }

            var after = await TakeTreeAsync(snapshots).ConfigureAwait(false);
            var changes = await TreeDiff.TakeAsync(snapshots.Git, _workspace, before, after).ConfigureAwait(false);
            _byGates.Add((before, after));
            before = after;
            result = result with
            {
                Task = task.Id,
                Attempt = attempt,
                ChangedFiles = [.. changes.Changes.Select(item => item.Change.Path)]
            };
            database.Write(connection => GateTable.AddResult(connection, result));
            Record(Outcome(result));
            if (result.ChangedFiles.Count > 0)
            {
                Record(new EventDraft(
                    ClaudeTaskEventKind.Warning,
                    $"Gate '{gate.Name}' changed files itself; that is no part of the task: {NameList.Of(result.ChangedFiles)}"));
            }

            results.Add(result);
            if (result.Reason == ClaudeTaskReason.Stopped
                || (task.Settings.FailFast == true && result is { Passed: false, IsRequired: true }))
            {
                break;
            }
        }

        await ResultCapture.TellSetupAsync(database, location, task.Task, repository).ConfigureAwait(false);
        return results;
    }

    private async Task<string> TakeTreeAsync(SnapshotStore snapshots)
    {
        var (tree, problem) = await snapshots.TakeAsync().ConfigureAwait(false);
        if (problem is not null)
        {
            Record(new EventDraft(ClaudeTaskEventKind.Warning, $"The files that gates change are not all known; git said: {problem}"));
        }

        return tree;
    }

    /// <summary>
    /// Lets Claude fix what the gates found, in the same conversation. False when that went wrong and the task is where it stays.
    /// </summary>
    private async Task<bool> RepairAsync(GitRepository repository, List<ClaudeTaskGateResult> failed, int repair)
    {
        Set(("repairs", repair));
        _unsaid = RepairPrompt.Of(failed);
        AgentVerdict verdict;
        context.OnAtWork(true);
        try
        {
            (var opened, verdict) = await OpenSessionAsync(_agent! with { Resumes = true }, $"Repair {repair}").ConfigureAwait(false);
            if (opened is not null)
            {
                (verdict, _) = await WorkAsync(opened, [(_unsaid, Guid.NewGuid())]).ConfigureAwait(false);
                Record(new EventDraft(
                    ClaudeTaskEventKind.Notice,
                    string.Create(CultureInfo.InvariantCulture, $"Repair {repair} cost ${opened.Session.Usage.CostUsd ?? 0:0.0000}.")));
            }
        }
        finally
        {
            context.OnAtWork(false);
        }

        (var changed, verdict) = await CaptureAsync(repository, verdict).ConfigureAwait(false);
        if (!verdict.IsSuccess)
        {
            if (!await TryPauseAsync(verdict).ConfigureAwait(false))
            {
                var isStopped = verdict.Reason == ClaudeTaskReason.Stopped;
                await MoveAsync(
                    isStopped ? ClaudeTaskStatus.Cancelled : ClaudeTaskStatus.QaFailed,
                    verdict.Reason,
                    $"Repair {repair} ended badly: {verdict.Text}").ConfigureAwait(false);
            }

            return false;
        }

        if (changed == 0)
        {
            await MoveUnlessSpokenToAsync(ClaudeTaskStatus.Completed, text: "The repair took all changes back.").ConfigureAwait(false);
            return false;
        }

        await MoveAsync(ClaudeTaskStatus.WaitingQa).ConfigureAwait(false);
        return true;
    }

    /// <summary>Commits the result with no person asked; when it has to wait for one after all, returns why.</summary>
    private async Task<string?> ApproveAsync(GitRepository repository, bool hasPassed)
    {
        if (!hasPassed && task.Settings.AllowNoGate != true)
        {
            return Refuse(
                ClaudeTaskEventKind.Warning,
                "Not approved: no gate proved the result. Register one that passes, or start with -AllowNoGate.");
        }

        if ((await ReadMovesAsync(repository).ConfigureAwait(false)).Exists(move => !move.IsTasks))
        {
            return Refuse(
                ClaudeTaskEventKind.Warning,
                "Not approved: HEAD moved while the task ran, and Git does not say that Claude moved it. "
                    + $"Look at what was committed (Get-ClaudeTaskDiff {task.Id} -Source Meanwhile), then decide.");
        }

        try
        {
            await context.Events.FlushAsync().ConfigureAwait(false);
            using var workspace = Workspace.Open(location.WorkspacesFolder, stop.EndToken);
            using var review = await TaskReview.OpenAsync(
                database, location, workspace, database.Read(connection => TaskTable.Find(connection, task.Id))!).ConfigureAwait(false);
            var hooks = new HookLimits(
                database.Read(OptionTable.Read).HookTimeout!.Value,
                hook => Record(new EventDraft(ClaudeTaskEventKind.Notice, $"The hook '{hook}' is running.")));
            await review.ApproveAsync(new ApprovalRequest(
                null, _ => true, Force: false, KeepBranch: false, ByMachine: true, hooks)).ConfigureAwait(false);
            _status = ClaudeTaskStatus.Completed;
            return null;
        }
        catch (OperationCanceledException) when (
            database.Read(connection => TaskTable.StatusOf(connection, task.Id)) == ClaudeTaskStatus.Completed)
        {
            // The commit was made before the request to stop ended git.
            _status = ClaudeTaskStatus.Completed;
            return null;
        }
        catch (ClaudeTaskException e) when (!StoreErrors.IsFailure(e))
        {
            // The decision may have been begun, or even carried out, before it failed.
            _status = database.Read(connection => TaskTable.StatusOf(connection, task.Id)) ?? _status;
            if (_status == ClaudeTaskStatus.Approved)
            {
                TaskRecovery.NoteUnfinishedDecision(database, task.Id, e);
                return null;
            }

            return Refuse(ClaudeTaskEventKind.Error, $"Not approved: {Sentence(e.Message, e.RecommendedAction)}");
        }

        string Refuse(ClaudeTaskEventKind kind, string text)
        {
            Record(new EventDraft(kind, text));
            return text;
        }
    }

    private static EventDraft Outcome(ClaudeTaskGateResult result)
    {
        var how = result.Reason == ClaudeTaskReason.None ? $"exit code {result.ExitCode}" : result.Reason.ToString();
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"Gate '{result.Name}' {(result.Passed ? "passed" : $"failed ({how})")} after {result.Duration.TotalSeconds:0.0} s.");
        return new EventDraft(
            result.Passed ? ClaudeTaskEventKind.Notice : result.IsRequired ? ClaudeTaskEventKind.Error : ClaudeTaskEventKind.Warning, text);
    }
}
