using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace ClaudeTasks.Tests.Support;

/// <summary>One call of the console front end.</summary>
internal sealed class FrontEndProcess : IDisposable
{
    private readonly Process _process;
    private readonly List<string> _lines = [];
    private readonly Task _reading;
    private readonly Task<string> _errors;

    public FrontEndProcess(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string? input)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _reading = Task.Run(async () =>
        {
            while (await _process.StandardOutput.ReadLineAsync() is { } line)
            {
                lock (_lines)
                {
                    _lines.Add(line);
                }
            }
        });
        _errors = _process.StandardError.ReadToEndAsync();
        _process.StandardInput.Write(input);
        _process.StandardInput.Close();
    }

    /// <summary>The process's number.</summary>
    public int Id => _process.Id;

    /// <summary>What it wrote to standard error; call it when the process has ended.</summary>
    public string Error => _errors.GetAwaiter().GetResult();

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>The events it has written so far.</summary>
    public IReadOnlyList<JsonObject> Events =>
        [.. Lines.Select(line => JsonNode.Parse(line)!.AsObject()).Where(item => item.ContainsKey("Seq"))];

    /// <summary>The task it wrote at its end.</summary>
    public JsonObject TaskAtEnd => JsonNode.Parse(Lines[^1])!.AsObject();

    /// <summary>Waits for the end and returns the exit code.</summary>
    public int WaitForExit()
    {
        Until.True(() => _process.HasExited, "the front end has ended");
        _reading.GetAwaiter().GetResult();
        return _process.ExitCode;
    }

    public bool HasEvent(string kind, string text) => Events.Any(item =>
        item["Kind"]!.GetValue<string>() == kind && item["Text"]!.GetValue<string>().Contains(text, StringComparison.Ordinal));

    /// <summary>Ends it as a power cut would.</summary>
    public void Kill()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.WaitForExit();
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }
}
