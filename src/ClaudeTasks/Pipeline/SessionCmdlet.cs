using System.Management.Automation;
using ClaudeTasks.Completion;
using ClaudeTasks.Errors;
using ClaudeTasks.Model;
using ClaudeTasks.Text;

namespace ClaudeTasks.Pipeline;

/// <summary>The base of cmdlets that change sessions which the user names or pipes.</summary>
public abstract class SessionCmdlet : EngineCmdlet
{
    /// <summary>Pass session names. If several repositories have a session with that name, add -Repository.</summary>
    [Parameter(ParameterSetName = "Name", Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [SupportsWildcards]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(PatternOf<SessionCompleter>))]
    public string[] Name { get; set; } = [];

    /// <summary>Use only the session of the repository that contains this folder.</summary>
    [Parameter(ParameterSetName = "Name")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RepositoryCompleter))]
    public string? Repository { get; set; }

    /// <summary>Pass sessions from Get-ClaudeTaskSession.</summary>
    [Parameter(ParameterSetName = "Session", Mandatory = true, ValueFromPipeline = true)]
    [SessionReferenceTransformation]
    [ValidateNotNullOrEmpty]
    public SessionReference[] InputObject { get; set; } = [];

    /// <inheritdoc/>
    protected sealed override void ProcessRecord()
    {
        foreach (var reference in ParameterSetName == "Session" ? InputObject : [])
        {
            Try(reference, () => ProcessSession(reference != SessionReference.None ? reference : throw InputErrors.NoneGiven("session")));
        }

        foreach (var name in ParameterSetName == "Name" ? OrEmpty(Name) : [])
        {
            var found = new List<ClaudeTaskSession>();
            Try(name, () => found.AddRange(Find(name)));
            foreach (var session in found)
            {
                Try(session, () => ProcessSession(SessionReference.Of(session)!));
            }
        }
    }

    private List<ClaudeTaskSession> Find(string name)
    {
        Require("session", name);
        var repository = Repository is null ? null : ResolvePath(Repository);
        var found = Run(stop => SessionSearch.FindAsync(Engine, name, repository, stop));
        return found.Count < 2 || WildcardPattern.ContainsWildcardCharacters(name) ? found : throw new ClaudeTaskException(
            ClaudeTaskErrorId.InvalidArgument,
            $"{found.Count} repositories have a session '{name}': "
                + $"{string.Join(", ", found.Take(5).Select(session => session.Repository))}{(found.Count > 5 ? ", …" : "")}.",
            name,
            "Add -Repository, or pipe the session from Get-ClaudeTaskSession.");
    }

    /// <summary>Does what the cmdlet does for one session.</summary>
    protected abstract void ProcessSession(SessionReference session);

    /// <summary>A session as the user is asked about it.</summary>
    protected static string Describe(SessionReference session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return $"Session '{TerminalText.OneLine(session.Name, 80)}' in {TerminalText.OneLine(session.Repository, 200)}";
    }
}
