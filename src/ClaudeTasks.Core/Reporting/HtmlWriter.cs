using System.Globalization;
using System.Runtime.CompilerServices;
using ClaudeTasks.Text;

namespace ClaudeTasks.Reporting;

/// <summary>
/// Writes HTML from interpolated strings: what is written in the source is markup, and every value in it is text, made harmless and
/// escaped. A string that is made elsewhere cannot be written as markup.
/// </summary>
internal sealed class HtmlWriter(TextWriter target)
{
    private readonly TextWriter _target = target;

    /// <summary>Writes markup with values in it; the compiler has the parts written before it calls this.</summary>
    /// <param name="markup">The markup.</param>
    /// <param name="endsLine">Whether a line ends there; not where that would be seen.</param>
    public void Add([InterpolatedStringHandlerArgument("")] Markup markup, bool endsLine = true)
    {
        _ = markup;
        if (endsLine)
        {
            _target.WriteLine();
        }
    }

    /// <summary>Takes the parts of an interpolated string as the compiler hands them over.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Markup
    {
        private readonly TextWriter _target;

        public Markup(int literalLength, int formattedCount, HtmlWriter writer)
        {
            _ = literalLength + formattedCount;
            _target = writer._target;
        }

        public void AppendLiteral(string markup) => _target.Write(markup);

        public void AppendFormatted<T>(T value) => AppendText(Convert.ToString(value, CultureInfo.InvariantCulture));

        public void AppendFormatted(DateTime value, string format) => AppendText(value.ToString(format, CultureInfo.InvariantCulture));

        private void AppendText(string? text)
        {
            foreach (var character in TerminalText.Clean(text))
            {
                switch (character)
                {
                    case '&':
                        _target.Write("&amp;");
                        break;
                    case '<':
                        _target.Write("&lt;");
                        break;
                    case '>':
                        _target.Write("&gt;");
                        break;
                    case '"':
                        _target.Write("&quot;");
                        break;
                    case '\'':
                        _target.Write("&#39;");
                        break;
                    default:
                        _target.Write(character);
                        break;
                }
            }
        }
    }
}
