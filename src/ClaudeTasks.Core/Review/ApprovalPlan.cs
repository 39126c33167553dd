using System.Text.Json;
using System.Text.Json.Serialization;
using ClaudeTasks.Git;

namespace ClaudeTasks.Review;

/// <summary>
/// All that an approval changes, written down before it changes anything: so it can be finished after a crash, and taken back exactly.
/// Each change goes from what is there to what shall be there.
/// </summary>
/// <param name="Head">The commit below; null before the first one.</param>
/// <param name="Branch">The full name of the branch that gets the commit, or <c>HEAD</c>.</param>
/// <param name="Checkout">The work tree whose index and files go along; null when the branch is checked out nowhere.</param>
/// <param name="Commit">What the commit changes.</param>
/// <param name="Index">What changes in the checkout's index.</param>
/// <param name="Files">What changes in the checkout's files.</param>
internal sealed partial record ApprovalPlan(
    string? Head,
    string Branch,
    string? Checkout,
    IReadOnlyList<PathChange> Commit,
    IReadOnlyList<PathChange> Index,
    IReadOnlyList<PathChange> Files)
{
    /// <summary>The last commit that a hook made on top of the task's; null for none.</summary>
    public string? Tip { get; init; }

    /// <summary>The content that the commit sets, by path.</summary>
    [JsonIgnore]
    public (string RawPath, TreeEntry Entry)[] Entries => EntriesOf(Commit);

    /// <summary>Returns the content that changes lead to, by path.</summary>
    public static (string RawPath, TreeEntry Entry)[] EntriesOf(IEnumerable<PathChange> changes) =>
        [.. changes.Select(change => (change.RawPath, change.Result))];

    public string ToJson() => JsonSerializer.Serialize(this, PlanJson.Default.ApprovalPlan);

    public static ApprovalPlan FromJson(string json) => JsonSerializer.Deserialize(json, PlanJson.Default.ApprovalPlan)!;

    [JsonSerializable(typeof(ApprovalPlan))]
    private sealed partial class PlanJson : JsonSerializerContext;
}
