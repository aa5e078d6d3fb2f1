using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Conductor.Model;

namespace Idflow.Engine.Tests.Execution;

/// <summary>Outputs that the engine puts together from other tasks are bounded as if somebody had sent them.</summary>
public sealed class AssembledOutputTests : IAsyncDisposable
{
    private readonly EmbeddedEngine _engine = EmbeddedEngine.OpenAsync(new EngineOptions
    {
        Limits = new EngineLimits { TaskPayloadBytes = 3000, TaskPayloadInlineBytes = 1000, WorkflowPayloadBytes = 6000, WorkflowsInMemory = 0 },
    }).GetAwaiter().GetResult();

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    /// <summary>A task that gives so many characters.</summary>
    private static WorkflowTask Inline(string name, int length) => new()
    {
        Name = name,
        TaskReferenceName = name,
        Type = TaskTypes.Inline,
        InputParameters = new JsonObject { ["evaluatorType"] = "javascript", ["expression"] = $"'x'.repeat({length})" },
    };

    private static WorkflowTask Join(string name, params string[] on) => new() { Name = name, TaskReferenceName = name, Type = TaskTypes.Join, JoinOn = on };

    private static WorkflowTask Fork(params int[] lengths) => new()
    {
        Name = "fork",
        TaskReferenceName = "fork",
        Type = TaskTypes.ForkJoin,
        ForkTasks = [.. lengths.Select((length, i) => new[] { Inline($"b{i}", length) })],
    };

    private static WorkflowTask Loop(int length, string condition, JsonObject? input = null) => new()
    {
        Name = "loop",
        TaskReferenceName = "loop",
        Type = TaskTypes.DoWhile,
        LoopCondition = condition,
        InputParameters = input ?? [],
        LoopOver = [Inline("inner", length)],
    };

    private async Task<Workflow> RunAsync(JsonObject input, params WorkflowTask[] tasks) =>
        await EndedAsync(await _engine.StartWorkflowAsync(new StartWorkflowRequest { Name = "wf", Input = input, WorkflowDef = new WorkflowDef { Name = "wf", Tasks = tasks } }));

    private Task<Workflow> RunAsync(params WorkflowTask[] tasks) => RunAsync([], tasks);

