using System.Text;

namespace ClaudeTasks.Benchmarks;

/// <summary>Lines as the CLI writes them, about 420 bytes each, which is what a line of its text is long.</summary>
internal static class AgentLines
{
    /// <summary>Letters as often as text has them: it compresses as text does.</summary>
    private const string Letters = "eeeeeetttttaaaaooooiiiinnnnsssshhhrrrrdddlllcuumwfgypbvk        ";

    public static byte[] Make(int number) => Encoding.UTF8.GetBytes(
        $$"""
        {"type":"assistant","message":{"id":"msg_{{number:D12}}","type":"message","role":"assistant","model":"claude",
        "content":[{"type":"text","text":"{{new string(new Random(number).GetItems<char>(Letters, 180))}} {{number}}"}],
        "stop_reason":null},"parent_tool_use_id":null,"session_id":"6b1f8f5e-5a0d-4f0e-9d9c-3c1c0a4d6f11",
        "uuid":"00000000-0000-4000-8000-{{number:D12}}"}
        """.ReplaceLineEndings(""));

    /// <summary>So many lines, each with its line end.</summary>
    public static byte[] Stream(int count)
    {
        using var all = new MemoryStream();
        for (var i = 0; i < count; i++)
        {
            all.Write(Make(i));
            all.WriteByte((byte)'\n');
        }

        return all.ToArray();
    }
}
