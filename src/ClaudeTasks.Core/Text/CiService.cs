namespace ClaudeTasks.Text;

/// <summary>A CI service that takes lines of its log for commands.</summary>
public enum CiService
{
    /// <summary>None that is known.</summary>
    None,

    /// <summary>GitHub Actions, which sets <c>GITHUB_ACTIONS</c>.</summary>
    GitHubActions,

    /// <summary>Azure Pipelines, which sets <c>TF_BUILD</c>.</summary>
    AzurePipelines,
}
