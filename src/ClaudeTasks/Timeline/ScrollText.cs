namespace ClaudeTasks.Timeline;

/// <summary>Text of which a part is shown. It follows its end, or stays where somebody scrolled it to.</summary>
internal sealed class ScrollText
{
    /// <summary>Older lines are dropped, some at once.</summary>
    public const int MostLines = 5000;

    private const int Dropped = 1000;

    private readonly List<ToneLine> _lines = [];
    private readonly List<ToneLine> _rows = [];
    private int _width;
    private int _top;

    public ScrollText(bool follows, params IEnumerable<ToneLine> lines)
    {
        Follows = follows;
        _lines.AddRange(lines);
    }

    /// <summary>Whether what is added comes into view.</summary>
    public bool Follows { get; set; }

    public bool IsEmpty => _lines.Count == 0;

    /// <summary>Adds a line at the end.</summary>
    public void Add(ToneLine line)
    {
        if (_lines.Count >= MostLines)
        {
            // What is in view stays there.
            _top = Math.Max(0, _top - _lines.Take(Dropped).Sum(dropped => CellText.Wrap(dropped.Text, _width).Count));
            _lines.RemoveRange(0, Dropped);
            _rows.Clear();
            _lines.ForEach(AddRows);
        }

        _lines.Add(line);
        AddRows(line);
    }

    /// <summary>The rows in view.</summary>
    public IEnumerable<ToneLine> View(int width, int height) => Rows(width).Skip(Top(width, height)).Take(height);

    /// <summary>Moves the view by rows. It follows again once it is at the end, if it ever did.</summary>
    public void Scroll(int rows, int width, int height, bool canFollow)
    {
        var last = Math.Max(0, Rows(width).Count - height);
        _top = (int)Math.Clamp((long)Top(width, height) + rows, 0, last);
        Follows = canFollow && _top == last;
    }

    /// <summary>Stays where it is, or goes to the end and stays there.</summary>
    public void Toggle(int width, int height)
    {
        _top = Top(width, height);
        Follows = !Follows;
    }

    private int Top(int width, int height)
    {
        var last = Math.Max(0, Rows(width).Count - height);
        return Follows ? last : Math.Min(_top, last);
    }

    private List<ToneLine> Rows(int width)
    {
        if (width != _width)
        {
            _width = width;
            _rows.Clear();
            _lines.ForEach(AddRows);
        }

        return _rows;
    }

    private void AddRows(ToneLine line)
    {
        if (_width > 0)
        {
            _rows.AddRange(CellText.Wrap(line.Text, _width).Select(row => line with { Text = row }));
        }
    }
}
