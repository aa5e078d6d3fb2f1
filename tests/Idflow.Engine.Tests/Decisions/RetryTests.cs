using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.Decisions;
using Idflow.Engine.Operations;
using Idflow.Engine.Tests.Support;

namespace Idflow.Engine.Tests.Decisions;

public sealed class RetryTests
{
    private const string One = """[{"name":"a","taskReferenceName":"a","type":"SIMPLE"}]""";

    [Theory]
    [InlineData(RetryLogic.FIXED, 10, 1, 0, 10)]
    [InlineData(RetryLogic.FIXED, 10, 1, 5, 10)]
    [InlineData(RetryLogic.LINEAR_BACKOFF, 10, 2, 0, 20)]
    [InlineData(RetryLogic.LINEAR_BACKOFF, 10, 2, 2, 60)]
    [InlineData(RetryLogic.EXPONENTIAL_BACKOFF, 10, 7, 0, 10)]
    [InlineData(RetryLogic.EXPONENTIAL_BACKOFF, 10, 7, 3, 80)]
    [InlineData(RetryLogic.EXPONENTIAL_BACKOFF, 60, 1, 40, int.MaxValue)]
    public void The_delay_grows_as_the_logic_says(RetryLogic logic, int delay, int factor, int attempt, int expected) =>
        Assert.Equal(expected, RetryPolicy.DelaySeconds(new TaskDef { RetryLogic = logic, RetryDelaySeconds = delay, BackoffScaleFactor = factor }, attempt));

    [Fact]
    public void The_delay_is_capped() =>
        Assert.Equal(15, RetryPolicy.DelaySeconds(new TaskDef { RetryDelaySeconds = 100, MaxRetryDelaySeconds = 15 }, 0));

    [Fact]
    public void A_failed_task_is_attempted_again_after_its_delay()
    {
        var workflow = new DecidedWorkflow(One, taskDefs: new TaskDef { Name = "a", RetryCount = 1, RetryDelaySeconds = 5 });
        workflow.Poll("a");
        workflow.Fail("a");

        Assert.Equal("a:FAILED a:SCHEDULED#1", workflow.Tasks);
        Assert.Equal(workflow.Now + 5000, workflow["a"].DueTime);
        Assert.Equal(WorkflowStatus.RUNNING, workflow.Status);
    }

    [Fact]
    public void Without_attempts_left_the_workflow_fails_with_the_tasks_reason()
    {
        var workflow = new DecidedWorkflow(One, taskDefs: new TaskDef { Name = "a", RetryCount = 0 });
        workflow.Fail("a", "no paper");

        Assert.Equal(WorkflowStatus.FAILED, workflow.Status);
        Assert.Equal($"Task {workflow["a"].TaskId} failed with status: FAILED and reason: 'no paper'", workflow.State.Row.Reason);
        Assert.Equal(["a"], workflow.State.Row.FailedReferenceNames);
    }

    [Fact]
    public void A_terminal_error_is_never_attempted_again()
    {
        var workflow = new DecidedWorkflow(One, taskDefs: new TaskDef { Name = "a", RetryCount = 5 });
        workflow.Update("a", TaskResultStatus.FAILED_WITH_TERMINAL_ERROR);

        Assert.Equal("a:FAILED_WITH_TERMINAL_ERROR", workflow.Tasks);
        Assert.Equal(WorkflowStatus.FAILED, workflow.Status);
    }

    [Fact]
    public void An_optional_task_uses_its_attempts_and_then_the_flow_goes_on()
    {
        var workflow = new DecidedWorkflow("""[{"name":"a","taskReferenceName":"a","optional":true,"retryCount":1},{"name":"b","taskReferenceName":"b"}]""");
        workflow.Fail("a");
        workflow.Fail("a");

        Assert.Equal("a:FAILED a:COMPLETED_WITH_ERRORS#1 b:SCHEDULED", workflow.Tasks);
    }

    [Fact]
    public void A_permissive_failure_fails_the_workflow_only_at_its_end()
    {
        var workflow = new DecidedWorkflow("""[{"name":"a","taskReferenceName":"a","permissive":true,"retryCount":0},{"name":"b","taskReferenceName":"b"}]""");
        workflow.Fail("a");
        Assert.Equal("a:FAILED b:SCHEDULED", workflow.Tasks);

        workflow.Complete("b");
        Assert.Equal(WorkflowStatus.FAILED, workflow.Status);
    }

    [Fact]
    public void A_result_for_an_attempt_that_has_ended_changes_nothing()
    {
        var workflow = new DecidedWorkflow(One, taskDefs: new TaskDef { Name = "a", RetryCount = 1 });
        var first = workflow["a"].TaskId;
        workflow.Fail("a");
        workflow.Change((state, unit) => Operations.TaskUpdate.Apply(state, unit, new TaskResult { TaskId = first, WorkflowInstanceId = "w", Status = TaskResultStatus.COMPLETED }));

        Assert.True(workflow.Written.IsEmpty);
        Assert.Equal("a:FAILED a:SCHEDULED#1", workflow.Tasks);
    }

    [Fact]
    public void The_budget_over_all_attempts_ends_the_workflow()
    {
        var workflow = new DecidedWorkflow(One, taskDefs: new TaskDef { Name = "a", RetryCount = 9, TotalTimeoutSeconds = 10, RetryDelaySeconds = 1, TimeoutPolicy = TaskTimeoutPolicy.ALERT_ONLY });
        workflow.Advance(11);
        workflow.Fail("a");

        Assert.Equal(WorkflowStatus.FAILED, workflow.Status);
        Assert.Contains("exceeded total timeout of 10 seconds (elapsed 11 seconds across all attempts)", workflow.State.Row.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_data_of_a_dynamic_fork_is_not_evaluated_by_a_retry_either()
    {
        var workflow = new DecidedWorkflow("""
            [{"name":"f","taskReferenceName":"f","type":"FORK_JOIN_DYNAMIC","inputParameters":{"forkTaskInputs":"${workflow.input.items}","forkTaskName":"x"}},{"name":"j","taskReferenceName":"j","type":"JOIN"}]
            """, input: """{"items":[{"text":"${workflow.input.items}"}]}""", taskDefs: new TaskDef { Name = "x", RetryCount = 1 });
        workflow.Fail("_x_0");
        Assert.Equal((1, """{"text":"${workflow.input.items}","__index":0}"""), (workflow["_x_0"].RetryCount, workflow["_x_0"].Input.ToJsonString()));
    }

    [Fact]
    public void The_data_of_a_rerun_is_not_evaluated_by_a_retry_either()
    {
        var workflow = new DecidedWorkflow("""
            [{"name":"f","taskReferenceName":"f","type":"FORK_JOIN_DYNAMIC","inputParameters":{"forkTaskInputs":"${workflow.input.items}","forkTaskName":"x"}},{"name":"j","taskReferenceName":"j","type":"JOIN"}]
            """, input: """{"items":[{"text":"${workflow.input.secret}"}],"secret":1}""", taskDefs: new TaskDef { Name = "x", RetryCount = 1 });
        workflow.Fail("_x_0");
        workflow.Fail("_x_0");
        Assert.Equal(WorkflowStatus.FAILED, workflow.Status);

        workflow.Change((state, unit) => Rerun.FromTask(state, unit, workflow["_x_0"], new JsonObject { ["more"] = 2 }, null));
        workflow.Fail("_x_0");
        workflow.Change((state, unit) => Retry.Apply(state, unit, null));
        Assert.Equal("${workflow.input.secret}", (string?)workflow["_x_0"].Input["text"]);
    }
}
