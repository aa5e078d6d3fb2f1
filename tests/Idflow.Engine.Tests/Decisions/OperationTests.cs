using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Engine.Decisions;
using Idflow.Engine.Operations;
using Idflow.Engine.Tests.Support;

namespace Idflow.Engine.Tests.Decisions;

public sealed class OperationTests
{
    private const string Three = """[{"name":"a","taskReferenceName":"a","retryCount":0},{"name":"b","taskReferenceName":"b","retryCount":0,"inputParameters":{"n":"${a.output.n}"}},{"name":"c","taskReferenceName":"c"}]""";

    private const string Fork = """
        [{"name":"f","taskReferenceName":"f","type":"FORK_JOIN","forkTasks":[[{"name":"a","taskReferenceName":"a","retryCount":0}],[{"name":"b","taskReferenceName":"b"}]]},
         {"name":"j","taskReferenceName":"j","type":"JOIN","joinOn":["a","b"]}]
        """;

    [Fact]
    public void A_retry_attempts_what_failed_and_opens_the_join_again()
    {
        var workflow = new DecidedWorkflow(Fork);
        workflow.Fail("a");
        Assert.Equal("f:COMPLETED a:FAILED b:CANCELED j:CANCELED", workflow.Tasks);

        workflow.Change((state, unit) => Retry.Apply(state, unit, null));
        Assert.Equal("f:COMPLETED a:FAILED b:CANCELED j:IN_PROGRESS a:SCHEDULED#1 b:SCHEDULED#1", workflow.Tasks);

        workflow.Complete("a");
        workflow.Complete("b");
        Assert.Equal(WorkflowStatus.COMPLETED, workflow.Status);
        Assert.Equal(["a"], workflow.State.Row.FailedReferenceNames);
    }

    [Fact]
    public void A_running_workflow_cannot_be_retried() =>
        Assert.Equal(404, Assert.Throws<ConductorException>(() => new DecidedWorkflow(Three).Change((state, unit) => Retry.Apply(state, unit, null))).Status);

    [Fact]
    public void A_loop_whose_condition_failed_is_asked_again()
    {
        var workflow = new DecidedWorkflow("""
            [{"name":"l","taskReferenceName":"l","type":"DO_WHILE","loopCondition":"if ($.s['n'] == 0) throw new Error('zero'); false","loopOver":[{"name":"s","taskReferenceName":"s"}]}]
            """);
        workflow.Complete("s__1", """{"n":0}""");
        Assert.Equal("l:FAILED_WITH_TERMINAL_ERROR s__1:COMPLETED", workflow.Tasks);

        workflow.Change((state, unit) => Retry.Apply(state, unit, null));
        Assert.Equal("l:FAILED_WITH_TERMINAL_ERROR#1 s__1:COMPLETED", workflow.Tasks);
    }

    [Fact]
    public void A_rerun_keeps_what_came_before_and_drops_what_came_after()
    {
        var workflow = new DecidedWorkflow(Three);
        workflow.Complete("a", """{"n":1}""");
        workflow.Complete("b");
        workflow.Complete("c");
        var target = workflow["b"];

        workflow.Change((state, unit) => Rerun.FromTask(state, unit, target, new JsonObject { ["n"] = 9 }, null));
        Assert.Equal("a:COMPLETED b:SCHEDULED", workflow.Tasks);
        Assert.Equal(target.TaskId, workflow["b"].TaskId);
        Assert.Equal("""{"n":9}""", workflow["b"].Input.ToJsonString());

        workflow.Complete("b");
        Assert.Equal("a:COMPLETED b:COMPLETED c:SCHEDULED", workflow.Tasks);
    }

    [Fact]
    public void A_rerun_from_a_switch_decides_again()
    {
        var workflow = new DecidedWorkflow("""
            [{"name":"s","taskReferenceName":"s","type":"SWITCH","evaluatorType":"value-param","expression":"v","inputParameters":{"v":"${workflow.variables.v}"},
              "decisionCases":{"x":[{"name":"a","taskReferenceName":"a"}]},"defaultCase":[{"name":"b","taskReferenceName":"b"}]}]
            """);
        workflow.Complete("b");
        workflow.Change((state, unit) =>
        {
            state.Put(state.Row with { Variables = new JsonObject { ["v"] = "x" } });
            Rerun.FromTask(state, unit, state.Latest("s")!, null, null);
        });
        Assert.Equal("s:COMPLETED a:SCHEDULED", workflow.Tasks);
    }

    [Fact]
    public void A_rerun_from_a_fork_runs_its_branches_again()
    {
        var workflow = new DecidedWorkflow(Fork);
        workflow.Complete("a");
        workflow.Complete("b");
        workflow.Change((state, unit) => Rerun.FromTask(state, unit, state.Latest("f")!, null, null));
        Assert.Equal("f:COMPLETED a:SCHEDULED b:SCHEDULED j:IN_PROGRESS", workflow.Tasks);
    }

    [Fact]
    public void A_restart_begins_anew_with_the_same_input()
    {
        var workflow = new DecidedWorkflow(Three, input: """{"v":3}""");
        workflow.Fail("a");
        workflow.Change((state, unit) => Restart.Apply(state, unit, state.Graph, null));

        Assert.Equal("a:SCHEDULED", workflow.Tasks);
        Assert.Equal(WorkflowStatus.RUNNING, workflow.Status);
        Assert.Equal("""{"v":3}""", workflow.State.Row.Input.ToJsonString());
        Assert.Null(workflow.State.Row.Reason);
    }

    [Fact]
    public void A_skipped_task_is_stepped_over()
    {
        var workflow = new DecidedWorkflow(Three);
        workflow.Change((state, unit) => Skip.Apply(state, unit, "b", new SkipTaskRequest { TaskOutput = new JsonObject { ["s"] = 1 } }));
        workflow.Complete("a");

        Assert.Equal("b:SKIPPED a:COMPLETED c:SCHEDULED", workflow.Tasks);
        Assert.Equal("""{"s":1}""", workflow["b"].Output.ToJsonString());
    }

    [Fact]
    public void While_paused_results_are_kept_and_nothing_follows_until_it_goes_on()
    {
        var workflow = new DecidedWorkflow(Three);
        workflow.Change(PauseAndResume.Pause);
        workflow.Complete("a", """{"n":4}""");
        Assert.Equal("a:COMPLETED", workflow.Tasks);

        workflow.Reload();
        workflow.Change(PauseAndResume.Resume);
        Assert.Equal("a:COMPLETED b:SCHEDULED", workflow.Tasks);
        Assert.Equal("""{"n":4}""", workflow["b"].Input.ToJsonString());
    }

    [Fact]
    public void Terminating_cancels_what_is_open_and_tells_nobody_but_children()
    {
        var workflow = new DecidedWorkflow(Three, """{"failureWorkflow":"cleanup"}""");
        workflow.Change((state, unit) => Termination.Apply(state, unit, "enough"));

        Assert.Equal("a:CANCELED", workflow.Tasks);
        Assert.Equal((WorkflowStatus.TERMINATED, "enough"), (workflow.Status, workflow.State.Row.Reason));
        Assert.Empty(workflow.Written.Outbox);
        Assert.False(workflow.State.Row.Output.ContainsKey("conductor.failure_workflow"));
    }
}
