using System.Text;
using ClaudeTasks.Tests.Support;

namespace ClaudeTasks.Tests.Faults;

/// <summary>Makes broken streams of recorded ones: what a bad disk, a bad pipe, a newer or a hostile agent might print.</summary>
internal sealed class StreamMutator(int seed)
{
    private static readonly List<List<byte[]>> Recorded = [.. Transcript.Names.Select(Transcript.Lines)];

    private static readonly List<byte[]> Fragments =
    [
        .. new[]
        {
            "null", "true", "false", "-1", "1e999", "99999999999999999999999", "\"\"", "\"\\ud83d\"", "[]", "{}", "[[[[[[[[",
            "}}}}", "\\", "\"", "\n", "\r\n", "\n\n", "\0", "\u001b]52;c;AAAA\u0007", "\"is_error\":true,", "\"is_error\":false,",
            "\"subtype\":\"success\",", "\"subtype\":\"error\",", "\"num_turns\":0,", "\"terminal_reason\":\"completed\",",
            "{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":false,\"num_turns\":3}\n", "{\"type\":\"result\"}\n",
            "{\"type\":\"system\",\"subtype\":\"session_state_changed\",\"state\":\"idle\"}\n",
            "{\"type\":\"control_request\",\"request_id\":\"x\",\"request\":{}}\n",
        }.Select(Encoding.UTF8.GetBytes),
        [0xff, 0xfe], [0xc3], [0xed, 0xa0, 0x80], [0xf0, 0x9f],
        [.. Enumerable.Repeat((byte)'[', 2000)],
    ];

    private readonly Random _random = new(seed);

    /// <summary>A recorded stream with one to four things wrong with it.</summary>
    public byte[] Next()
    {
        var lines = new List<byte[]>(Any(Recorded));
        var stream = new List<byte>();
        for (var changes = _random.Next(0, 3); changes > 0 && lines.Count > 1; changes--)
        {
            ChangeLines(lines);
        }

        foreach (var line in lines)
        {
            stream.AddRange(line);
            stream.Add((byte)'\n');
        }

        for (var changes = _random.Next(1, 3); changes > 0; changes--)
        {
            ChangeBytes(stream);
        }

        return [.. stream];
    }

    private void ChangeLines(List<byte[]> lines)
    {
        var at = _random.Next(lines.Count);
        switch (_random.Next(5))
        {
            case 0:
                lines.RemoveAt(at);
                break;
            case 1:
                lines.Insert(_random.Next(lines.Count), lines[at]);
                break;
            case 2:
                var other = _random.Next(lines.Count);
                (lines[at], lines[other]) = (lines[other], lines[at]);
                break;
            case 3:
                lines.Insert(at, Any(Any(Recorded)));
                break;
            default:
                lines.RemoveRange(at, lines.Count - at);
                break;
        }
    }

    private void ChangeBytes(List<byte> stream)
    {
        var at = _random.Next(stream.Count + 1);
        var rest = stream.Count - at;
        switch (_random.Next(6))
        {
            case 0 when rest > 0:
                stream[at] = (byte)_random.Next(256);
                break;
            case 1 when rest > 0:
                stream[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 2:
                stream.RemoveRange(at, Math.Min(rest, _random.Next(1, 200)));
                break;
            case 3:
                stream.InsertRange(at, stream.GetRange(at, Math.Min(rest, _random.Next(1, 200))));
                break;
            case 4:
                stream.RemoveRange(at, rest);
                break;
            default:
                stream.InsertRange(at, Any(Fragments));
                break;
        }
    }

    private T Any<T>(List<T> list) => list[_random.Next(list.Count)];
}
