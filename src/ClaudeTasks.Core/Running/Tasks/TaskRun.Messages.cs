using ClaudeTasks.Agent;
using ClaudeTasks.Model;
using ClaudeTasks.Store;

namespace ClaudeTasks.Running;

/// <content>What is said to the agent while it works.</content>
internal sealed partial class TaskRun
{
    private readonly Dictionary<string, long> _said = [];
    private volatile AgentAtWork? _atWork;

    /// <summary>Tells the agent what came in: answers and messages. Called when the store has changed.</summary>
    public void Look()
    {
        if (_atWork is { } work)
        {
            work.Questions.Look();
            SayMessages(work.Session);
        }
    }

    /// <summary>Each message is noted as sent before it is: it may be lost with the agent, but is never said twice.</summary>
    private void SayMessages(AgentSession session)
    {
        lock (_said)
        {
            foreach (var message in _atWork?.Session != session
                ? []
                : database.Read(connection => MessageTable.Unsent(connection, task.Id)))
            {
                Say(session, message);
            }
        }
    }

    private void Say(AgentSession session, MessageTable.Row message)
    {
        var id = Guid.NewGuid();
        if (!database.Write(connection => MessageTable.SetSent(connection, message.Id)))
        {
            return;
        }

        if (session.TrySay(message.Text, id))
        {
            _said.Add(id.ToString(), message.Id);
            Record(new EventDraft(ClaudeTaskEventKind.UserMessage, message.Text));
        }
        else
        {
            database.Write(connection => MessageTable.SetUnsent(connection, message.Id));
        }
    }

    /// <summary>What an agent that was stopped had not begun with is said to the next one.</summary>
    private void TakeBackUnheard(AgentSession session)
    {
        lock (_said)
        {
            // From here on nothing more is said to it.
            _atWork = null;
            foreach (var id in session.Unheard.Where(_said.ContainsKey))
            {
                database.Write(connection => MessageTable.SetUnsent(connection, _said[id]));
            }
        }
    }
}
