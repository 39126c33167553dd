using System.Buffers;

namespace ClaudeTasks.Processes;

/// <summary>
/// Cuts a stream of bytes into lines at <c>\n</c>, of any length and with any bytes in them; a <c>\r</c> before the end is part of the
/// line end. Not thread-safe.
/// </summary>
internal sealed class LineReader(Stream stream)
{
    private const int InitialSize = 64 * 1024;

    private byte[] _buffer = new byte[InitialSize];
    private int _start;
    private int _searched;
    private int _end;

    /// <summary>The next line without its end, or null at the end of the stream. A last line without an end is a line too.</summary>
    /// <returns>Bytes of this reader's own, which are the line's until the next one is read.</returns>
    public ReadOnlyMemory<byte>? Read()
    {
        while (true)
        {
            var newline = _buffer.AsSpan(_searched, _end - _searched).IndexOf((byte)'\n');
            if (newline >= 0)
            {
                var line = Take(_searched + newline);
                _start = _searched = _searched + newline + 1;
                return line;
            }

            _searched = _end;
            MakeRoom();
            var read = stream.Read(_buffer, _end, _buffer.Length - _end);
            if (read == 0)
            {
                if (_start == _end)
                {
                    return null;
                }

                var last = Take(_end);
                _start = _searched = _end;
                return last;
            }

            _end += read;
        }
    }

    private ReadOnlyMemory<byte> Take(int end)
    {
        var length = end - _start;
        if (length > 0 && _buffer[end - 1] == '\r')
        {
            length--;
        }

        return _buffer.AsMemory(_start, length);
    }

    private void MakeRoom()
    {
        var pending = _end - _start;
        if (pending == 0 && _buffer.Length > InitialSize)
        {
            // One huge line must not keep its memory for the rest of a long run; lent, it can come back for the next one.
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = new byte[InitialSize];
        }
        else if (_end == _buffer.Length)
        {
            var source = _buffer;
            if (pending > source.Length / 2)
            {
                _buffer = ArrayPool<byte>.Shared.Rent(checked(source.Length * 2));
            }

            Buffer.BlockCopy(source, _start, _buffer, 0, pending);
            if (source != _buffer && source.Length > InitialSize)
            {
                ArrayPool<byte>.Shared.Return(source);
            }
        }
        else
        {
            return;
        }

        _start = 0;
        _searched = _end = pending;
    }
}
