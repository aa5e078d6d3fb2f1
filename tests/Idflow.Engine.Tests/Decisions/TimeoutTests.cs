using Idflow.Conductor.Model;
using Idflow.Engine.Tests.Support;

namespace Idflow.Engine.Tests.Decisions;

public sealed class TimeoutTests
{
    private const string One = """[{"name":"a","taskReferenceName":"a","type":"SIMPLE"}]""";

    [Fact]
    public void A_worker_that_does_not_answer_loses_its_attempt_at_the_very_second()
    {
        var workflow = new DecidedWorkflow(One, taskDefs: new TaskDef { Name = "a", RetryCount = 1, RetryDelaySeconds = 0, ResponseTimeoutSeconds = 5 });
        workflow.Poll("a");
        workflow.Advance(4.999);
        Assert.Equal("a:IN_PROGRESS", workflow.Tasks);

        workflow.Advance(0.001);
        Assert.Equal("a:TIMED_OUT a:SCHEDULED#1", workflow.Tasks);
    }

    [Fact]
    public void Extending_the_lease_moves_the_response_deadline()
    {
        var workflow = new DecidedWorkflow(One, taskDefs: new TaskDef { Name = "a", ResponseTimeoutSeconds = 5 });
        workflow.Poll("a");
        workflow.Advance(4);
        workflow.Change((state, unit) => Operations.TaskUpdate.Apply(state, unit, new TaskResult { TaskId = workflow["a"].TaskId, WorkflowInstanceId = "w", ExtendLease = true }));
        workflow.Advance(4);
        Assert.Equal("a:IN_PROGRESS", workflow.Tasks);
    }

    [Theory]
    [InlineData(TaskTimeoutPolicy.TIME_OUT_WF, "a:TIMED_OUT", WorkflowStatus.TIMED_OUT)]
    [InlineData(TaskTimeoutPolicy.RETRY, "a:TIMED_OUT a:SCHEDULED#1", WorkflowStatus.RUNNING)]
    [InlineData(TaskTimeoutPolicy.ALERT_ONLY, "a:IN_PROGRESS", WorkflowStatus.RUNNING)]
    public void The_policy_says_what_a_timeout_does(TaskTimeoutPolicy policy, string tasks, WorkflowStatus status)
    {
        var workflow = new DecidedWorkflow(One, taskDefs: new TaskDef { Name = "a", RetryCount = 1, TimeoutSeconds = 3, TimeoutPolicy = policy, ResponseTimeoutSeconds = 3600 });
        workflow.Poll("a");
        workflow.Advance(3);

        Assert.Equal(tasks, workflow.Tasks);
        Assert.Equal(status, workflow.Status);
    }

    [Fact]
    public void A_task_that_nobody_polls_times_out()
    {
        var workflow = new DecidedWorkflow(One, taskDefs: new TaskDef { Name = "a", PollTimeoutSeconds = 2 });
        workflow.Advance(2);

        Assert.Equal(WorkflowStatus.TIMED_OUT, workflow.Status);
        Assert.Equal("Task poll timed out after 2 seconds. Poll timeout configured as 2 seconds. Timeout policy configured to TIME_OUT_WF", workflow.State.Row.Reason);
    }

    [Fact]
    public void A_workflow_times_out_with_its_open_tasks_cancelled()
    {
        var workflow = new DecidedWorkflow(One, """{"timeoutSeconds":7,"timeoutPolicy":"TIME_OUT_WF"}""");
        workflow.Advance(7);

        Assert.Equal(WorkflowStatus.TIMED_OUT, workflow.Status);
        Assert.Equal("a:CANCELED", workflow.Tasks);
    }

    [Fact]
    public void A_paused_workflow_times_out_too()
    {
        var workflow = new DecidedWorkflow(One, """{"timeoutSeconds":7,"timeoutPolicy":"TIME_OUT_WF"}""");
        workflow.Change(Operations.PauseAndResume.Pause);
        workflow.Advance(8);

        Assert.Equal(WorkflowStatus.TIMED_OUT, workflow.Status);
    }

    [Fact]
    public void A_wait_ends_at_its_time_and_what_follows_starts_later()
    {
        var workflow = new DecidedWorkflow("""[{"name":"w","taskReferenceName":"w","type":"WAIT","inputParameters":{"duration":"1 minute 5s"}},{"name":"n","taskReferenceName":"n","type":"NOOP"}]""");
        var due = workflow.Now + 65_000;
        workflow.Advance(65);
        Assert.Equal(WorkflowStatus.RUNNING, workflow.Status);

        workflow.Advance(0.001);
        Assert.Equal(WorkflowStatus.COMPLETED, workflow.Status);
        Assert.Equal(due, workflow.State.Latest("w")!.EndTime);
        Assert.Equal(due + 1, workflow.State.Latest("n")!.StartTime);
    }
}
