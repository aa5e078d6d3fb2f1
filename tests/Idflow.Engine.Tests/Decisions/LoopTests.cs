using Idflow.Conductor.Model;
using Idflow.Engine.Decisions;
using Idflow.Engine.Operations;
using Idflow.Engine.Tests.Support;

namespace Idflow.Engine.Tests.Decisions;

/// <summary>The passes of a loop: which there are, what ends it, what it shows.</summary>
public sealed class LoopTests
{
    private static string Loop(string settings, string body = """{"name":"a","taskReferenceName":"a","retryCount":0,"inputParameters":{"i":"${l.output.loopIndex}","item":"${l.output.loopItem}"}}""") =>
        $$"""[{"name":"l","taskReferenceName":"l","type":"DO_WHILE",{{settings}},"loopOver":[{{body}}]}]""";

    [Fact]
    public void A_list_gives_a_pass_for_each_item_with_its_index_from_0()
    {
        var workflow = new DecidedWorkflow(Loop("\"items\":\"${workflow.input.items}\""), input: """{"items":["x","y"]}""");
        Assert.Equal("""{"i":0,"item":"x"}""", workflow["a__1"].Input.ToJsonString());
        workflow.Complete("a__1");
        Assert.Equal("""{"i":1,"item":"y"}""", workflow["a__2"].Input.ToJsonString());
        workflow.Complete("a__2");
        Assert.Equal("l:COMPLETED a__1:COMPLETED a__2:COMPLETED", workflow.Tasks);
    }

    [Fact]
    public void A_loop_ends_at_the_limit_of_passes()
    {
        var workflow = new DecidedWorkflow(new EngineLimits { LoopIterations = 3 }, Loop("\"loopCondition\":\"true\"", """{"name":"n","taskReferenceName":"n","type":"NOOP"}"""));
        Assert.Equal((WorkflowStatus.FAILED, TaskExecutionStatus.FAILED_WITH_TERMINAL_ERROR, "The loop reached the limit of 3 iterations"), (workflow.Status, workflow["l"].Status, workflow["l"].Reason));
        Assert.NotNull(workflow["n__3"]);
    }

    [Fact]
    public void An_optional_failure_does_not_end_the_loop()
    {
        var workflow = new DecidedWorkflow(Loop("\"loopCondition\":\"$.l['iteration'] < 2\"", """{"name":"a","taskReferenceName":"a","retryCount":0,"optional":true}"""));
        workflow.Fail("a__1");
        Assert.Equal("l:IN_PROGRESS a__1:COMPLETED_WITH_ERRORS a__2:SCHEDULED", workflow.Tasks);
    }

    /// <summary>The body's own entries have ended, and a case inside of it goes on.</summary>
    [Fact]
    public void A_pass_is_over_when_the_tasks_inside_of_a_switch_are()
    {
        var workflow = new DecidedWorkflow(Loop("\"loopCondition\":\"$.l['iteration'] < 2\"", """
            {"name":"s","taskReferenceName":"s","type":"SWITCH","evaluatorType":"value-param","expression":"v","inputParameters":{"v":"x"},"decisionCases":{"x":[{"name":"c","taskReferenceName":"c"},{"name":"d","taskReferenceName":"d"}]}}
            """));
        workflow.Complete("c__1");
        Assert.Equal("l:IN_PROGRESS s__1:COMPLETED c__1:COMPLETED d__1:SCHEDULED", workflow.Tasks);
        workflow.Complete("d__1");
        Assert.Equal(TaskExecutionStatus.SCHEDULED, workflow["c__2"].Status);
    }

    [Fact]
    public void A_loop_that_is_cancelled_does_not_show_the_pass_that_was_cut_off()
    {
        var workflow = new DecidedWorkflow(Loop("\"loopCondition\":\"true\""));
        workflow.Complete("a__1", """{"o":1}""");
        workflow.Change((state, unit) => Termination.Apply(state, unit, "enough"));
        Assert.Equal("""{"1":{"a":{"o":1}},"iteration":2}""", TaskOutputs.Of(workflow.State, workflow["l"]).ToJsonString());
    }

    [Fact]
    public void The_size_of_a_loop_that_drops_passes_is_that_of_the_passes_it_keeps()
    {
        var workflow = new DecidedWorkflow(new EngineLimits { TaskPayloadBytes = 2500 }, Loop("\"loopCondition\":\"$.l['iteration'] < 8\",\"inputParameters\":{\"keepLastN\":2}"));
        for (var pass = 1; pass <= 8; pass++)
        {
            workflow.Complete($"a__{pass}", $$"""{"text":"{{new string('x', 1000)}}"}""");
        }
        Assert.Equal((WorkflowStatus.COMPLETED, TaskExecutionStatus.COMPLETED), (workflow.Status, workflow["l"].Status));
    }

    [Fact]
    public void A_loop_whose_passes_are_too_large_fails_at_the_pass_that_is_too_much_and_keeps_its_counter()
    {
        var workflow = new DecidedWorkflow(new EngineLimits { TaskPayloadBytes = 2500 }, Loop("\"loopCondition\":\"true\""));
        workflow.Complete("a__1", $$"""{"text":"{{new string('x', 1500)}}"}""");
        Assert.Equal(TaskExecutionStatus.SCHEDULED, workflow["a__2"].Status);
        workflow.Complete("a__2", $$"""{"text":"{{new string('x', 1500)}}"}""");
        Assert.Equal((TaskExecutionStatus.FAILED_WITH_TERMINAL_ERROR, """{"iteration":2}"""), (workflow["l"].Status, workflow["l"].Output.ToJsonString()));
        Assert.Null(workflow.State.Latest("a__3"));
    }

    [Fact]
    public void The_limit_of_passes_of_one_decision_cuts_it_in_two_and_loses_nothing()
    {
        var workflow = new DecidedWorkflow(new EngineLimits { PassesPerDecision = 3 }, Loop("\"loopCondition\":\"$.l['iteration'] < 20\"", """{"name":"n","taskReferenceName":"n","type":"NOOP"}"""));
        var decisions = 1;
        for (; workflow.Status == WorkflowStatus.RUNNING && decisions < 100; decisions++)
        {
            workflow.Change((state, unit) =>
            {
                unit.Decide(state);
                unit.LetUnfinishedGoOn();
                Assert.Equal(state.Row.Status == WorkflowStatus.RUNNING, unit.Commit.Outbox.Exists(row => Effect.Of(row) is Effect.GoOn));
            });
        }
        Assert.Equal(WorkflowStatus.COMPLETED, workflow.Status);
        Assert.True(decisions > 5, $"{decisions} decisions");
    }
}