    private async Task<Workflow> EndedAsync(string id)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            if ((await _engine.SearchWorkflowsAsync(new SearchRequest { Query = $"workflowId = '{id}'" })).Results is [{ Status: var status }] && status.IsTerminal())
            {
                return await _engine.GetWorkflowAsync(id);
            }
            await Task.Delay(10, limit.Token);
        }
    }

    private static TaskExecution Row(Workflow workflow, string reference) => workflow.Tasks.Last(task => task.ReferenceTaskName == reference);

    [Fact]
    public async Task A_join_whose_branches_give_too_much_fails_for_good_and_says_what_was_too_much()
    {
        var workflow = await RunAsync(Fork(1200, 1200, 1200), Join("join", "b0", "b1", "b2"));

        var join = Row(workflow, "join");
        Assert.Equal((WorkflowStatus.FAILED, TaskExecutionStatus.FAILED_WITH_TERMINAL_ERROR), (workflow.Status, join.Status));
        Assert.Equal("{}", join.OutputData.ToJsonString());
        Assert.Matches($@"^The payload size: 36\d\d of task: {join.TaskId} in workflow: {workflow.WorkflowId}  is greater than the permissible limit: 3000 bytes", join.ReasonForIncompletion);
        Assert.Contains("its branches; engine.limits.task_payload_kb", join.ReasonForIncompletion, StringComparison.Ordinal);
        Assert.All(["b0", "b1", "b2"], name => Assert.Equal(TaskExecutionStatus.COMPLETED, Row(workflow, name).Status));
    }

    [Fact]
    public async Task An_optional_join_that_is_too_large_gives_nothing_and_the_workflow_goes_on()
    {
        var after = Inline("after", 1) with { InputParameters = new JsonObject { ["evaluatorType"] = "javascript", ["expression"] = "JSON.stringify($.all)", ["all"] = "${join.output}" } };
        var workflow = await RunAsync(Fork(1200, 1200, 1200), Join("join", "b0", "b1", "b2") with { Optional = true }, after);

        Assert.Equal((WorkflowStatus.COMPLETED, TaskExecutionStatus.COMPLETED_WITH_ERRORS), (workflow.Status, Row(workflow, "join").Status));
        Assert.Equal("{}", (string)Row(workflow, "after").OutputData["result"]!);
    }

    [Fact]
    public async Task A_large_join_has_a_path_and_is_read_whole_there()
    {
        var workflow = await RunAsync(Fork(600, 600), Join("join", "b0", "b1"));

        var join = Row(workflow, "join");
        Assert.Equal(WorkflowStatus.COMPLETED, workflow.Status);
        Assert.Equal($"task/output/{join.TaskId}.json", join.ExternalOutputPayloadStoragePath);
        var payload = await _engine.ReadPayloadAsync(join.ExternalOutputPayloadStoragePath!);
        Assert.Equal([600, 600], payload!.Select(branch => ((string)branch.Value!["result"]!).Length));
    }

    [Fact]
    public async Task Joins_that_wait_for_all_joins_before_them_are_put_together_once()
    {
        var joins = Enumerable.Range(0, 60).Select(n => Join($"j{n}", [.. Enumerable.Range(0, n).Select(m => $"j{m}")])).ToArray();

        Assert.Equal(WorkflowStatus.COMPLETED, (await RunAsync(joins)).Status);
        var failed = await RunAsync([Inline("a", 10), .. joins.Skip(1).Select(join => join with { JoinOn = [.. join.JoinOn.Select(name => name == "j0" ? "a" : name)] })]);
        Assert.Contains("is greater than the permissible limit: 3000 bytes", failed.ReasonForIncompletion, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_loop_whose_passes_give_too_much_fails_at_the_pass_that_does_and_again_when_it_is_retried()
    {
        var workflow = await RunAsync(Loop(500, "true"));

        var loop = Row(workflow, "loop");
        Assert.Equal((WorkflowStatus.FAILED, TaskExecutionStatus.FAILED_WITH_TERMINAL_ERROR), (workflow.Status, loop.Status));
        Assert.Equal("""{"iteration":6}""", loop.OutputData.ToJsonString());
        Assert.Contains("its passes; engine.limits.task_payload_kb", loop.ReasonForIncompletion, StringComparison.Ordinal);
        Assert.Equal(7, workflow.Tasks.Count);

        await _engine.RetryWorkflowAsync(workflow.WorkflowId!);
        var again = await EndedAsync(workflow.WorkflowId!);
        Assert.Equal((WorkflowStatus.FAILED, 7), (again.Status, again.Tasks.Count));
    }

    [Fact]
    public async Task A_loop_that_keeps_its_last_passes_only_goes_on()
    {
        var workflow = await RunAsync(Loop(500, "$.loop.iteration < 30", new JsonObject { ["keepLastN"] = 3, ["loop"] = "${loop.output}" }));

        Assert.Equal((WorkflowStatus.COMPLETED, ""), (workflow.Status, workflow.ReasonForIncompletion ?? ""));
        Assert.Equal(30, (int)Row(workflow, "loop").OutputData["iteration"]!);
    }

    [Fact]
    public async Task A_dynamic_fork_leaves_its_plan_out_of_an_input_that_would_be_too_large_with_it()
    {
        var fork = new WorkflowTask
        {
            Name = "fork",
            TaskReferenceName = "fork",
            Type = TaskTypes.ForkJoinDynamic,
            InputParameters = new JsonObject { ["forkTaskType"] = "NOOP", ["forkTaskInputs"] = new JsonArray([.. Enumerable.Range(0, 20).Select(n => new JsonObject { ["n"] = n })]) },
        };
        var workflow = await RunAsync(fork, Join("join"));
        Assert.Equal(WorkflowStatus.COMPLETED, workflow.Status);
        var input = Row(workflow, "fork").InputData;
        Assert.Equal((20, false), (((JsonArray)input["forkedTasks"]!).Count, input.ContainsKey("forkedTaskDefs")));

        var large = await RunAsync(new JsonObject { ["text"] = new string('x', 4000) }, fork with { InputParameters = new JsonObject { ["text"] = "${workflow.input.text}", ["forkTaskType"] = "NOOP", ["forkTaskInputs"] = new JsonArray(1) } }, Join("join"));
        Assert.Equal((WorkflowStatus.FAILED, 0), (large.Status, large.Tasks.Count));
        Assert.Contains("of task: fork in workflow", large.ReasonForIncompletion, StringComparison.Ordinal);
        Assert.Contains("(its input; engine.limits.task_payload_kb)", large.ReasonForIncompletion, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_is_told_even_of_a_run_that_is_too_large_to_be_told_of()
    {
        await _engine.UpdateWorkflowDefsAsync([new WorkflowDef { Name = "clean", Tasks = [new WorkflowTask { Name = "n", TaskReferenceName = "n", Type = TaskTypes.Noop }] }]);
        var failing = new WorkflowDef { Name = "wf", FailureWorkflow = "clean", Tasks = [Inline("a", 2500), Inline("b", 2500), Inline("c", 2500), Loop(2000, "true")] };
        var failed = await EndedAsync(await _engine.StartWorkflowAsync(new StartWorkflowRequest { Name = "wf", Input = new JsonObject { ["k"] = 1 }, WorkflowDef = failing }));

        var clean = await EndedAsync((string)failed.Output["conductor.failure_workflow"]!);
        Assert.Equal((failed.WorkflowId, 1), ((string)clean.Input["workflowId"]!, (int)clean.Input["k"]!));
        Assert.Equal(failed.ReasonForIncompletion, (string)clean.Input["reason"]!);
    }

    [Fact]
    public async Task An_input_template_counts_as_input()
    {
        var definition = new WorkflowDef { Name = "wf", InputTemplate = new JsonObject { ["more"] = new string('x', 4000) }, Tasks = [Inline("a", 1)] };
        var error = await Assert.ThrowsAsync<ConductorException>(() => _engine.StartWorkflowAsync(new StartWorkflowRequest { Name = "wf", WorkflowDef = definition, Input = new JsonObject { ["text"] = new string('x', 3000) } }));
        Assert.Equal((400, true), (error.Status, error.Message.Contains("engine.limits.workflow_payload_kb", StringComparison.Ordinal)));
    }
}
