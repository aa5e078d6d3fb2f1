using Idflow.Conductor.Model;
using Idflow.Engine.Operations;
using Idflow.Engine.Tests.Support;

namespace Idflow.Engine.Tests.Decisions;

/// <summary>From when the limits of time count, and for whom.</summary>
public sealed class TimeLimitTests
{
    private const string One = """[{"name":"t","taskReferenceName":"t"}]""";

    private static TaskDef Def() => new() { Name = "t", RetryCount = 5, RetryDelaySeconds = 10, TimeoutSeconds = 0, ResponseTimeoutSeconds = 3600, TimeoutPolicy = TaskTimeoutPolicy.RETRY };

    [Fact]
    public void The_poll_timeout_counts_from_the_end_of_the_delay()
    {
        var workflow = new DecidedWorkflow(One, taskDefs: Def() with { PollTimeoutSeconds = 5 });
        workflow.Fail("t");
        workflow.Advance(14);
        Assert.Equal("t:FAILED t:SCHEDULED#1", workflow.Tasks);
        workflow.Advance(1);
        Assert.Equal(TaskExecutionStatus.TIMED_OUT, workflow.State.Tasks.ElementAt(1).Status);
    }

    [Fact]
    public void The_total_timeout_counts_from_the_first_attempt()
    {
        var workflow = new DecidedWorkflow(One, taskDefs: Def() with { TotalTimeoutSeconds = 60 });
        workflow.Advance(30);
        workflow.Fail("t");
        workflow.Advance(29);
        Assert.Equal((WorkflowStatus.RUNNING, TaskExecutionStatus.SCHEDULED), (workflow.Status, workflow["t"].Status));
        workflow.Advance(1);
        Assert.Equal((WorkflowStatus.TIMED_OUT, TaskExecutionStatus.TIMED_OUT, 1), (workflow.Status, workflow["t"].Status, workflow["t"].RetryCount));
    }

    [Fact]
    public void A_callback_time_does_not_count_for_the_answer_to_the_next_poll()
    {
        var workflow = new DecidedWorkflow(One, taskDefs: Def() with { ResponseTimeoutSeconds = 10 });
        workflow.Poll("t");
        workflow.Change((state, unit) => TaskUpdate.Apply(state, unit, new TaskResult { TaskId = workflow["t"].TaskId, WorkflowInstanceId = "w", Status = TaskResultStatus.IN_PROGRESS, CallbackAfterSeconds = 100 }));
        workflow.Advance(99);
        workflow.Poll("t");
        Assert.Equal(TaskExecutionStatus.SCHEDULED, workflow["t"].Status);
        workflow.Advance(1);
        workflow.Poll("t");
        Assert.Equal((TaskExecutionStatus.IN_PROGRESS, 0), (workflow["t"].Status, workflow["t"].CallbackAfterSeconds));
        workflow.Advance(10);
        Assert.Equal("t:TIMED_OUT t:SCHEDULED#1", workflow.Tasks);
    }

    [Fact]
    public void Nobody_has_to_answer_for_what_the_engine_keeps_open()
    {
        var workflow = new DecidedWorkflow("""[{"name":"t","taskReferenceName":"t","type":"HUMAN"}]""", taskDefs: Def() with { ResponseTimeoutSeconds = 10 });
        workflow.Advance(1000);
        Assert.Equal("t:IN_PROGRESS", workflow.Tasks);
    }

    [Fact]
    public void A_lost_answer_costs_the_attempt_and_not_the_workflow_whatever_the_policy()
    {
        var workflow = new DecidedWorkflow(One, taskDefs: Def() with { ResponseTimeoutSeconds = 10, TimeoutPolicy = TaskTimeoutPolicy.TIME_OUT_WF });
        workflow.Poll("t");
        workflow.Advance(10);
        Assert.Equal("t:TIMED_OUT t:SCHEDULED#1", workflow.Tasks);
    }

    [Theory]
    [InlineData("ALERT_ONLY", WorkflowStatus.RUNNING)]
    [InlineData("TIME_OUT_WF", WorkflowStatus.TIMED_OUT)]
    public void The_policy_says_whether_a_workflow_times_out(string policy, WorkflowStatus status)
    {
        var workflow = new DecidedWorkflow("""[{"name":"h","taskReferenceName":"h","type":"HUMAN"}]""", $$"""{"timeoutSeconds":60,"timeoutPolicy":"{{policy}}"}""");
        workflow.Advance(60);
        workflow.Change((state, unit) => unit.Decide(state));
        Assert.Equal(status, workflow.Status);
    }

    [Fact]
    public void The_timeout_of_a_workflow_counts_anew_when_it_is_set_going_again()
    {
        var workflow = new DecidedWorkflow("""[{"name":"t","taskReferenceName":"t","retryCount":0}]""", """{"timeoutSeconds":60,"timeoutPolicy":"TIME_OUT_WF"}""");
        workflow.Advance(50);
        workflow.Fail("t");
        workflow.Change((state, unit) => Retry.Apply(state, unit, null));
        workflow.Advance(59);
        Assert.Equal(WorkflowStatus.RUNNING, workflow.Status);
        workflow.Change(PauseAndResume.Pause);
        workflow.Change(PauseAndResume.Resume);
        workflow.Advance(59);
        Assert.Equal(WorkflowStatus.RUNNING, workflow.Status);
        workflow.Advance(1);
        Assert.Equal(WorkflowStatus.TIMED_OUT, workflow.Status);
    }

    [Fact]
    public void All_that_ever_failed_is_named_and_what_succeeded_since_is_not_attempted_again()
    {
        var workflow = new DecidedWorkflow("""[{"name":"t","taskReferenceName":"t","retryCount":0},{"name":"u","taskReferenceName":"u","retryCount":0}]""");
        workflow.Fail("t");
        workflow.Change((state, unit) => Retry.Apply(state, unit, null));
        workflow.Complete("t");
        workflow.Fail("u");
        workflow.Change((state, unit) => Retry.Apply(state, unit, null));
        Assert.Equal("t:FAILED t:COMPLETED#1 u:FAILED u:SCHEDULED#1", workflow.Tasks);
        Assert.Equal(["t", "u"], workflow.State.Row.FailedReferenceNames);
    }
}
