using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.Decisions;
using Idflow.Engine.Tests.Support;

namespace Idflow.Engine.Tests.Decisions;

public sealed class OperatorTests
{
    private const string Fork = """
        [{"name":"fork","taskReferenceName":"fork","type":"FORK_JOIN","forkTasks":[[{"name":"a","taskReferenceName":"a","retryCount":1,"taskDefinition":{"name":"a","retryDelaySeconds":0}}],[{"name":"b","taskReferenceName":"b"}]]},
         {"name":"join","taskReferenceName":"join","type":"JOIN","joinOn":["a","b"]},{"name":"c","taskReferenceName":"c"}]
        """;

    [Fact]
    public void A_join_waits_for_all_its_branches_and_takes_their_outputs()
    {
        var workflow = new DecidedWorkflow(Fork);
        workflow.Complete("a", """{"x":1}""");
        Assert.Equal(TaskExecutionStatus.IN_PROGRESS, workflow["join"].Status);

        workflow.Complete("b", """{"y":2}""");
        Assert.Equal("fork:COMPLETED a:COMPLETED b:COMPLETED join:COMPLETED c:SCHEDULED", workflow.Tasks);
        Assert.Equal("""{"a":{"x":1},"b":{"y":2}}""", TaskOutputs.Of(workflow.State, workflow["join"]).ToJsonString());
    }

    [Fact]
    public void A_join_never_sees_a_failure_that_is_attempted_again()
    {
        var workflow = new DecidedWorkflow(Fork);
        workflow.Complete("b");
        workflow.Fail("a");
        Assert.Equal(TaskExecutionStatus.IN_PROGRESS, workflow["join"].Status);

        workflow.Complete("a");
        Assert.Equal(TaskExecutionStatus.COMPLETED, workflow["join"].Status);
    }

    [Fact]
    public void The_output_of_a_join_is_not_stored_with_it()
    {
        var workflow = new DecidedWorkflow(Fork);
        workflow.Complete("a", """{"x":1}""");
        workflow.Complete("b", """{"y":2}""");
        Assert.Empty(workflow["join"].Output);
    }

    [Fact]
    public void The_end_of_a_branch_writes_its_own_rows_only()
    {
        var branches = string.Join(",", Enumerable.Range(0, 50).Select(i => $$"""[{"name":"t","taskReferenceName":"t{{i}}"}]"""));
        var joinOn = string.Join(",", Enumerable.Range(0, 50).Select(i => $"\"t{i}\""));
        var workflow = new DecidedWorkflow($$"""[{"name":"f","taskReferenceName":"f","type":"FORK_JOIN","forkTasks":[{{branches}}]},{"name":"j","taskReferenceName":"j","type":"JOIN","joinOn":[{{joinOn}}]}]""");
        workflow.Complete("t7");
        Assert.Equal(["t7"], workflow.Written.Tasks.Select(write => write.Row.ReferenceName));
    }

    [Fact]
    public void A_loop_repeats_while_its_condition_holds_and_shows_each_pass()
    {
        var workflow = new DecidedWorkflow("""
            [{"name":"l","taskReferenceName":"l","type":"DO_WHILE","loopCondition":"$.l['iteration'] < 3 && $.s['go']","loopOver":[{"name":"s","taskReferenceName":"s"}]}]
            """);
        workflow.Complete("s__1", """{"go":true,"n":1}""");
        workflow.Complete("s__2", """{"go":true,"n":2}""");
        workflow.Complete("s__3", """{"go":true,"n":3}""");

        Assert.Equal(WorkflowStatus.COMPLETED, workflow.Status);
        Assert.Equal("""{"1":{"s":{"go":true,"n":1}},"2":{"s":{"go":true,"n":2}},"3":{"s":{"go":true,"n":3}},"iteration":3}""", TaskOutputs.Of(workflow.State, workflow["l"]).ToJsonString());
    }

