using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.Decisions;
using Idflow.Engine.Tests.Support;

namespace Idflow.Engine.Tests.Decisions;

/// <summary>What the tasks that the decider itself carries out do, one by one.</summary>
public sealed class SystemTaskTests
{
    private static DecidedWorkflow One(string task, string input = "{}", string settings = "{}") => new($"[{task}]", settings, input);

    [Theory]
    [InlineData("x", "a")]
    [InlineData("empty", "d")]
    [InlineData("other", "d")]
    public void A_decision_takes_its_default_for_a_case_that_is_not_there_or_empty(string value, string scheduled)
    {
        var workflow = One("""
            {"name":"s","taskReferenceName":"s","type":"DECISION","caseValueParam":"v","inputParameters":{"v":"${workflow.input.v}"},
             "decisionCases":{"x":[{"name":"a","taskReferenceName":"a"}],"empty":[]},"defaultCase":[{"name":"d","taskReferenceName":"d"}]}
            """, $$"""{"v":"{{value}}"}""");
        Assert.Equal($"s:COMPLETED {scheduled}:SCHEDULED", workflow.Tasks);
    }

    [Theory]
    [InlineData("x", "s:COMPLETED a:SCHEDULED")]
    [InlineData("empty", "s:COMPLETED")]
    [InlineData("other", "s:COMPLETED d:SCHEDULED")]
    public void A_switch_takes_its_default_for_a_case_that_is_not_there(string value, string tasks)
    {
        var workflow = One("""
            {"name":"s","taskReferenceName":"s","type":"SWITCH","evaluatorType":"value-param","expression":"v","inputParameters":{"v":"${workflow.input.v}"},
             "decisionCases":{"x":[{"name":"a","taskReferenceName":"a"}],"empty":[]},"defaultCase":[{"name":"d","taskReferenceName":"d"}]}
            """, $$"""{"v":"{{value}}"}""");
        Assert.Equal(tasks, workflow.Tasks);
    }

    [Theory]
    [InlineData("COMPLETED", WorkflowStatus.COMPLETED)]
    [InlineData("FAILED", WorkflowStatus.FAILED)]
    [InlineData("TERMINATED", WorkflowStatus.TERMINATED)]
    public void A_terminate_gives_its_workflow_status_reason_and_output(string status, WorkflowStatus expected)
    {
        var workflow = One($$$"""{"name":"t","taskReferenceName":"t","type":"TERMINATE","inputParameters":{"terminationStatus":"{{{status}}}","terminationReason":"done","workflowOutput":{"o":1}} }""",
            settings: """{"outputParameters":{"other":2},"failureWorkflow":"none"}""");
        Assert.Equal((expected, "done", 1), (workflow.Status, workflow.State.Row.Reason, (int?)workflow.State.Row.Output["o"]));
        Assert.Null(workflow.State.Row.Output["other"]);
        Assert.Equal(expected != WorkflowStatus.COMPLETED, workflow.State.Row.Output.ContainsKey("conductor.failure_workflow"));
    }

