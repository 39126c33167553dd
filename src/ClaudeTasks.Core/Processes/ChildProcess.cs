using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Threading.Channels;

namespace ClaudeTasks.Processes;

/// <summary>
/// A child with its three pipes. Both outputs are read at once, each by a thread of its own that hands over one line at a time; input is
/// written in order by a third party, so that a child that does not read can't block its supervisor.
/// </summary>
internal sealed class ChildProcess : IDisposable
{
    private static readonly ConcurrentDictionary<int, bool> Running = [];

    private readonly Process _process;
    private readonly Channel<byte[]> _input = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task _outputs;

    private ChildProcess(Process process, Action<ReadOnlyMemory<byte>> onOutput, Action<ReadOnlyMemory<byte>> onError)
    {
        _process = process;
        Identity = ProcessIdentity.Of(process.Id) ?? new ProcessIdentity(process.Id, 0, "");
        _outputs = Task.WhenAll(
            Pump(process.StandardOutput.BaseStream, onOutput, "output"),
            Pump(process.StandardError.BaseStream, onError, "errors"));
        _ = WriteInputAsync();
        Running[process.Id] = true;
        Exited = WaitAsync(process.Id);
    }

    /// <summary>Whether this process has started the child with this id and waits for its end.</summary>
    public static bool IsOurs(int pid) => Running.ContainsKey(pid);

    public ProcessIdentity Identity { get; }

    /// <summary>
    /// Ends with the exit code, 128 + n after signal n, as soon as the process itself is gone; its pipes may still be open.
    /// </summary>
    public Task<int> Exited { get; }

    /// <summary>Starts the program. <paramref name="tree"/> takes it in before it can start anything of its own.</summary>
    /// <exception cref="Win32Exception">The program cannot be started.</exception>
    public static ChildProcess Start(
        ProcessStartInfo start, ProcessTree tree, Action<ReadOnlyMemory<byte>> onOutput, Action<ReadOnlyMemory<byte>> onError)
    {
        start.UseShellExecute = false;
        start.CreateNoWindow = true;
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        OwnSession.Use(start);

        var process = Process.Start(start) ?? throw new Win32Exception($"'{start.FileName}' did not start.");
        var child = new ChildProcess(process, onOutput, onError);
        tree.SetRoot(child.Identity, process);
        return child;
    }

    /// <summary>Queues bytes for the child's standard input. What can't be delivered any more is dropped.</summary>
    public void Write(byte[] bytes) => _input.Writer.TryWrite(bytes);

    /// <summary>Closes the child's standard input behind what was queued.</summary>
    public void CloseInput() => _input.Writer.TryComplete();

    /// <summary>
    /// Waits until both outputs have ended, so that every line was handed over. Something that was started by the child and never swept
    /// can hold them open: false when <paramref name="limit"/> was over first.
    /// </summary>
    public async Task<bool> WaitForOutputsAsync(TimeSpan limit) =>
        await Task.WhenAny(_outputs, Task.Delay(limit)).ConfigureAwait(false) == _outputs;

    public void Dispose()
    {
        CloseInput();
        _process.Dispose();
    }

    private static Task Pump(Stream stream, Action<ReadOnlyMemory<byte>> onLine, string name)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            // Disposing a Process leaves the pipes that were used to the garbage collector.
            using var pipe = stream;
            try
            {
                var reader = new LineReader(pipe);
                while (reader.Read() is { } line)
                {
                    onLine(line);
                }

                ended.SetResult();
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                ended.SetResult();
            }
            catch (Exception e)
            {
                ended.SetException(e);
            }
        })
        {
            IsBackground = true,
            Name = "claude-tasks agent " + name,
        };
        thread.Start();
        return ended.Task;
    }

    private async Task WriteInputAsync()
    {
        try
        {
            await using var stream = _process.StandardInput.BaseStream;
            await foreach (var bytes in _input.Reader.ReadAllAsync().ConfigureAwait(false))
            {
                await stream.WriteAsync(bytes).ConfigureAwait(false);
                await stream.FlushAsync().ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The child is gone or has closed its input; its end is reported by Exited.
        }
    }

    private async Task<int> WaitAsync(int pid)
    {
        try
        {
            await _process.WaitForExitAsync().ConfigureAwait(false);
            return _process.ExitCode;
        }
        finally
        {
            Running.TryRemove(pid, out _);
        }
    }
}
