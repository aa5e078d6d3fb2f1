using Idflow.Conductor.Model;
using Idflow.Engine.Tests.Support;

namespace Idflow.Engine.Tests.Decisions;

/// <summary>DYNAMIC: what the input names.</summary>
public sealed class DynamicTaskTests
{
    private static DecidedWorkflow Named(string name) => new("""
        [{"name":"d","taskReferenceName":"d","type":"DYNAMIC","dynamicTaskNameParam":"task","inputParameters":{"task":"${workflow.input.task}","expression":"1 - 1","duration":"2 s"}}]
        """, input: $$"""{"task":{{name}}}""");

    [Theory]
    [InlineData("\"mail\"", "d:SCHEDULED", "mail")]
    [InlineData("7", "d:SCHEDULED", "7")]
    [InlineData("\"INLINE\"", "d:COMPLETED", "INLINE")]
    [InlineData("\"NOOP\"", "d:COMPLETED", "NOOP")]
    [InlineData("\"HUMAN\"", "d:IN_PROGRESS", "HUMAN")]
    [InlineData("\"WAIT\"", "d:IN_PROGRESS", "WAIT")]
    [InlineData("\"HTTP\"", "d:SCHEDULED", "HTTP")]
    public void The_name_is_the_task_and_its_input_is_the_whole_input(string name, string tasks, string type)
    {
        var workflow = Named(name);
        Assert.Equal((tasks, type, type), (workflow.Tasks, workflow["d"].TaskType, workflow["d"].TaskDefName));
        Assert.Equal($$"""{"task":{{name}},"expression":"1 - 1","duration":"2 s"}""", workflow["d"].Input.ToJsonString());
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"\"")]
    [InlineData("\"DO_WHILE\"")]
    [InlineData("\"SWITCH\"")]
    [InlineData("\"FORK_JOIN\"")]
    public void Without_a_name_that_can_run_the_workflow_fails(string name)
    {
        var workflow = Named(name);
        Assert.Equal((WorkflowStatus.FAILED, ""), (workflow.Status, workflow.Tasks));
        Assert.NotNull(workflow.State.Row.Reason);
    }
}