    [Theory]
    [InlineData("$.l.iteration < 3")]
    [InlineData("$['l']['iteration'] < 3")]
    [InlineData("let name = 'l'; $[name].iteration < 3")]
    [InlineData("let { l } = $; l.iteration < 3")]
    [InlineData("Object.keys($.l).length < 4")]
    [InlineData("$.l[$.l.iteration].s.n < 3")]
    [InlineData("!$.l[3]")]
    [InlineData("$.l['1'].s.n + Object.values($.l).filter(pass => pass.s).length < 4")]
    [InlineData("JSON.stringify($).indexOf('\"n\":3') < 0")]
    [InlineData("$.s.n < $.most && $.l.iteration == $.s.n")]
    [InlineData("Object.keys($).join() == 'most,l,s' && $.s.n < 3")]
    public void A_condition_sees_the_loop_and_its_members_however_it_asks(string condition)
    {
        var loop = new JsonObject { ["name"] = "l", ["taskReferenceName"] = "l", ["type"] = "DO_WHILE", ["loopCondition"] = condition, ["inputParameters"] = new JsonObject { ["most"] = 3 } };
        loop["loopOver"] = new JsonArray(new JsonObject { ["name"] = "s", ["taskReferenceName"] = "s" });
        var workflow = new DecidedWorkflow(new JsonArray(loop).ToJsonString());
        for (var i = 1; i <= 3; i++)
        {
            Assert.Equal(WorkflowStatus.RUNNING, workflow.Status);
            workflow.Complete($"s__{i}", $$"""{"n":{{i}}}""");
        }
        Assert.Equal("l:COMPLETED s__1:COMPLETED s__2:COMPLETED s__3:COMPLETED", workflow.Tasks);
    }

    [Fact]
    public void A_join_of_an_agents_workflow_carries_states_and_names_tools()
    {
        const string fork = """
            [{"name":"f","taskReferenceName":"f","type":"FORK_JOIN","forkTasks":[[{"name":"agent","taskReferenceName":"a"}],[{"name":"tool","taskReferenceName":"t"}]]},
             {"name":"j","taskReferenceName":"j","type":"JOIN","joinOn":["a","t"]},{"name":"z","taskReferenceName":"z","inputParameters":{"got":"${j.output.t._agent_tool_name}"}}]
            """;
        var workflow = new DecidedWorkflow(fork, """{"metadata":{"agent_sdk":"x"}}""");
        workflow.Update("a", TaskResultStatus.COMPLETED, """{"state":{"s":1},"rest":2}""");
        workflow.Update("t", TaskResultStatus.COMPLETED, """{"v":3}""");

        Assert.Equal("""{"a":{"state":{"s":1}},"t":{"_agent_tool_name":"tool","_agent_tool_output":{"v":3}}}""", TaskOutputs.Of(workflow.State, workflow["j"]).ToJsonString());
        Assert.Equal("tool", (string)workflow["z"].Input["got"]!);
    }

    /// <summary>An inner loop of two passes in each of two passes of the outer one.</summary>
    private const string NestedLoops = """
        [{"name":"o","taskReferenceName":"o","type":"DO_WHILE","loopCondition":"$.o.iteration < 2","inputParameters":{"keepLastN":"${workflow.input.keep}"},"loopOver":[
          {"name":"a","taskReferenceName":"a"},
          {"name":"i","taskReferenceName":"i","type":"DO_WHILE","loopCondition":"$.i.iteration < 2 && $.m.go","loopOver":[
            {"name":"f","taskReferenceName":"f","type":"FORK_JOIN","forkTasks":[[{"name":"m","taskReferenceName":"m"}],[{"name":"n","taskReferenceName":"n","inputParameters":{"seen":"${a.output.v}"}}]]},
            {"name":"j","taskReferenceName":"j","type":"JOIN","joinOn":["m","n"]}]},
          {"name":"z","taskReferenceName":"z","inputParameters":{"inner":"${i.output.iteration}"}}]}]
        """;

    private static void RunNested(DecidedWorkflow workflow)
    {
        for (var outer = 1; outer <= 2; outer++)
        {
            workflow.Update($"a__{outer}", TaskResultStatus.COMPLETED, $$"""{"v":{{outer}}}""");
            for (var inner = 1; inner <= 2; inner++)
            {
                Assert.Equal(outer, (int)workflow[$"n__{outer}__{inner}"].Input["seen"]!);
                workflow.Update($"m__{outer}__{inner}", TaskResultStatus.COMPLETED, $$"""{"go":true,"at":"{{outer}}.{{inner}}"}""");
                workflow.Update($"n__{outer}__{inner}", TaskResultStatus.COMPLETED);
            }
            Assert.Equal(2, (int)workflow[$"z__{outer}"].Input["inner"]!);
            workflow.Update($"z__{outer}", TaskResultStatus.COMPLETED);
        }
    }

