namespace ClaudeTasks.Reporting;

/// <content>
/// What a task changed. Each line is there once and in the order of the patch; the style sheet puts what was removed beside what was added
/// where the screen is wide enough. Only lines that did not change have a second text, for the other side.
/// </content>
internal sealed partial class HtmlReport
{
    private const int MostOpenLines = 60;

    private void AddViewChoice()
    {
        if (_report.Tasks.Any(item => item.Changes.Any(change => change is { Additions: > 0, Deletions: > 0 })))
        {
            _html.Add($"""
                <fieldset class="view">
                <legend>Changes</legend>
                <label><input type="radio" name="view" checked> side by side</label>
                <label><input type="radio" name="view" id="inline"> inline</label>
                </fieldset>
                """);
        }
    }

    private void AddChanges(ReportTask item)
    {
        if (item.Changes.Count == 0)
        {
            return;
        }

        _html.Add($"<h4>Changes <span class=\"muted\">{ReportText.Changes(item.Task)}</span></h4>");
        var isShort = item.Changes.Sum(change => change.Patch.Count(character => character == '\n')) <= MostOpenLines;
        foreach (var change in item.Changes)
        {
            AddChange(item, change, isShort);
        }
    }

    private void AddChange(ReportTask item, ReportChange change, bool isOpen)
    {
        var lines = PatchReader.Read(change.Patch);
        if (lines.Count == 0 && change.PatchLinesLeftOut == 0)
        {
            _html.Add($"<p class=\"file\">");
            AddName(change);
            _html.Add($"</p>");
            return;
        }

        if (isOpen)
        {
            _html.Add($"<details class=\"file\" open>\n<summary>");
        }
        else
        {
            _html.Add($"<details class=\"file\">\n<summary>");
        }

        AddName(change);
        _html.Add($"</summary>");
        AddLines(change.Path, lines);
        if (change.PatchLinesLeftOut > 0)
        {
            _html.Add($"<p class=\"muted\">{ReportText.PatchLeftOut(item, change)}</p>");
        }

        _html.Add($"</details>");
    }

    private void AddName(ReportChange change) => _html.Add($"""
        <span class="kind">{change.Kind}</span> <code>{ReportText.Path(change)}</code>
        <span class="muted">{ReportText.Counts(change)}</span>
        """);

    private void AddLines(string path, List<PatchLine> lines)
    {
        var hasSides = lines.Any(line => line.Kind == PatchLineKind.Added) && lines.Any(line => line.Kind == PatchLineKind.Removed);
        _html.Add($"<div class=\"diff{(hasSides ? " sides" : "")}\" role=\"group\" aria-label=\"Lines of {path}\">");
        var isInBlock = false;
        foreach (var line in lines)
        {
            var isChanged = line.Kind is PatchLineKind.Added or PatchLineKind.Removed;
            if (isChanged != isInBlock)
            {
                AddBlockEdge(isChanged);
            }

            isInBlock = isChanged;
            AddLine(path, line, hasSides);
        }

        if (isInBlock)
        {
            AddBlockEdge(isStart: false);
        }

        _html.Add($"</div>");
    }

    private void AddBlockEdge(bool isStart)
    {
        if (isStart)
        {
            _html.Add($"<div class=\"block\">");
        }
        else
        {
            _html.Add($"</div>");
        }
    }

    private void AddLine(string path, PatchLine line, bool hasSides)
    {
        _html.Add($"<div class=\"{line.Kind}\">", endsLine: false);
        switch (line.Kind)
        {
            case PatchLineKind.Heading:
                _html.Add($"{line.Text}", endsLine: false);
                break;
            case PatchLineKind.Context:
                _html.Add($"<i>{line.OldNumber}</i><i>{line.NewNumber}</i><code> ", endsLine: false);
                AddCode(path, line);
                _html.Add($"</code>", endsLine: false);
                if (hasSides)
                {
                    _html.Add($"<code aria-hidden=\"true\"> ", endsLine: false);
                    AddCode(path, line);
                    _html.Add($"</code>", endsLine: false);
                }

                break;
            default:
                _html.Add(
                    $"<i>{line.OldNumber ?? line.NewNumber}</i><code>{(line.Kind == PatchLineKind.Added ? '+' : '-')}", endsLine: false);
                AddCode(path, line);
                _html.Add($"</code>", endsLine: false);
                break;
        }

        _html.Add($"</div>");
    }

    /// <summary>The text in pieces that are of one kind and wholly inside or outside of what differs.</summary>
    private void AddCode(string path, PatchLine line)
    {
        var (start, length) = line.Different.GetOffsetAndLength(line.Text.Length);
        foreach (var part in CodeReader.Read(path, line.Text))
        {
            var (from, to) = (Math.Clamp(start, part.Start, part.End), Math.Clamp(start + length, part.Start, part.End));
            AddPiece(line.Text[part.Start..from], part.Kind, isMarked: false);
            AddPiece(line.Text[from..to], part.Kind, isMarked: true);
            AddPiece(line.Text[to..part.End], part.Kind, isMarked: false);
        }
    }

    private void AddPiece(string text, CodeKind kind, bool isMarked)
    {
        if (text.Length == 0)
        {
            return;
        }

        if (isMarked)
        {
            _html.Add($"<mark>{text}</mark>", endsLine: false);
        }
        else if (kind == CodeKind.Plain)
        {
            _html.Add($"{text}", endsLine: false);
        }
        else
        {
            _html.Add($"<span class=\"{kind}\">{text}</span>", endsLine: false);
        }
    }
}
