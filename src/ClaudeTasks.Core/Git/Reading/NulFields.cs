namespace ClaudeTasks.Git;

/// <summary>Takes the fields of one of git's answers in NUL format one by one.</summary>
internal sealed class NulFields(ReadOnlyMemory<byte> output)
{
    /// <summary>What was not taken yet.</summary>
    public ReadOnlyMemory<byte> Rest { get; private set; } = output;

    /// <summary>The next field; an empty one behind the last.</summary>
    public ReadOnlySpan<byte> Next()
    {
        var rest = Rest;
        var end = rest.Span.IndexOf((byte)0);
        Rest = end < 0 ? default : rest[(end + 1)..];
        return end < 0 ? rest.Span : rest.Span[..end];
    }
}
