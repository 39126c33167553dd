using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace ClaudeTasks.Processes;

/// <summary>
/// Runs a program to its end and collects its output. Everything that it started carries a mark, by which all of it is ended on a
/// cancellation.
/// </summary>
internal static class ProgramRun
{
    /// <summary>How long a process has after the polite request. Git removes its lock files in that time.</summary>
    private static readonly TimeSpan EndGrace = TimeSpan.FromMilliseconds(500);

    /// <summary>How long the pipes may stay open after the program's end, before it is asked which process holds them.</summary>
    private static readonly TimeSpan PipeGrace = TimeSpan.FromSeconds(1);

    /// <summary>The same where the holder cannot be found.</summary>
    private static readonly TimeSpan LongestPipeGrace = TimeSpan.FromSeconds(5);

    /// <summary>Runs the program. It has ended when its own process has, even while another process still holds its pipes.</summary>
    /// <param name="start">The program. Its streams are redirected here.</param>
    /// <param name="input">Its standard input.</param>
    /// <param name="limit">Its timeout.</param>
    /// <param name="cancellation">Ends the program and everything that it started.</param>
    /// <exception cref="Win32Exception">The program cannot be started.</exception>
    /// <exception cref="TimeoutException">
    /// It ran longer than <paramref name="limit"/>, and was ended with everything that it started.
    /// </exception>
    /// <exception cref="OperationCanceledException">
    /// The token was cancelled, and the program ended with everything that it started.
    /// </exception>
    public static async Task<ProgramResult> CollectAsync(
        ProcessStartInfo start, byte[] input, TimeSpan limit, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var mark = Guid.NewGuid();
        (start.UseShellExecute, start.CreateNoWindow) = (false, true);
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        start.Environment[ProcessTree.RunVariable] = mark.ToString();
        using var process = Process.Start(start) ?? throw new Win32Exception($"'{start.FileName}' did not start.");
        using var tree = OperatingSystem.IsWindows() ? null : ProcessTree.Create(mark, ProcessTree.RunVariable);
        tree?.SetRoot(ProcessIdentity.Of(process.Id) ?? new ProcessIdentity(process.Id, 0, ""), process);

        // Disposing a Process leaves the pipes that were used to the garbage collector.
        using var outputPipe = process.StandardOutput;
        using var errorPipe = process.StandardError;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var pipesEnd = new CancellationTokenSource();
        end.CancelAfter(limit);
        var (output, errors) = (new MemoryStream(), new MemoryStream());
        var outputs = Task.WhenAll(
            ReadAsync(outputPipe.BaseStream, output, pipesEnd.Token), ReadAsync(errorPipe.BaseStream, errors, pipesEnd.Token));
        _ = WriteAsync(process.StandardInput.BaseStream, input, pipesEnd.Token);
        try
        {
            await process.WaitForExitAsync(end.Token).ConfigureAwait(false);
            var holder = await FindHolderAsync(outputs, tree, end.Token).ConfigureAwait(false);
            return new ProgramResult(process.ExitCode, Copy(output), Encoding.UTF8.GetString(Copy(errors)).Trim(), holder);
        }
        catch (OperationCanceledException)
        {
            await EndAsync(process, tree).ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            throw new TimeoutException(string.Create(
                CultureInfo.InvariantCulture,
                $"'{Path.GetFileName(start.FileName)}' ran longer than its limit of {limit.TotalSeconds:0.#} seconds and was ended."));
        }
        finally
        {
            await pipesEnd.CancelAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Waits for the end of the outputs; returns the processes that keep them from ending.</summary>
    private static async Task<string?> FindHolderAsync(Task outputs, ProcessTree? tree, CancellationToken cancellation)
    {
        for (var clock = Stopwatch.StartNew(); !outputs.IsCompleted;)
        {
            await Task.WhenAny(outputs, Task.Delay(PipeGrace, cancellation)).ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            if (outputs.IsCompleted)
            {
                break;
            }

            // Without a holder the outputs end by themselves, and are only slow to be read on a machine that is busy.
            if (tree?.FindMembers() is { Count: > 0 } members)
            {
                return string.Join(", ", members.Take(10).Select(member => $"{member.Command} ({member.Identity.Pid})"));
            }

            if (clock.Elapsed > LongestPipeGrace)
            {
                return "an unknown process";
            }
        }

        return null;
    }

    private static async Task EndAsync(Process process, ProcessTree? tree)
    {
        if (tree is null)
        {
            process.Kill(entireProcessTree: true);
        }
        else
        {
            await tree.EndAllAsync(EndGrace).ConfigureAwait(false);
        }
    }

    private static async Task ReadAsync(Stream pipe, MemoryStream to, CancellationToken cancellation)
    {
        try
        {
            var buffer = new byte[32 * 1024];
            while (await pipe.ReadAsync(buffer, cancellation).ConfigureAwait(false) is > 0 and var read)
            {
                lock (to)
                {
                    to.Write(buffer, 0, read);
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // Nobody waits for the rest.
        }
    }

    private static byte[] Copy(MemoryStream output)
    {
        lock (output)
        {
            return output.ToArray();
        }
    }

    /// <summary>A program that ends without reading all of its input is no error here; its exit code tells.</summary>
    private static async Task WriteAsync(Stream pipe, byte[] input, CancellationToken cancellation)
    {
        try
        {
            await using (pipe)
            {
                await pipe.WriteAsync(input, cancellation).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
        }
    }
}
