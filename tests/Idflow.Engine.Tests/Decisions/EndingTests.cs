using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.Decisions;
using Idflow.Engine.Operations;
using Idflow.Engine.State;
using Idflow.Engine.Tests.Support;

namespace Idflow.Engine.Tests.Decisions;

/// <summary>What an ended workflow and its tasks say of the reason.</summary>
public sealed class EndingTests
{
    private const string Sub = """[{"name":"s","taskReferenceName":"s","type":"SUB_WORKFLOW","subWorkflowParam":{"name":"child","version":1}}]""";

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\"  \"")]
    [InlineData("null")]
    public void A_terminate_without_a_reason_says_which_task_it_was(string reason)
    {
        var workflow = new DecidedWorkflow("""
            [{"name":"t","taskReferenceName":"t","type":"TERMINATE","inputParameters":{"terminationStatus":"COMPLETED","terminationReason":"${workflow.input.reason}"}}]
            """, input: $$"""{"reason":{{reason}}}""");
        Assert.Equal((WorkflowStatus.COMPLETED, $"Workflow is COMPLETED by TERMINATE task: {workflow["t"].TaskId}"), (workflow.Status, workflow.State.Row.Reason));
    }

    [Fact]
    public void A_terminate_with_another_status_fails()
    {
        var workflow = new DecidedWorkflow("""
            [{"name":"t","taskReferenceName":"t","type":"TERMINATE","inputParameters":{"terminationStatus":"${workflow.input.status}"}}]
            """, input: """{"status":"DONE"}""");
        Assert.Equal((TaskExecutionStatus.FAILED, "given termination status is not valid"), (workflow["t"].Status, workflow["t"].Reason));
        Assert.Equal(WorkflowStatus.FAILED, workflow.Status);
    }

    [Fact]
    public void A_child_that_ended_without_a_reason_says_null()
    {
        var workflow = new DecidedWorkflow(Sub);
        var child = new WorkflowRow { WorkflowId = "c", Name = "child", SnapshotId = "s", Status = WorkflowStatus.TERMINATED };
        Assert.Equal("Sub workflow child.1/c failure reason: null", ChildOutcome.Of(workflow["s"], child, workflow.Now).Reason);
    }

    [Theory]
    [InlineData("enough", "Parent workflow has been terminated with reason: enough")]
    [InlineData(null, "Parent workflow has been terminated with status TERMINATED")]
    public void The_children_of_a_terminated_workflow_are_told_why(string? reason, string told)
    {
        var workflow = new DecidedWorkflow(Sub);
        workflow.Change((state, _) => state.Put(state.Latest("s")! with { Status = TaskExecutionStatus.IN_PROGRESS, SubWorkflowId = "c" }));
        workflow.Change((state, unit) => Termination.Apply(state, unit, reason));
        Assert.Equal(told, (string?)Assert.Single(workflow.Written.Outbox).Data["reason"]);
    }

    [Fact]
    public void A_loop_that_a_permissive_member_fails_shows_what_it_looked_at()
    {
        var workflow = new DecidedWorkflow("""
            [{"name":"l","taskReferenceName":"l","type":"DO_WHILE","loopCondition":"false","loopOver":[
              {"name":"a","taskReferenceName":"a","permissive":true,"retryCount":0},{"name":"b","taskReferenceName":"b"}]}]
            """);
        workflow.Fail("a__1", "broke");
        Assert.Equal("l:FAILED a__1:FAILED b__1:CANCELED", workflow.Tasks);
        Assert.Equal("broke ", workflow["l"].Reason);
        Assert.Equal("""{"1":{"a":{}},"iteration":1}""", TaskOutputs.Of(workflow.State, workflow["l"]).ToJsonString());
    }

    [Fact]
    public void A_human_task_knows_its_own_id()
    {
        var workflow = new DecidedWorkflow("""[{"name":"h","taskReferenceName":"h","type":"HUMAN","inputParameters":{"me":"${CPEWF_TASK_ID}"}}]""");
        Assert.True(JsonNode.DeepEquals(new JsonObject { ["me"] = workflow["h"].TaskId }, workflow["h"].Input));
    }
}
