using ClaudeTasks.Model;
using ClaudeTasks.Store;

namespace ClaudeTasks.Engine;

/// <summary>Reads and sets options and templates, and creates requests with them.</summary>
public sealed class EngineSettings
{
    private readonly EngineContext _context;

    internal EngineSettings(EngineContext context) => _context = context;

    /// <summary>The options in force.</summary>
    /// <exception cref="ClaudeTaskException">The store has a value that an option cannot take.</exception>
    public ClaudeTaskOptions Options => _context.Database.Read(OptionTable.Read);

    /// <summary>All options, each with where its value comes from.</summary>
    /// <exception cref="ClaudeTaskException">The store has a value that an option cannot take.</exception>
    public IReadOnlyList<ClaudeTaskOption> GetOptions() => _context.Database.Read(OptionTable.All);

    /// <summary>Sets options, all or none of them.</summary>
    /// <param name="values">The options to set; null takes one back to its default.</param>
    /// <exception cref="ClaudeTaskException">A value cannot be one of its option; nothing was set.</exception>
    public void SetOptions(IReadOnlyDictionary<ClaudeTaskOptionName, object?> values)
    {
        UserOnly.Require(_context.Database, "A change of an option");
        _context.Database.Write(connection => OptionTable.Write(connection, values));
    }

    /// <summary>Adds a template, or replaces the one of that name.</summary>
    /// <exception cref="ClaudeTaskException">It cannot be a template: no task could be made with it.</exception>
    public ClaudeTaskTemplate RegisterTemplate(ClaudeTaskTemplate template)
    {
        ArgumentNullException.ThrowIfNull(template);
        UserOnly.Require(_context.Database, "The registration of a template");
        PromptRules.CheckName("template", template.Name);
        PromptRules.Check(template.ToRequest(template.Prompt, "", "any", ClaudeTaskOptions.Defaults));
        _context.Database.Write(connection => TemplateTable.Save(connection, template));
        return template;
    }

    /// <summary>Takes a template out. The tasks that were made with it keep its name.</summary>
    /// <exception cref="ClaudeTaskException">There is none of that name.</exception>
    public void UnregisterTemplate(string name)
    {
        UserOnly.Require(_context.Database, "The removal of a template");
        if (!_context.Database.Write(connection => TemplateTable.Remove(connection, name)))
        {
            throw NoTemplate(name);
        }
    }

    /// <summary>All templates, by name.</summary>
    public IReadOnlyList<ClaudeTaskTemplate> GetTemplates() => _context.Database.Read(TemplateTable.All);

    /// <summary>The request for a task: what is said of it, then the options, then what is built in.</summary>
    /// <param name="prompt">What Claude should do.</param>
    /// <param name="repository">A folder in the repository's work tree, as an absolute path.</param>
    /// <param name="session">The session's name.</param>
    /// <param name="settings">What is said of the task.</param>
    /// <exception cref="ClaudeTaskException">The store has a value that an option cannot take.</exception>
    public ClaudeTaskRequest CreateRequest(string prompt, string repository, string session, ClaudeTaskSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return settings.ToRequest(prompt, repository, session, Options);
    }

    /// <summary>
    /// The request for a task from a template: what is said of it, then the template, then the options, then what is built in.
    /// </summary>
    /// <param name="template">The template's name.</param>
    /// <param name="values">The values for its places.</param>
    /// <param name="repository">A folder in the repository's work tree, as an absolute path.</param>
    /// <param name="session">The session's name.</param>
    /// <param name="settings">What is said of the task.</param>
    /// <exception cref="ClaudeTaskException">There is no such template, or the values do not fit it.</exception>
    public ClaudeTaskRequest CreateRequest(
        string template, IReadOnlyDictionary<string, string?> values, string repository, string session, ClaudeTaskSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var found = _context.Database.Read(connection => TemplateTable.Find(connection, template)) ?? throw NoTemplate(template);
        return CreateRequest(found.Fill(values), repository, session, SettingDefinition.Layer(settings, found)) with
        {
            Template = found.Name
        };
    }

    private static ClaudeTaskException NoTemplate(string name) => new(
        ClaudeTaskErrorId.TemplateNotFound,
        $"There is no template '{name}'.",
        name,
        "Get-ClaudeTaskTemplate lists the templates there are.");
}
