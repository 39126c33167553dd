using ClaudeTasks.Engine;

namespace ClaudeTasks.Pipeline;

/// <summary>One engine a store for the whole process, shared by all runspaces.</summary>
internal static class Engines
{
    private static readonly Dictionary<string, ClaudeTaskEngine> Open = [];

    /// <summary>The engine of the store that is in force now; <c>CLAUDETASKS_HOME</c> can change while a session lives.</summary>
    public static ClaudeTaskEngine Current
    {
        get
        {
            lock (Open)
            {
                var path = TaskStore.FindPath();
                if (!Open.TryGetValue(path, out var engine) || engine.Store.IsGone)
                {
                    Open[path] = engine = ClaudeTaskEngine.Open();
                    engine.ReplacementHost = () => ModuleWorker.Host;
                }

                return engine;
            }
        }
    }

    /// <summary>Closes the store that is in force now, so that its file can be repaired. Who uses it meanwhile gets an error.</summary>
    public static void Close()
    {
        lock (Open)
        {
            if (Open.Remove(TaskStore.FindPath(), out var engine))
            {
                engine.Dispose();
            }
        }
    }
}
