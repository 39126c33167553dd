using ClaudeTasks.Model;

namespace ClaudeTasks.Timeline;

/// <summary>What a key asks for that the model cannot do by itself.</summary>
internal abstract record TimelineRequest
{
    private TimelineRequest()
    {
    }

    /// <summary>What is told while it goes on.</summary>
    public virtual string Doing => "";

    public sealed record Quit : TimelineRequest;

    public sealed record ShowDiff(int Task) : TimelineRequest;

    public sealed record ShowQuestion(int Task) : TimelineRequest;

    public sealed record Stop(int Task) : TimelineRequest
    {
        public override string Doing => $"Stopping task {Task}…";
    }

    public sealed record Approve(int Task) : TimelineRequest
    {
        public override string Doing => $"Committing what task {Task} changed…";
    }

    public sealed record Deny(int Task) : TimelineRequest
    {
        public override string Doing => $"Putting the files of task {Task} back…";
    }

    public sealed record Answer(int Question, QuestionAnswer Given) : TimelineRequest
    {
        public override string Doing => $"Answering question {Question}…";
    }
}
