using Idflow.Tasks.StageTasks;

namespace Idflow.Tasks.Tests.StageTasks;

public sealed class FailureReasonTests
{
    private const string Id = "7cec05ce-5c23-40b6-948a-636bfa600196";

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("Task " + Id + " failed with status: FAILED and reason: 'no key'", "no key")]
    [InlineData("Sub workflow research.1/" + Id + " failure reason: no key", "research: no key")]
    [InlineData("Task " + Id + " failed with status: FAILED and reason: 'Sub workflow a.1/" + Id + " failure reason: Sub workflow b.2/" + Id + " failure reason: it isn't\nthere'", "a: b: it isn't\nthere")]
    [InlineData("Sub workflow stage_sub_workflow.1/" + Id + " failure reason: Task " + Id + " failed with status: FAILED and reason: 'Sub workflow a.1/" + Id + " failure reason: Task " + Id + " failed with status: FAILED and reason: 'no key''", "a: no key")]
    [InlineData("Task " + Id + " failed with status: FAILED and reason: 'Sub workflow a.1/" + Id + " failure reason: Task " + Id + " failed with status: FAILED and reason: 'no key' Sub workflow b.1/" + Id + " failure reason: Task " + Id + " failed with status: TIMED_OUT and reason: 'too late''", "a: no key; b: too late")]
    [InlineData("Task x failed with status: FAILED and reason: 'y'", "Task x failed with status: FAILED and reason: 'y'")]
    public void The_innermost_reason_is_left_with_the_workflows_it_came_through(string reason, string expected) =>
        Assert.Equal(expected, FailureReason.Shorten(reason));
}
