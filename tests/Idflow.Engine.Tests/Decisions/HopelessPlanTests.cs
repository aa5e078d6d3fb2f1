using Idflow.Conductor.Model;
using Idflow.Engine.Decisions;
using Idflow.Engine.Operations;
using Idflow.Engine.Tests.Support;

namespace Idflow.Engine.Tests.Decisions;

/// <summary>Plans that can never run: the workflow fails with a reason, or waits; nothing else suffers.</summary>
public sealed class HopelessPlanTests
{
    private static DecidedWorkflow Planned(string entry) => new("""
        [{"name":"f","taskReferenceName":"f","type":"FORK_JOIN_DYNAMIC","dynamicForkTasksParam":"tasks","dynamicForkTasksInputParamName":"inputs","inputParameters":{"tasks":"${workflow.input.tasks}","inputs":{}}},
         {"name":"j","taskReferenceName":"j","type":"JOIN"}]
        """, input: $$"""{"tasks":[{{entry}}]}""");

    [Theory]
    [InlineData("""{"name":"m","taskReferenceName":"j"}""")]
    [InlineData("""{"name":"m","taskReferenceName":"f"}""")]
    [InlineData("""{"name":"m","taskReferenceName":"m"},{"name":"m","taskReferenceName":"m"}""")]
    [InlineData("""{"name":"m","taskReferenceName":""}""")]
    [InlineData("""{"taskReferenceName":"m"}""")]
    [InlineData("""{"name":"m","taskReferenceName":"m","type":"DO_WHILE","loopCondition":"true"}""")]
    public void A_planned_task_that_cannot_be_fails_the_workflow(string entry)
    {
        var workflow = Planned(entry);
        Assert.Equal((WorkflowStatus.FAILED, ""), (workflow.Status, workflow.Tasks));
        Assert.False(string.IsNullOrEmpty(workflow.State.Row.Reason));
    }

    [Fact]
    public void A_workflow_without_tasks_is_done_at_once() => Assert.Equal(WorkflowStatus.COMPLETED, new DecidedWorkflow("[]").Status);

    [Fact]
    public void Joins_that_wait_for_themselves_or_each_other_can_be_read_and_ended()
    {
        var workflow = new DecidedWorkflow("""
            [{"name":"f","taskReferenceName":"f","type":"FORK_JOIN","forkTasks":[
               [{"name":"a","taskReferenceName":"a"},{"name":"g","taskReferenceName":"g","type":"FORK_JOIN","forkTasks":[[{"name":"b","taskReferenceName":"b"}]]},
                {"name":"i","taskReferenceName":"i","type":"JOIN","joinOn":["b","j"]}]]},
             {"name":"j","taskReferenceName":"j","type":"JOIN","joinOn":["a","i","j"]}]
            """);
        workflow.Complete("a", """{"n":1}""");
        workflow.Complete("b", """{"m":2}""");
        Assert.Equal("""{"a":{"n":1},"i":{"b":{"m":2}}}""", TaskOutputs.Of(workflow.State, workflow["j"]).ToJsonString());

        workflow.Change((state, unit) => Termination.Apply(state, unit, "enough"));
        Assert.Equal(WorkflowStatus.TERMINATED, workflow.Status);
    }
}
