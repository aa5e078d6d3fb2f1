using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Engine.Operations;
using Idflow.Engine.Tests.Support;

namespace Idflow.Engine.Tests.Decisions;

/// <summary>Reruns from a task that has others beside it, before it in other branches, or around it.</summary>
public sealed class RerunTests
{
    private const string Fork = """
        [{"name":"f","taskReferenceName":"f","type":"FORK_JOIN","forkTasks":[
           [{"name":"a","taskReferenceName":"a","retryCount":0}],
           [{"name":"b1","taskReferenceName":"b1","retryCount":0},{"name":"b2","taskReferenceName":"b2","retryCount":0}]]},
         {"name":"j","taskReferenceName":"j","type":"JOIN","joinOn":["a","b2"]},
         {"name":"c","taskReferenceName":"c"}]
        """;

    private const string Planned = """
        [{"name":"f","taskReferenceName":"f","type":"FORK_JOIN_DYNAMIC","inputParameters":{"forkTaskName":"m","forkTaskInputs":[{},{}]}},
         {"name":"j","taskReferenceName":"j","type":"JOIN"},
         {"name":"c","taskReferenceName":"c"}]
        """;

    private const string Loop = """
        [{"name":"l","taskReferenceName":"l","type":"DO_WHILE","items":"${workflow.input.list}","loopCondition":"","loopOver":[
           {"name":"a","taskReferenceName":"a"},{"name":"b","taskReferenceName":"b"}]},
         {"name":"c","taskReferenceName":"c"}]
        """;

    [Fact]
    public void A_branch_runs_again_and_the_others_stay()
    {
        var workflow = Ended(Fork, "a", "b1", "b2", "c");
        Rerun(workflow, "a");
        Assert.Equal("f:COMPLETED a:SCHEDULED b1:COMPLETED b2:COMPLETED", workflow.Tasks);

        workflow.Complete("a");
        workflow.Complete("c");
        Assert.Equal("f:COMPLETED a:COMPLETED b1:COMPLETED b2:COMPLETED j:COMPLETED c:COMPLETED", workflow.Tasks);
        Assert.Equal(WorkflowStatus.COMPLETED, workflow.Status);
    }

    [Fact]
    public void A_task_that_was_skipped_is_made_as_what_it_is()
    {
        var workflow = new DecidedWorkflow("""
            [{"name":"a","taskReferenceName":"a"},
             {"name":"b","taskReferenceName":"set","type":"SET_VARIABLE","inputParameters":{"n":1}},
             {"name":"c","taskReferenceName":"c"}]
            """);
        workflow.Change((state, unit) => Skip.Apply(state, unit, "set", new SkipTaskRequest()));
        workflow.Complete("a");
        workflow.Complete("c");
        Assert.Equal("set:SKIPPED a:COMPLETED c:COMPLETED", workflow.Tasks);

        Rerun(workflow, "set");
        Assert.Equal("a:COMPLETED set:COMPLETED c:SCHEDULED", workflow.Tasks);
        Assert.Equal("SET_VARIABLE", workflow.State.Latest("set")!.TaskType);
        workflow.Complete("c");
        Assert.Equal(WorkflowStatus.COMPLETED, workflow.Status);
    }

    [Fact]
    public void An_input_that_the_first_task_refuses_is_answered_with_400()
    {
        var workflow = new DecidedWorkflow("""[{"name":"w","taskReferenceName":"w","type":"WAIT","inputParameters":{"duration":"${workflow.input.time}"}}]""", input: """{"time":"1s"}""");
        workflow.Advance(2);
        Assert.Equal(WorkflowStatus.COMPLETED, workflow.Status);

        var error = Assert.Throws<ConductorException>(() => workflow.Change((state, unit) =>
        {
            state.Put(state.Row with { Input = new() { ["time"] = "soon" } });
            Idflow.Engine.Operations.Rerun.FromStart(state, unit, null);
        }));
        Assert.Equal((400, "Not valid duration: soon"), (error.Status, error.Message));
    }

    [Fact]
    public void The_rest_of_its_own_branch_comes_again()
    {
        var workflow = Ended(Fork, "a", "b1", "b2", "c");
        Rerun(workflow, "b1");
        Assert.Equal("f:COMPLETED a:COMPLETED b1:SCHEDULED", workflow.Tasks);

        workflow.Complete("b1");
        workflow.Complete("b2");
        workflow.Complete("c");
        Assert.Equal(WorkflowStatus.COMPLETED, workflow.Status);
    }