    [Fact]
    public void A_loop_inside_a_loop_starts_anew_in_each_pass_of_the_outer_one()
    {
        var workflow = new DecidedWorkflow(NestedLoops);
        RunNested(workflow);

        Assert.Equal(WorkflowStatus.COMPLETED, workflow.Status);
        var output = TaskOutputs.Of(workflow.State, workflow["o"]);
        Assert.Equal(2, (int)output["iteration"]!);
        Assert.Equal("2.1", (string)output["2"]!["i"]!["1"]!["m"]!["at"]!);
        Assert.Equal("1.2", (string)output["1"]!["i"]!["2"]!["j"]!["m__1__2"]!["at"]!);
        Assert.False(((JsonObject)output["1"]!).ContainsKey("m"));
    }

    [Fact]
    public void A_loop_that_drops_a_pass_drops_the_passes_of_the_loop_inside_of_it()
    {
        var workflow = new DecidedWorkflow(NestedLoops, input: """{"keep":1}""");
        RunNested(workflow);

        Assert.Equal(WorkflowStatus.COMPLETED, workflow.Status);
        Assert.DoesNotContain("__1__", workflow.Tasks);
        Assert.Contains("m__2__1:COMPLETED", workflow.Tasks);
    }

    [Fact]
    public void A_failure_in_an_inner_loop_ends_the_workflow_and_names_its_pass()
    {
        var workflow = new DecidedWorkflow(NestedLoops, taskDefs: new TaskDef { Name = "m", RetryCount = 0 });
        workflow.Update("a__1", TaskResultStatus.COMPLETED, """{"v":1}""");
        workflow.Update("m__1__1", TaskResultStatus.FAILED, reason: "broken");

        Assert.Equal(WorkflowStatus.FAILED, workflow.Status);
        Assert.Equal(["m__1__1"], workflow.State.Row.FailedReferenceNames);
    }

    [Fact]
    public void A_pass_of_a_loop_writes_no_more_than_the_pass_before()
    {
        var workflow = new DecidedWorkflow("""[{"name":"l","taskReferenceName":"l","type":"DO_WHILE","loopCondition":"$.l.iteration < 100","loopOver":[{"name":"s","taskReferenceName":"s"}]}]""");
        workflow.Complete("s__1");
        var before = workflow.Written.Tasks.Count;
        for (var i = 2; i < 60; i++)
        {
            workflow.Complete($"s__{i}");
        }
        Assert.Equal(before, workflow.Written.Tasks.Count);
        Assert.Single(workflow["l"].Output);
    }

    [Fact]
    public void A_loop_that_keeps_the_last_passes_drops_the_older_ones()
    {
        var workflow = new DecidedWorkflow("""
            [{"name":"l","taskReferenceName":"l","type":"DO_WHILE","inputParameters":{"keepLastN":2},"loopCondition":"$.l['iteration'] < 4","loopOver":[{"name":"s","taskReferenceName":"s"}]}]
            """);
        for (var i = 1; i <= 4; i++)
        {
            workflow.Complete($"s__{i}", $$"""{"n":{{i}}}""");
        }
        Assert.Equal("l:COMPLETED s__3:COMPLETED s__4:COMPLETED", workflow.Tasks);
        Assert.Equal("""{"3":{"s":{"n":3}},"4":{"s":{"n":4}},"iteration":4}""", TaskOutputs.Of(workflow.State, workflow["l"]).ToJsonString());
    }

    [Fact]
    public void A_switch_takes_its_case_and_then_what_follows()
    {
        var workflow = new DecidedWorkflow("""
            [{"name":"s","taskReferenceName":"s","type":"SWITCH","evaluatorType":"value-param","expression":"v","inputParameters":{"v":"${workflow.input.v}"},
              "decisionCases":{"x":[{"name":"a","taskReferenceName":"a"}]},"defaultCase":[{"name":"b","taskReferenceName":"b"}]},{"name":"c","taskReferenceName":"c"}]
            """, input: """{"v":"x"}""");
        Assert.Equal("s:COMPLETED a:SCHEDULED", workflow.Tasks);

        workflow.Complete("a");
        Assert.Equal("s:COMPLETED a:COMPLETED c:SCHEDULED", workflow.Tasks);
    }

