using System.Text;

namespace ClaudeTasks.Processes;

/// <summary>What a program that has ended wrote.</summary>
/// <param name="ExitCode">Its exit code, 128 + n after signal n.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error, without white space around it.</param>
/// <param name="PipeHolder">
/// The processes that outlived the program and still hold its pipes open, so that the output may go on; null for none.
/// </param>
internal sealed record ProgramResult(int ExitCode, byte[] Output, string Error, string? PipeHolder)
{
    /// <summary>The output as text without its last line end.</summary>
    public string Text => Encoding.UTF8.GetString(Output) is var text && text.EndsWith('\n') ? text[..^1] : text;
}
