using System.Text;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;
using ClaudeTasks.Text;

namespace ClaudeTasks.Git;

/// <summary>Runs <c>git commit</c> as the user would: with the user's identity, hooks, signing and settings.</summary>
/// <param name="repository">The working tree whose HEAD gets the commit.</param>
/// <param name="workspace">
/// The operation's scratch folder. Its caller's token ends the commit, even after the workspace is shielded.
/// </param>
/// <param name="hooks">The limits of the user's hooks.</param>
internal sealed class UserCommit(GitRepository repository, Workspace workspace, HookLimits hooks)
{
    private static readonly TimeSpan EndGrace = TimeSpan.FromSeconds(1);

    /// <summary>The message is UTF-8, whatever encoding the repository would have written into the commit.</summary>
    private static readonly string[] Commit =
        ["-c", "i18n.commitEncoding=UTF-8", "-c", "core.fsmonitor=false", "commit", "--quiet", "--cleanup=verbatim", "--file=-"];

    /// <summary>
    /// Ends git and the hooks of a commit whose process was killed. Otherwise, the commit could still be made after a decision that rests
    /// on its absence.
    /// </summary>
    public static async Task EndLeftAsync(Guid task)
    {
        using var tree = ProcessTree.Create(task, ProcessTree.CommitVariable);
        await tree.EndAllAsync(EndGrace).ConfigureAwait(false);
    }

    /// <summary>Commits what an index holds.</summary>
    /// <param name="index">The index, as a full path.</param>
    /// <param name="message">The commit's message.</param>
    /// <exception cref="ClaudeTaskException">
    /// A hook or git refused, or a hook took too long. git may have made the commit all the same.
    /// </exception>
    /// <exception cref="OperationCanceledException">The caller cancelled it. git may have made the commit all the same.</exception>
    public async Task RunAsync(string index, string message)
    {
        var watch = new HookWatch(workspace.NewPath("trace"), hooks.OnHook);
        await using var watching = watch.ConfigureAwait(false);
        var environment = new Dictionary<string, string>(ServiceVariables.Named(hooks.Inherited))
        {
            ["GIT_INDEX_FILE"] = index,
            [HookWatch.Variable] = watch.Path,
            [ProcessTree.CommitVariable] = hooks.Task.ToString(),
        };
        ProgramResult made;
        try
        {
            string[] folder = hooks.Folder is { IsElsewhere: true } there ? ["-c", "core.hooksPath=" + there.Path] : [];
            made = await GitProgram.TryRunAsUserAsync(
                repository.Root,
                [.. folder, .. Commit],
                environment,
                Encoding.UTF8.GetBytes(message),
                hooks.Limit,
                workspace.Caller).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            var what = watch.Current is { } hook ? $"The hook '{hook}'" : "git commit";
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.CommitRefused,
                $"{what} ran longer than {TimeText.Span(hooks.Limit)} in '{repository.Root}', and was ended.",
                repository.Root,
                "Raise the limit: Set-ClaudeTaskOption -HookTimeout 30m. Or fix the hook, and approve again.",
                e);
        }

        if (made.ExitCode != 0)
        {
            var said = (made.Error + "\n" + made.Text).Trim();
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.CommitRefused,
                $"git made no commit in '{repository.Root}': "
                    + $"{(said.Length > 0 ? said : $"it ended with exit code {made.ExitCode} and printed nothing.")}",
                repository.Root,
                "A hook, the signing or the identity refused it. Fix the cause and approve again. Nothing was changed.");
        }
    }
}
