using ClaudeTasks.Model;

namespace ClaudeTasks.Tests;

public class StatusMovesTests
{
    /// <summary>Written down a second time on purpose: a change of the table has to be meant.</summary>
    private static readonly string[] Allowed =
    [
        "Pending PreFlight", "Pending Failed", "Pending Cancelled",
        "PreFlight Running", "PreFlight Pending", "PreFlight Failed", "PreFlight Cancelled",
        "Running Pending", "Running WaitingQa", "Running QaFailed", "Running Completed", "Running Failed", "Running Cancelled",
        "WaitingQa Pending", "WaitingQa QaRunning", "WaitingQa QaFailed",
        "WaitingQa WaitingApproval", "WaitingQa Approved", "WaitingQa Failed", "WaitingQa Cancelled",
        "QaRunning Pending", "QaRunning Running", "QaRunning WaitingApproval",
        "QaRunning QaFailed", "QaRunning Approved", "QaRunning Failed", "QaRunning Cancelled",
        "QaFailed Pending", "QaFailed QaRunning", "QaFailed Approved", "QaFailed Rejected", "QaFailed Cancelled",
        "WaitingApproval Pending", "WaitingApproval QaRunning", "WaitingApproval Approved",
        "WaitingApproval Rejected", "WaitingApproval Cancelled",
        "Approved Completed", "Approved WaitingQa", "Approved QaRunning", "Approved WaitingApproval", "Approved QaFailed",
        "Completed WaitingApproval", "Completed QaFailed",
        "Rejected WaitingApproval", "Rejected QaFailed", "Rejected Failed", "Rejected Cancelled",
        "Failed Rejected", "Cancelled Rejected",
    ];

    private static IEnumerable<(ClaudeTaskStatus From, ClaudeTaskStatus To)> Pairs =>
        from start in Enum.GetValues<ClaudeTaskStatus>() from to in Enum.GetValues<ClaudeTaskStatus>() select (start, to);

    [Fact]
    public void The_allowed_moves_are_these_and_no_others()
    {
        var allowed = Pairs.Where(pair => StatusMoves.IsAllowed(pair.From, pair.To)).Select(pair => $"{pair.From} {pair.To}");

        Assert.Equal(Allowed.Order(StringComparer.Ordinal), allowed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void From_the_four_endings_only_a_persons_decision_leads_on()
    {
        ClaudeTaskStatus[] endings =
            [ClaudeTaskStatus.Completed, ClaudeTaskStatus.Rejected, ClaudeTaskStatus.Failed, ClaudeTaskStatus.Cancelled];

        Assert.Equal(endings, Enum.GetValues<ClaudeTaskStatus>().Where(StatusMoves.IsTerminal));
        Assert.DoesNotContain(Pairs, pair =>
            endings.Contains(pair.From) && StatusMoves.IsAllowed(pair.From, pair.To) && !StatusMoves.IsSettled(pair.To));
    }

    [Fact]
    public void Everything_that_is_not_queued_nor_at_work_is_settled()
    {
        ClaudeTaskStatus[] unsettled =
        [
            ClaudeTaskStatus.Pending, ClaudeTaskStatus.PreFlight, ClaudeTaskStatus.Running,
            ClaudeTaskStatus.WaitingQa, ClaudeTaskStatus.QaRunning,
        ];

        Assert.Equal(unsettled, Enum.GetValues<ClaudeTaskStatus>().Where(status => !StatusMoves.IsSettled(status)));
    }

    [Theory]
    [InlineData(ClaudeTaskStatus.Pending, "pending")]
    [InlineData(ClaudeTaskStatus.PreFlight, "pre_flight")]
    [InlineData(ClaudeTaskStatus.Running, "running")]
    [InlineData(ClaudeTaskStatus.WaitingQa, "waiting_qa")]
    [InlineData(ClaudeTaskStatus.QaRunning, "qa_running")]
    [InlineData(ClaudeTaskStatus.QaFailed, "qa_failed")]
    [InlineData(ClaudeTaskStatus.WaitingApproval, "waiting_approval")]
    [InlineData(ClaudeTaskStatus.Approved, "approved")]
    [InlineData(ClaudeTaskStatus.Completed, "completed")]
    [InlineData(ClaudeTaskStatus.Rejected, "rejected")]
    [InlineData(ClaudeTaskStatus.Failed, "failed")]
    [InlineData(ClaudeTaskStatus.Cancelled, "cancelled")]
    public void Statuses_have_their_names_in_the_store(ClaudeTaskStatus status, string name)
    {
        Assert.Equal(name, StatusMoves.ToStore(status));
        Assert.Equal(status, StatusMoves.FromStore(name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Pending")]
    [InlineData("unknown")]
    public void A_name_that_is_no_status_means_a_damaged_store(string name)
    {
        var error = Assert.Throws<ClaudeTaskException>(() => StatusMoves.FromStore(name));

        Assert.Equal(ClaudeTaskErrorId.StoreCorrupt, error.ErrorId);
    }
}