    [Fact]
    public void Variables_over_the_limit_are_refused_and_stay_as_they_were()
    {
        var workflow = new DecidedWorkflow(new EngineLimits { VariablesBytes = 1024 }, $$"""
            [{"name":"a","taskReferenceName":"a","type":"SET_VARIABLE","inputParameters":{"small":1} },
             {"name":"b","taskReferenceName":"b","type":"SET_VARIABLE","inputParameters":{"large":"{{new string('x', 2000)}}"} }]
            """);
        Assert.Equal((WorkflowStatus.FAILED, TaskExecutionStatus.FAILED_WITH_TERMINAL_ERROR), (workflow.Status, workflow["b"].Status));
        Assert.Equal("""{"small":1}""", workflow.State.Row.Variables.ToJsonString());
        Assert.Contains("greater than the permissible limit: 1 kilobytes", workflow["b"].Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2030-06-01", "2030-06-01T00:00:00Z")]
    [InlineData("2030-06-01 12:30", "2030-06-01T12:30:00Z")]
    [InlineData("2030-06-01 12:30 UTC", "2030-06-01T12:30:00Z")]
    [InlineData("2030-06-01 12:30 GMT+02:00", "2030-06-01T10:30:00Z")]
    [InlineData("2030-06-01 12:30 -0330", "2030-06-01T16:00:00Z")]
    [InlineData("2030-06-01 12:30 PST", "2030-06-01T19:30:00Z")]
    [InlineData("2030-01-01 12:30 Europe/Berlin", "2030-01-01T11:30:00Z")]
    public void A_wait_until_a_time_ends_then(string until, string time)
    {
        var workflow = One($$"""{"name":"w","taskReferenceName":"w","type":"WAIT","inputParameters":{"until":"{{until}}"} }""");
        Assert.Equal(DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds(), workflow["w"].DueTime);
        Assert.Equal(TaskExecutionStatus.IN_PROGRESS, workflow["w"].Status);
    }

    [Theory]
    [InlineData("2 days 3h 5 min 10s", 183_910)]
    [InlineData("90 seconds", 90)]
    [InlineData("1m", 60)]
    public void A_wait_for_a_duration_ends_after_it(string duration, int seconds)
    {
        var workflow = One($$"""{"name":"w","taskReferenceName":"w","type":"WAIT","inputParameters":{"duration":"{{duration}}"} }""");
        Assert.Equal((workflow.Now + seconds * 1000L, seconds), (workflow["w"].DueTime, workflow["w"].CallbackAfterSeconds));
    }

    [Theory]
    [InlineData("""{"duration":"1m","until":"2030-06-01"}""", TaskExecutionStatus.FAILED_WITH_TERMINAL_ERROR)]
    [InlineData("""{"until":"tomorrow"}""", TaskExecutionStatus.FAILED_WITH_TERMINAL_ERROR)]
    [InlineData("""{"until":"1970-01-01"}""", TaskExecutionStatus.COMPLETED)]
    [InlineData("""{"duration":"0s"}""", TaskExecutionStatus.COMPLETED)]
    [InlineData("{}", TaskExecutionStatus.IN_PROGRESS)]
    public void A_wait_for_what_is_over_or_makes_no_sense_ends_at_once(string input, TaskExecutionStatus status) =>
        Assert.Equal(status, One($$"""{"name":"w","taskReferenceName":"w","type":"WAIT","inputParameters":{{input}}}""")["w"].Status);

    [Theory]
    [InlineData("conductor", false, "conductor:wf:e", TaskExecutionStatus.COMPLETED)]
    [InlineData("conductor:told", false, "conductor:wf:told", TaskExecutionStatus.COMPLETED)]
    [InlineData("conductor:told", true, "conductor:wf:told", TaskExecutionStatus.IN_PROGRESS)]
    [InlineData("conductorx", false, null, TaskExecutionStatus.FAILED)]
    [InlineData("sqs:queue", false, null, TaskExecutionStatus.FAILED)]
    public void An_event_is_published_to_its_sink_once(string sink, bool asyncComplete, string? name, TaskExecutionStatus status)
    {
        var workflow = One($$$"""{"name":"e","taskReferenceName":"e","type":"EVENT","retryCount":0,"sink":"{{{sink}}}","asyncComplete":{{{(asyncComplete ? "true" : "false")}}},"inputParameters":{"k":1}}""");
        var published = workflow.Written.Outbox.Select(Effect.Of).OfType<Effect.Publish>().ToList();
        Assert.Equal(status, workflow["e"].Status);
        Assert.Equal(name, published.SingleOrDefault()?.Event);
        if (name is not null)
        {
            Assert.Equal((workflow["e"].TaskId, 1, "w", name), (published[0].MessageId, (int?)published[0].Payload["k"], (string?)published[0].Payload["workflowInstanceId"], (string?)published[0].Payload["event_produced"]));
            workflow.Change((state, unit) => unit.Decide(state));
            Assert.Empty(workflow.Written.Outbox);
        }
    }

    [Theory]
    [InlineData("FORK_JOIN")]
    [InlineData("DO_WHILE")]
    [InlineData("SWITCH")]
    public void A_dynamic_task_cannot_name_a_type_that_holds_tasks(string type) =>
        Assert.Contains($"names {type}, which holds tasks of its own", One($$"""{"name":"d","taskReferenceName":"d","type":"DYNAMIC","dynamicTaskNameParam":"t","inputParameters":{"t":"{{type}}"} }""").State.Row.Reason, StringComparison.Ordinal);

    [Fact]
    public void A_dynamic_task_that_names_a_system_type_runs_as_that()
    {
        var workflow = One("""{"name":"d","taskReferenceName":"d","type":"DYNAMIC","dynamicTaskNameParam":"t","inputParameters":{"t":"WAIT","duration":"1m"}}""");
        Assert.Equal((TaskTypes.Wait, TaskExecutionStatus.IN_PROGRESS, workflow.Now + 60_000), (workflow["d"].TaskType, workflow["d"].Status, workflow["d"].DueTime));
    }

    [Theory]
    [InlineData("cleanup", "cleanup")]
    [InlineData("$workflow.input.onFailure", "tidy")]
    public void A_failure_workflow_is_named_by_the_definition_or_by_the_input(string given, string name)
    {
        var workflow = One("""{"name":"a","taskReferenceName":"a","retryCount":0}""", """{"onFailure":"tidy"}""", $$"""{"failureWorkflow":"{{given}}"}""");
        workflow.Fail("a");
        Assert.Contains($"Error workflow {name} failed to start", (string?)workflow.State.Row.Output["conductor.failure_workflow"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"a":"one,two"}""", "two")]
    [InlineData("""{"a":"one,live,two"}""", "live")]
    [InlineData("""{"*":"all"}""", "all")]
    [InlineData("""{"*":"all","a":"own"}""", "own")]
    [InlineData("""{"a":"one,NO_DOMAIN"}""", null)]
    [InlineData("""{"b":"one"}""", null)]
    public void A_task_goes_to_the_first_live_domain_else_to_the_last(string domains, string? chosen) =>
        Assert.Equal(chosen, One("""{"name":"a","taskReferenceName":"a"}""", settings: $$"""{"taskToDomain":{{domains}}}""")["a"].Domain);

    private static DecidedWorkflow Fork(string input, string settings = "", EngineLimits? limits = null) => new(limits ?? new EngineLimits(), $$"""
        [{"name":"f","taskReferenceName":"f","type":"FORK_JOIN_DYNAMIC"{{settings}},"inputParameters":{{input}}},{"name":"j","taskReferenceName":"j","type":"JOIN"}]
        """);

    [Fact]
    public void The_elements_of_a_dynamic_fork_are_branches_with_their_index_and_settings()
    {
        var workflow = Fork("""{"forkTaskName":"t","forkTaskInputs":[{"v":1},"plain",{"v":3,"startDelay":5}]}""", ",\"optional\":true");
        Assert.Equal("f:COMPLETED _t_0:SCHEDULED _t_1:SCHEDULED _t_2:SCHEDULED j:IN_PROGRESS", workflow.Tasks);
        Assert.Equal("""{"v":1,"__index":0}""", workflow["_t_0"].Input.ToJsonString());
        Assert.Equal("""{"input":"plain","__index":1}""", workflow["_t_1"].Input.ToJsonString());
        Assert.Equal((5, workflow.Now + 5000), (workflow["_t_2"].StartDelaySeconds, workflow["_t_2"].DueTime));
        Assert.True(workflow["_t_0"].Entry!.Optional);
    }

    [Fact]
    public void The_elements_of_a_dynamic_fork_of_workflows_say_version_and_domains()
    {
        var workflow = Fork("""{"forkTaskWorkflow":"child","forkTaskWorkflowVersion":"3","forkTaskInputs":[{"v":1,"taskToDomain":{"a":"blue"}}]}""");
        var task = workflow.State.Tasks.Single(task => task.TaskType == TaskTypes.SubWorkflow);
        Assert.Equal(("child", 3, "blue"), ((string?)task.Input["subWorkflowName"], (int?)task.Input["subWorkflowVersion"], (string?)task.Input["subWorkflowTaskToDomain"]?["a"]));
        Assert.Equal(1, (int?)task.Input["workflowInput"]?["v"]);
    }

    [Fact]
    public void A_dynamic_fork_with_too_many_branches_fails()
    {
        var workflow = Fork("""{"forkTaskName":"t","forkTaskInputs":[1,2,3]}""", limits: new EngineLimits { ForkBranches = 2 });
        Assert.Equal((WorkflowStatus.FAILED, "Dynamic fork f has 3 branches; the limit is 2"), (workflow.Status, workflow.State.Row.Reason));
    }

    [Fact]
    public void A_second_dynamic_fork_names_its_branches_apart_from_those_of_the_first()
    {
        var workflow = new DecidedWorkflow("""
            [{"name":"f","taskReferenceName":"f","type":"FORK_JOIN_DYNAMIC","inputParameters":{"forkTaskName":"t","forkTaskInputs":[1]}},{"name":"j","taskReferenceName":"j","type":"JOIN"},
             {"name":"g","taskReferenceName":"g","type":"FORK_JOIN_DYNAMIC","inputParameters":{"forkTaskName":"t","forkTaskInputs":[1]}},{"name":"k","taskReferenceName":"k","type":"JOIN"}]
            """);
        workflow.Complete("_t_0");
        Assert.Equal("f:COMPLETED _t_0:COMPLETED j:COMPLETED g:COMPLETED _g_t_0:SCHEDULED k:IN_PROGRESS", workflow.Tasks);
    }

    [Fact]
    public void A_branch_of_a_dynamic_fork_has_the_definition_of_its_task()
    {
        var workflow = new DecidedWorkflow("""
            [{"name":"f","taskReferenceName":"f","type":"FORK_JOIN_DYNAMIC","inputParameters":{"forkTaskName":"t","forkTaskInputs":[1]}},{"name":"j","taskReferenceName":"j","type":"JOIN"}]
            """, taskDefs: new TaskDef { Name = "t", ResponseTimeoutSeconds = 77, RetryCount = 1, RetryDelaySeconds = 0 });
        Assert.Equal(77, workflow["_t_0"].ResponseTimeoutSeconds);
        workflow.Fail("_t_0");
        Assert.Equal((TaskExecutionStatus.SCHEDULED, 1), (workflow["_t_0"].Status, workflow["_t_0"].RetryCount));
    }

    [Theory]
    [InlineData("""{"batchSize":2}""", 2)]
    [InlineData("{}", 1)]
    [InlineData("""{"batchSize":100000}""", 3)]
    public void Messages_are_pulled_up_to_the_batch(string input, int count)
    {
        var workflow = new DecidedWorkflow(new EngineLimits { MessagesPerPull = 3 }, $$"""
            [{"name":"h","taskReferenceName":"h","type":"HUMAN"},{"name":"p","taskReferenceName":"p","type":"PULL_WORKFLOW_MESSAGES","inputParameters":{{input}}}]
            """);
        for (var i = 0; i < 5; i++)
        {
            workflow.Change((state, unit) => Operations.MessagePush.Apply(state, unit, new JsonObject { ["i"] = 1 }));
        }
        workflow.Complete("h");
        Assert.Equal(count, (int?)workflow["p"].Output["count"]);
        Assert.Equal(5 - count, workflow.Written.DeletedMessages.Count == 5 ? 5 - count : -1);
    }

    [Fact]
    public void A_pull_leaves_messages_that_would_make_its_output_too_large()
    {
        var workflow = new DecidedWorkflow(new EngineLimits { TaskPayloadBytes = 4000 }, """
            [{"name":"h","taskReferenceName":"h","type":"HUMAN"},{"name":"p","taskReferenceName":"p","type":"PULL_WORKFLOW_MESSAGES","inputParameters":{"batchSize":3}},{"name":"i","taskReferenceName":"i","type":"HUMAN"}]
            """);
        for (var i = 0; i < 3; i++)
        {
            workflow.Change((state, unit) => Operations.MessagePush.Apply(state, unit, new JsonObject { ["t"] = new string('x', 1500) }));
        }
        workflow.Complete("h");
        Assert.Equal((2, TaskExecutionStatus.COMPLETED), ((int?)workflow["p"].Output["count"], workflow["p"].Status));
        Assert.Single(workflow.State.Messages);
    }

    [Theory]
    [InlineData("SUB_WORKFLOW", "\"subWorkflowParam\":{\"name\":\"child\",\"version\":1}")]
    [InlineData("START_WORKFLOW", "\"inputParameters\":{\"startWorkflow\":{\"name\":\"child\"}}")]
    public void A_start_of_a_workflow_is_due_after_its_delay(string type, string parameters)
    {
        var workflow = One($$"""{"name":"s","taskReferenceName":"s","type":"{{type}}","startDelay":60,{{parameters}} }""");
        Assert.Equal((workflow.Now + 60_000, 60L), (workflow["s"].DueTime, (long)workflow["s"].CallbackAfterSeconds));
    }

    [Theory]
    [InlineData(WorkflowStatus.COMPLETED, TaskExecutionStatus.COMPLETED)]
    [InlineData(WorkflowStatus.FAILED, TaskExecutionStatus.FAILED)]
    [InlineData(WorkflowStatus.TIMED_OUT, TaskExecutionStatus.TIMED_OUT)]
    [InlineData(WorkflowStatus.TERMINATED, TaskExecutionStatus.CANCELED)]
    public void The_task_of_a_child_ends_as_the_child_does(WorkflowStatus child, TaskExecutionStatus task)
    {
        var workflow = One("""{"name":"s","taskReferenceName":"s","type":"SUB_WORKFLOW","subWorkflowParam":{"name":"child","version":1}}""");
        var ended = new State.WorkflowRow { WorkflowId = "c", Name = "child", SnapshotId = "s", Status = child };
        Assert.Equal((task, workflow.Now), (ChildOutcome.Of(workflow["s"], ended, workflow.Now).Status, ChildOutcome.Of(workflow["s"], ended, workflow.Now).EndTime));
    }

    [Fact]
    public void The_template_of_a_task_definition_fills_what_is_absent_or_null()
    {
        var workflow = new DecidedWorkflow("""[{"name":"t","taskReferenceName":"t","inputParameters":{"given":1,"none":"${workflow.input.none}"}}]""",
            taskDefs: new TaskDef { Name = "t", InputTemplate = new JsonObject { ["given"] = 2, ["none"] = 3, ["absent"] = "${workflow.workflowId}" } });
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"given":1,"none":3,"absent":"w"}"""), workflow["t"].Input), workflow["t"].Input.ToJsonString());
    }
}
