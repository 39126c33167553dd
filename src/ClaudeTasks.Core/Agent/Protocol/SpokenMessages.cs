namespace ClaudeTasks.Agent;

/// <summary>What was said to an agent and how far it has come with it. Thread-safe.</summary>
internal sealed class SpokenMessages
{
    private readonly HashSet<string> _open = [];
    private readonly HashSet<string> _begun = [];
    private readonly HashSet<string> _dropped = [];
    private bool _isOver;

    /// <summary>What the agent has not begun with: it heard nothing of it, and another one may.</summary>
    public IReadOnlyList<string> Unheard
    {
        get
        {
            lock (_open)
            {
                return [.. _open.Except(_begun), .. _dropped];
            }
        }
    }

    /// <summary>Says something, unless the last turn is over. Ending and saying exclude each other.</summary>
    public bool TrySay(string id, Action say)
    {
        lock (_open)
        {
            if (_isOver)
            {
                return false;
            }

            _open.Add(id);
            say();
            return true;
        }
    }

    public void Begin(string id)
    {
        lock (_open)
        {
            _begun.Add(id);
        }
    }

    /// <summary>The agent is done with it, or has dropped it from its queue.</summary>
    public void End(string id, bool isCancelled)
    {
        lock (_open)
        {
            if (_open.Remove(id) && isCancelled && !_begun.Contains(id))
            {
                _dropped.Add(id);
            }
        }
    }

    /// <summary>A turn answered these; all, where the agent does not tell.</summary>
    public void SetAnswered(IReadOnlyList<string>? ids)
    {
        lock (_open)
        {
            _open.ExceptWith(ids ?? [.. _open]);
        }
    }

    /// <summary>Ends the conversation, unless something was said that brings a further turn.</summary>
    public bool TryEnd()
    {
        lock (_open)
        {
            return _isOver |= _open.Count == 0;
        }
    }
}
