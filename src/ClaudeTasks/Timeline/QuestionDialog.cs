using ClaudeTasks.Engine;
using ClaudeTasks.Model;
using ClaudeTasks.Questions;

namespace ClaudeTasks.Timeline;

/// <summary>
/// A question that is being answered: what is shown of it, and what keys do. One of Claude's own takes a line for each of its parts.
/// </summary>
internal sealed class QuestionDialog
{
    private readonly ClaudeTaskQuestion _question;
    private readonly IReadOnlyList<ClaudeTaskQuestionPart> _parts;
    private readonly List<string> _answers = [];
    private string? _typed;

    public QuestionDialog(ClaudeTaskQuestion question)
    {
        _question = question;
        _parts = question.Kind == ClaudeTaskQuestionKind.Question ? TaskQuestions.GetParts(question) : [];
        _typed = _parts.Count > 0 ? "" : null;
        Text = new ScrollText(follows: false, Lines());
    }

    /// <summary>What is asked, all of it.</summary>
    public ScrollText Text { get; private set; }

    /// <summary>Whether keys are text.</summary>
    public bool IsTyping => _typed is not null;

    /// <summary>The number of the question.</summary>
    public int Question => _question.Id;

    public string Caption => QuestionText.Caption(_question);

    /// <summary>What can be done, with what was typed so far.</summary>
    public string KeyLine => _typed is null
        ? "y allow   n deny   t deny, and tell Claude why   Esc leave it open"
        : (_parts.Count > 0 ? QuestionText.HowTo(_parts[_answers.Count]) : "What Claude is told: ") + _typed + "_";

    /// <summary>Takes a key that is none for scrolling.</summary>
    /// <returns>The answer once there is one, and whether the dialog is over.</returns>
    public (QuestionAnswer? Answer, bool IsOver) Press(ConsoleKeyInfo key) => key switch
    {
        { Key: ConsoleKey.Escape } => (null, true),
        { Key: ConsoleKey.Enter } when _typed is not null => Enter(_typed.Trim()),
        { Key: ConsoleKey.Backspace } =>
            Type(_typed is { Length: > 0 } typed ? typed[..^(char.IsLowSurrogate(typed[^1]) ? 2 : 1)] : _typed),
        _ when _typed is not null => Type(char.IsControl(key.KeyChar) ? _typed : _typed + key.KeyChar),
        { KeyChar: 'y' } => (new QuestionAnswer { IsAllowed = true }, true),
        { KeyChar: 'n' } => (new QuestionAnswer(), true),
        { KeyChar: 't' } => Type(""),
        { KeyChar: 'q' } => (null, true),
        _ => (null, false),
    };

    private (QuestionAnswer? Answer, bool IsOver) Type(string? typed)
    {
        _typed = typed;
        return (null, false);
    }

    private (QuestionAnswer? Answer, bool IsOver) Enter(string line)
    {
        if (_parts.Count == 0)
        {
            return (new QuestionAnswer { Text = line.Length > 0 ? line : null }, true);
        }

        if (line.Length == 0)
        {
            return (null, true);
        }

        _answers.Add(QuestionText.Choose(_parts[_answers.Count], line));
        if (_answers.Count == _parts.Count)
        {
            return (new QuestionAnswer { IsAllowed = true, Text = string.Join('\n', _answers) }, true);
        }

        Text = new ScrollText(follows: false, Lines());
        return Type("");
    }

    private IEnumerable<ToneLine> Lines() => _parts.Count > 0
        ? [
            new ToneLine(_parts[_answers.Count].Text),
            .. QuestionText.Options(_parts[_answers.Count]).Select(option => new ToneLine(option))
        ]
        : [
            .. QuestionText.Body(_question).Split('\n').Select(line => new ToneLine(line)),
            new ToneLine(""),
            .. QuestionText.Input(_question).Split('\n').Select(line => new ToneLine(line, Tone.Faint)),
        ];
}
