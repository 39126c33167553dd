using System.Management.Automation;
using ClaudeTasks.Completion;
using ClaudeTasks.Errors;
using ClaudeTasks.Model;
using ClaudeTasks.Pipeline;
using ClaudeTasks.Reporting;
using ClaudeTasks.Reports;
using ClaudeTasks.Text;

namespace ClaudeTasks.Commands;

/// <summary>Writes a report of tasks or a session: HTML, Markdown, JSON or JUnit XML.</summary>
[Cmdlet(VerbsData.Export, "ClaudeTaskReport", DefaultParameterSetName = "Task", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportClaudeTaskReportCommand : EngineCmdlet
{
    private readonly SortedSet<int> _ids = [];
    private readonly SortedSet<string> _sessions = new(StringComparer.Ordinal);
    private ReportFormat _format;
    private string _file = "";
    private bool _hasFailed;

    /// <summary>
    /// Write the report to this file, which only you can read. Wildcards are taken literally. An existing file is replaced. A link is
    /// refused: in place of the file, and as a folder of a Git working tree.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0)]
    [Alias("FilePath", "LiteralPath")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Pass task numbers, GUIDs or task objects. A session stands for all of its tasks.</summary>
    [Parameter(ParameterSetName = "Task", Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id", "TaskId", "InputObject")]
    [TaskReferenceTransformation]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TaskCompleter))]
    public TaskReference[] Task { get; set; } = [];

    /// <summary>Report all tasks of the sessions with a matching name.</summary>
    [Parameter(ParameterSetName = "Session", Mandatory = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PatternOf<SessionCompleter>))]
    public string Session { get; set; } = "";

    /// <summary>Use only the session of the repository that contains this folder.</summary>
    [Parameter(ParameterSetName = "Session")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RepositoryCompleter))]
    public string? Repository { get; set; }

    /// <summary>Write this format. By default, the file's extension decides: .html, .md, .json, or .xml for JUnit.</summary>
    [Parameter]
    public ReportFormat? Format { get; set; }

    /// <summary>Do not replace an existing file.</summary>
    [Parameter]
    [Alias("NoOverwrite")]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Replace a read-only file, too.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Return the file.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        try
        {
            _file = ResolvePath(Path);
            _format = Format ?? FormatOf(_file);
            if (NoClobber && File.Exists(_file))
            {
                throw FileExists();
            }
        }
        catch (ClaudeTaskException e)
        {
            ThrowTerminatingError(ErrorRecords.From(e));
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var reference in ParameterSetName == "Task" ? Task : [])
        {
            _hasFailed |= !Try(
                reference, () => _ids.UnionWith(Run(stop => reference.ResolveAsync(Engine, stop)).Select(id => Engine.Tasks.Get(id).Id)));
        }

        if (ParameterSetName == "Session")
        {
            _hasFailed |= !Try(Session, () =>
            {
                var repository = Repository is null ? null : ResolvePath(Repository);
                foreach (var session in Run(stop => SessionSearch.FindAnyAsync(Engine, Session, repository, stop)))
                {
                    _sessions.Add(session.Name);
                    _ids.UnionWith(Run(stop => Engine.Sessions.GetTasksAsync(session.Name, session.Repository, stop)));
                }
            });
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        // Who named something that is not there wants no empty report; who piped nothing gets one, as from Export-Csv.
        if (_ids.Count == 0 && _hasFailed)
        {
            return;
        }

        Try(_file, () =>
        {
            if (!ShouldProcess(TerminalText.OneLine(_file, 200), $"Write report of {(_ids.Count == 1 ? "1 task" : $"{_ids.Count} tasks")}"))
            {
                return;
            }

            using var content = new MemoryStream();
            var title = _sessions.Count is > 0 and <= 3 ? string.Join(", ", _sessions) : null;
            ReportWriter.Write(Run(stop => Engine.Reports.CreateAsync(title, _ids, stop)), _format, content);
            Save(content.ToArray());
            if (PassThru)
            {
                // The provider's own object has what its view shows.
                WriteObject(InvokeProvider.Item.Get([_file], force: true, literalPath: true), enumerateCollection: true);
            }
        });
    }

    /// <summary>The report is whole before the file is touched.</summary>
    private void Save(byte[] content)
    {
        if (ReportFile.FindLink(_file) is { } link)
        {
            throw new ClaudeTaskException(
                ClaudeTaskErrorId.ReportNotWritten,
                $"The report '{_file}' was not written: '{link}' is a link, which the repository or a program may have made.",
                _file,
                "Choose a file whose path contains no link.");
        }

        try
        {
            if (Force && File.Exists(_file))
            {
                File.SetAttributes(_file, File.GetAttributes(_file) & ~FileAttributes.ReadOnly);
            }

            ReportFile.Write(_file, content, replaces: !NoClobber);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NoClobber && File.Exists(_file) ? FileExists() : new ClaudeTaskException(
                ClaudeTaskErrorId.ReportNotWritten,
                $"The report '{_file}' cannot be written: {e.Message}",
                _file,
                "Choose a file in an existing folder that you can write to. -Force replaces a read-only file.",
                e);
        }
    }

    private ClaudeTaskException FileExists() => new(
        ClaudeTaskErrorId.ReportExists,
        $"The file '{_file}' exists already, and -NoClobber protects it.",
        _file,
        "Choose another file, or remove -NoClobber.");

    private static ReportFormat FormatOf(string file) => System.IO.Path.GetExtension(file).ToUpperInvariant() switch
    {
        ".HTML" or ".HTM" => ReportFormat.Html,
        ".MD" or ".MARKDOWN" => ReportFormat.Markdown,
        ".JSON" => ReportFormat.Json,
        ".XML" => ReportFormat.JUnit,
        var extension => throw new ClaudeTaskException(
            ClaudeTaskErrorId.InvalidArgument,
            extension.Length == 0
                ? $"The name of the report '{file}' has no extension that implies its format."
                : $"The extension '{extension}' is not a report format.",
            file,
            "Use a name that ends in .html, .md, .json or .xml, or add -Format."),
    };
}