    [Fact]
    public void A_terminate_task_ends_the_workflow_and_cancels_what_is_open()
    {
        var workflow = new DecidedWorkflow("""
            [{"name":"f","taskReferenceName":"f","type":"FORK_JOIN","forkTasks":[[{"name":"a","taskReferenceName":"a"}],[{"name":"t","taskReferenceName":"t","type":"TERMINATE","inputParameters":{"terminationStatus":"FAILED","terminationReason":"enough","workflowOutput":{"o":1}}}]]},
             {"name":"j","taskReferenceName":"j","type":"JOIN","joinOn":["a","t"]}]
            """);
        Assert.Equal(WorkflowStatus.FAILED, workflow.Status);
        Assert.Equal("enough", workflow.State.Row.Reason);
        Assert.Equal("""{"o":1}""", workflow.State.Row.Output.ToJsonString());
        Assert.Equal(TaskExecutionStatus.CANCELED, workflow["a"].Status);
    }

    [Fact]
    public void Variables_are_replaced_at_the_top_level_and_seen_by_what_follows()
    {
        var workflow = new DecidedWorkflow("""
            [{"name":"v","taskReferenceName":"v","type":"SET_VARIABLE","inputParameters":{"k":{"b":2}}},{"name":"a","taskReferenceName":"a","inputParameters":{"k":"${workflow.variables.k}","keep":"${workflow.variables.keep}"}}]
            """, """{"variables":{"k":{"a":1},"keep":true}}""");
        Assert.Equal("""{"k":{"b":2},"keep":true}""", workflow["a"].Input.ToJsonString());
    }

    [Fact]
    public void A_dynamic_fork_runs_what_its_input_plans()
    {
        var workflow = new DecidedWorkflow("""
            [{"name":"f","taskReferenceName":"f","type":"FORK_JOIN_DYNAMIC","dynamicForkTasksParam":"tasks","dynamicForkTasksInputParamName":"inputs","inputParameters":{"tasks":"${workflow.input.tasks}","inputs":"${workflow.input.inputs}"}},
             {"name":"j","taskReferenceName":"j","type":"JOIN"}]
            """, input: """{"k":7,"tasks":[{"name":"x","taskReferenceName":"x1","inputParameters":{"k":"${workflow.input.k}"}},{"name":"x","taskReferenceName":"x2"}],"inputs":{"x2":{"v":"${workflow.input.k}"}}}""");
        Assert.Equal("f:COMPLETED x1:SCHEDULED x2:SCHEDULED j:IN_PROGRESS", workflow.Tasks);
        Assert.Equal("""{"k":7}""", workflow["x1"].Input.ToJsonString());
        Assert.Equal("""{"v":7}""", workflow["x2"].Input.ToJsonString());
        Assert.Equal("""["x1","x2"]""", ((JsonArray)workflow["j"].Input["joinOn"]!).ToJsonString());
    }

    [Fact]
    public void Elements_of_a_dynamic_fork_are_data_and_are_not_evaluated()
    {
        var workflow = new DecidedWorkflow("""
            [{"name":"f","taskReferenceName":"f","type":"FORK_JOIN_DYNAMIC","inputParameters":{"forkTaskInputs":"${workflow.input.items}","forkTaskName":"x"}},{"name":"j","taskReferenceName":"j","type":"JOIN"}]
            """, input: """{"items":[{"text":"${workflow.input.items}"}]}""");
        Assert.Equal("""{"text":"${workflow.input.items}","__index":0}""", workflow["_x_0"].Input.ToJsonString());
    }

    [Fact]
    public void Every_state_can_be_loaded_again_and_goes_on_as_before()
    {
        var workflow = new DecidedWorkflow(Fork);
        workflow.Reload();
        workflow.Complete("a");
        workflow.Reload();
        workflow.Complete("b");
        workflow.Reload();
        workflow.Complete("c");
        Assert.Equal(WorkflowStatus.COMPLETED, workflow.Status);
    }

    [Fact]
    public void A_fork_without_a_join_fails_the_workflow_and_leaves_no_task() =>
        Assert.Equal((WorkflowStatus.FAILED, ""), new DecidedWorkflow("""[{"name":"f","taskReferenceName":"f","type":"FORK_JOIN","forkTasks":[[{"name":"a","taskReferenceName":"a"}]]},{"name":"b","taskReferenceName":"b"}]""") is var workflow ? (workflow.Status, workflow.Tasks) : default);

    [Fact]
    public void A_live_domain_is_chosen_before_the_last_one()
    {
        var workflow = new DecidedWorkflow("""[{"name":"v","taskReferenceName":"v","type":"HUMAN"},{"name":"a","taskReferenceName":"a"}]""");
        workflow.Change((state, _) => state.Put(state.Row with { TaskToDomain = new JsonObject { ["a"] = "dead,live,other" } }));
        workflow.Complete("v");
        Assert.Equal("live", workflow["a"].Domain);
    }
}
