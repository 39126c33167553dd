using System.Collections.Concurrent;
using System.Management.Automation;
using ClaudeTasks.Engine;
using ClaudeTasks.Model;

namespace ClaudeTasks.Jobs;

/// <summary>
/// Where PowerShell's job cmdlets find the jobs of this process. PowerShell makes an adapter for each runspace that imports the module; the
/// jobs are shared by all of them, as those of <c>Start-ThreadJob</c> are.
/// </summary>
public sealed class ClaudeTaskJobSourceAdapter : JobSourceAdapter
{
    private static readonly ConcurrentDictionary<Guid, ClaudeTaskJob> Jobs = [];

    /// <summary>For PowerShell.</summary>
    public ClaudeTaskJobSourceAdapter() => Name = ClaudeTaskJob.TypeName;

    private static IEnumerable<ClaudeTaskJob> InOrder => Jobs.Values.OrderBy(job => job.Id);

    /// <summary>What <c>JobManager.NewJob</c> needs to make the job of a task.</summary>
    internal static JobInvocationInfo Describe(ClaudeTaskEngine engine, ClaudeTask task) => new(
        new JobDefinition(typeof(ClaudeTaskJobSourceAdapter), task.Prompt, null),
        new Dictionary<string, object> { [nameof(engine)] = engine, [nameof(task)] = task });

    /// <summary>Lets the jobs that wait for a person look whether they still do.</summary>
    internal static void Refresh()
    {
        foreach (var job in Jobs.Values)
        {
            job.Refresh();
        }
    }

    /// <inheritdoc/>
    public override Job2 NewJob(JobInvocationInfo specification)
    {
        ArgumentNullException.ThrowIfNull(specification);
        var values = specification.Parameters.SelectMany(set => set)
            .ToDictionary(parameter => parameter.Name, parameter => parameter.Value);
        if (!values.TryGetValue("engine", out var engine) || !values.TryGetValue("task", out var task))
        {
            throw new NotSupportedException("Start-ClaudeTask -AsJob makes the jobs of Claude tasks.");
        }

        var job = new ClaudeTaskJob((ClaudeTaskEngine)engine, (ClaudeTask)task);
        Jobs[job.InstanceId] = job;
        job.Observe();
        return job;
    }

    /// <inheritdoc/>
    public override IList<Job2> GetJobs() => Where(_ => true);

    /// <inheritdoc/>
    public override IList<Job2> GetJobsByName(string name, bool recurse) => Where(job => IsMatch(name, job.Name));

    /// <inheritdoc/>
    public override IList<Job2> GetJobsByCommand(string command, bool recurse) =>
        Where(job => job.Command == command || IsMatch(command, job.Command));

    /// <inheritdoc/>
    public override IList<Job2> GetJobsByState(JobState state, bool recurse) => Where(job => job.JobStateInfo.State == state);

    /// <inheritdoc/>
    public override IList<Job2> GetJobsByFilter(Dictionary<string, object> filter, bool recurse)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return Where(job =>
        {
            var properties = PSObject.AsPSObject(job).Properties;
            return filter.All(item => properties[item.Key] is { } property
                && (LanguagePrimitives.Equals(property.Value, item.Value, ignoreCase: true)
                    || (property.Value is string text && item.Value is string pattern && IsMatch(pattern, text))));
        });
    }

    /// <inheritdoc/>
    public override Job2? GetJobByInstanceId(Guid instanceId, bool recurse) => Jobs.GetValueOrDefault(instanceId);

    /// <inheritdoc/>
    public override Job2? GetJobBySessionId(int id, bool recurse) => InOrder.FirstOrDefault(job => job.Id == id);

    /// <inheritdoc/>
    public override void RemoveJob(Job2 job)
    {
        ArgumentNullException.ThrowIfNull(job);
        Jobs.TryRemove(job.InstanceId, out _);
    }

    private static List<Job2> Where(Func<ClaudeTaskJob, bool> matches) => [.. InOrder.Where(matches)];

    private static bool IsMatch(string pattern, string text) => WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase).IsMatch(text);
}