    [Fact]
    public void A_join_is_opened_again_when_a_branch_goes_on_longer_than_it_was_scheduled()
    {
        var workflow = Ended(Fork, "a", "b1", "b2", "c");
        Rerun(workflow, "b2");
        workflow.Complete("b2");
        workflow.Complete("c");
        Assert.Equal(WorkflowStatus.COMPLETED, workflow.Status);
    }

    [Fact]
    public void A_join_that_runs_again_keeps_its_branches()
    {
        var workflow = Ended(Fork, "a", "b1", "b2", "c");
        Rerun(workflow, "j");
        Assert.Equal("f:COMPLETED a:COMPLETED b1:COMPLETED j:COMPLETED b2:COMPLETED c:SCHEDULED", workflow.Tasks);
    }

    [Fact]
    public void What_failed_in_a_branch_beside_it_runs_again_too()
    {
        var workflow = new DecidedWorkflow(Fork);
        workflow.Complete("a");
        workflow.Fail("b1");
        Rerun(workflow, "a");
        Assert.Equal("f:COMPLETED a:SCHEDULED b1:SCHEDULED", workflow.Tasks);
    }

    [Fact]
    public void A_member_of_a_dynamic_fork_runs_again_under_the_same_join()
    {
        var workflow = Ended(Planned, "_m_0", "_m_1", "c");
        Rerun(workflow, "_m_0");
        Assert.Equal("f:COMPLETED _m_0:SCHEDULED _m_1:COMPLETED j:IN_PROGRESS", workflow.Tasks);

        workflow.Complete("_m_0");
        Assert.Equal("f:COMPLETED _m_0:COMPLETED _m_1:COMPLETED j:COMPLETED c:SCHEDULED", workflow.Tasks);
    }

    [Fact]
    public void A_loop_goes_back_to_the_pass_of_its_member()
    {
        var workflow = new DecidedWorkflow(Loop, input: """{"list":["x","y"]}""");
        foreach (var task in (string[])["a__1", "b__1", "a__2", "b__2", "c"])
        {
            workflow.Complete(task);
        }
        Rerun(workflow, "b__1");
        Assert.Equal("l:IN_PROGRESS a__1:COMPLETED b__1:SCHEDULED", workflow.Tasks);
        Assert.Equal((1, """{"iteration":1,"loopIndex":0,"loopItem":"x"}"""), (workflow["l"].Iteration, workflow["l"].Output.ToJsonString()));

        workflow.Complete("b__1");
        workflow.Complete("a__2");
        workflow.Complete("b__2");
        workflow.Complete("c");
        Assert.Equal(WorkflowStatus.COMPLETED, workflow.Status);
    }

    [Fact]
    public void A_switch_chooses_anew_by_the_input_that_the_rerun_brings()
    {
        var workflow = new DecidedWorkflow("""
            [{"name":"s","taskReferenceName":"s","type":"SWITCH","evaluatorType":"value-param","expression":"v","inputParameters":{"v":"${workflow.input.v}"},
              "decisionCases":{"x":[{"name":"x","taskReferenceName":"x","retryCount":0}],"y":[{"name":"y","taskReferenceName":"y"}]}}]
            """, input: """{"v":"x"}""");
        workflow.Fail("x");
        workflow.Change((state, unit) => Operations.Rerun.FromTask(state, unit, state.Latest("s")!, new JsonObject { ["v"] = "y" }, null));
        Assert.Equal("s:COMPLETED y:SCHEDULED", workflow.Tasks);
        Assert.Equal("y", (string)workflow["s"].Input["v"]!);

        workflow.Complete("y");
        Assert.Equal(WorkflowStatus.COMPLETED, workflow.Status);
    }

    [Fact]
    public void From_the_start_the_output_stays_until_there_is_another()
    {
        var workflow = new DecidedWorkflow("""[{"name":"a","taskReferenceName":"a"}]""");
        workflow.Complete("a", """{"n":1}""");
        workflow.Change((state, unit) => Operations.Rerun.FromStart(state, unit, null));
        Assert.Equal("a:SCHEDULED", workflow.Tasks);
        Assert.Equal("""{"n":1}""", workflow.State.Row.Output.ToJsonString());

        workflow.Complete("a", """{"n":2}""");
        Assert.Equal("""{"n":2}""", workflow.State.Row.Output.ToJsonString());
    }

    private static DecidedWorkflow Ended(string tasks, params string[] workers)
    {
        var workflow = new DecidedWorkflow(tasks);
        Array.ForEach(workers, worker => workflow.Complete(worker));
        Assert.Equal(WorkflowStatus.COMPLETED, workflow.Status);
        return workflow;
    }

    private static void Rerun(DecidedWorkflow workflow, string reference) =>
        workflow.Change((state, unit) => Operations.Rerun.FromTask(state, unit, state.Latest(reference)!, null, null));
}
