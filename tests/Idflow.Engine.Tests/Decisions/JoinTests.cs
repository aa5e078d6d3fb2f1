using Idflow.Conductor.Model;
using Idflow.Engine.Decisions;
using Idflow.Engine.Tests.Support;

namespace Idflow.Engine.Tests.Decisions;

/// <summary>When the joins go on, and what the end of a branch makes of them.</summary>
public sealed class JoinTests
{
    private static string Fork(string a, string b, string joinOn = "\"a\",\"b\"") => $$"""
        [{"name":"f","taskReferenceName":"f","type":"FORK_JOIN","forkTasks":[
          [{"name":"a","taskReferenceName":"a","retryCount":0{{a}}}],[{"name":"b","taskReferenceName":"b","retryCount":0{{b}}}]]},
         {"name":"j","taskReferenceName":"j","type":"JOIN","joinOn":[{{joinOn}}]},
         {"name":"e","taskReferenceName":"e","type":"HUMAN"}]
        """;

    /// <summary>An exclusive join in a branch beside those that it waits for.</summary>
    private static string Exclusive(string a) => $$"""
        [{"name":"f","taskReferenceName":"f","type":"FORK_JOIN","forkTasks":[
          [{"name":"a","taskReferenceName":"a","retryCount":0{{a}}}],[{"name":"b","taskReferenceName":"b"}],
          [{"name":"j","taskReferenceName":"j","type":"EXCLUSIVE_JOIN","joinOn":["a","b"]},{"name":"e","taskReferenceName":"e","type":"HUMAN"}]]},
         {"name":"k","taskReferenceName":"k","type":"JOIN","joinOn":["a","b","e"]}]
        """;

    private const string Optional = ",\"optional\":true";
    private const string Permissive = ",\"permissive\":true";

    [Fact]
    public void A_join_of_an_optional_branch_that_failed_is_completed_with_errors_and_names_it()
    {
        var workflow = new DecidedWorkflow(Fork(Optional, ""));
        workflow.Fail("a");
        workflow.Complete("b");
        Assert.Equal((TaskExecutionStatus.COMPLETED_WITH_ERRORS, $"a/{workflow["a"].TaskId} completed with errors"), (workflow["j"].Status, workflow["j"].Reason));
        Assert.Equal((WorkflowStatus.RUNNING, TaskExecutionStatus.IN_PROGRESS), (workflow.Status, workflow["e"].Status));
    }

    [Fact]
    public void A_join_waits_for_the_branches_beside_a_permissive_failure_and_fails_then()
    {
        var workflow = new DecidedWorkflow(Fork(Permissive, ""));
        workflow.Fail("a", "broke");
        Assert.Equal((WorkflowStatus.RUNNING, TaskExecutionStatus.IN_PROGRESS), (workflow.Status, workflow["j"].Status));
        workflow.Complete("b");
        Assert.Equal((WorkflowStatus.FAILED, TaskExecutionStatus.FAILED, "broke"), (workflow.Status, workflow["j"].Status, workflow["j"].Reason));
    }

    [Fact]
    public void A_join_whose_branches_were_cancelled_is_cancelled()
    {
        var workflow = new DecidedWorkflow(Fork(Permissive, Permissive));
        workflow.Update("a", TaskResultStatus.CANCELED);
        workflow.Update("b", TaskResultStatus.CANCELED);
        Assert.Equal((WorkflowStatus.TERMINATED, TaskExecutionStatus.CANCELED), (workflow.Status, workflow["j"].Status));
    }

    [Fact]
    public void A_join_waits_for_what_has_not_been_scheduled_yet()
    {
        var workflow = new DecidedWorkflow(Fork("", "", "\"a\",\"c\"").Replace("\"taskReferenceName\":\"b\",\"retryCount\":0}", "\"taskReferenceName\":\"b\"},{\"name\":\"c\",\"taskReferenceName\":\"c\"}", StringComparison.Ordinal));
        workflow.Complete("a");
        Assert.Equal(TaskExecutionStatus.IN_PROGRESS, workflow["j"].Status);
        workflow.Complete("b");
        Assert.Equal(TaskExecutionStatus.IN_PROGRESS, workflow["j"].Status);
        workflow.Complete("c");
        Assert.Equal(TaskExecutionStatus.COMPLETED, workflow["j"].Status);
    }

    [Fact]
    public void A_join_that_waits_for_a_name_that_is_not_there_never_goes_on()
    {
        var workflow = new DecidedWorkflow(Fork("", "", "\"a\",\"b\",\"none\""));
        workflow.Complete("a");
        workflow.Complete("b");
        Assert.Equal((WorkflowStatus.RUNNING, TaskExecutionStatus.IN_PROGRESS), (workflow.Status, workflow["j"].Status));
    }

    [Fact]
    public void The_failure_of_a_branch_ends_the_workflow_and_cancels_the_others()
    {
        var workflow = new DecidedWorkflow(Fork("", ""));
        workflow.Fail("a");
        Assert.Equal("f:COMPLETED a:FAILED b:CANCELED j:CANCELED", workflow.Tasks);
    }

    /// <summary>A switch whose case has run: the exclusive join takes the case's last task, or the default when none of its tasks ran.</summary>
    [Theory]
    [InlineData("x", "{\"o\":1}")]
    [InlineData("other", "{\"evaluationResult\":[\"other\"],\"selectedCase\":\"other\"}")]
    public void An_exclusive_join_takes_the_task_that_ran_or_its_default(string value, string output)
    {
        var workflow = new DecidedWorkflow("""
            [{"name":"s","taskReferenceName":"s","type":"SWITCH","evaluatorType":"value-param","expression":"v","inputParameters":{"v":"${workflow.input.v}"},
              "decisionCases":{"x":[{"name":"a","taskReferenceName":"a"}]}},
             {"name":"j","taskReferenceName":"j","type":"EXCLUSIVE_JOIN","joinOn":["a"],"defaultExclusiveJoinTask":["s"]}]
            """, input: $$"""{"v":"{{value}}"}""");
        if (value == "x")
        {
            workflow.Complete("a", """{"o":1}""");
        }
        Assert.Equal((WorkflowStatus.COMPLETED, output), (workflow.Status, workflow["j"].Output.ToJsonString()));
    }

    [Fact]
    public void An_exclusive_join_goes_on_with_the_first_that_ends()
    {
        var workflow = new DecidedWorkflow(Exclusive(""));
        workflow.Complete("a", """{"o":"a"}""");
        Assert.Equal((TaskExecutionStatus.COMPLETED, """{"o":"a"}"""), (workflow["j"].Status, workflow["j"].Output.ToJsonString()));
        Assert.Equal(TaskExecutionStatus.IN_PROGRESS, workflow["e"].Status);
    }

    [Fact]
    public void An_exclusive_join_waits_for_the_others_when_a_permissive_task_failed()
    {
        var workflow = new DecidedWorkflow(Exclusive(Permissive));
        workflow.Fail("a", "broke");
        Assert.Equal(TaskExecutionStatus.IN_PROGRESS, workflow["j"].Status);
        workflow.Complete("b");
        Assert.Equal((TaskExecutionStatus.FAILED, "broke"), (workflow["j"].Status, workflow["j"].Reason));
    }
}
