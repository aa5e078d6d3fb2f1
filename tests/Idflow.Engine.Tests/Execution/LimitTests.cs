using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Conductor.Model;

namespace Idflow.Engine.Tests.Execution;

/// <summary>What is too much is refused, or fails, with a reason that names the limit.</summary>
public sealed class LimitTests
{
    private static WorkflowTask Simple(string name) => new() { Name = name, TaskReferenceName = name };

    private static WorkflowDef Definition(string name, params WorkflowTask[] tasks) => new() { Name = name, OwnerEmail = "a@example.com", Tasks = tasks };

    private static WorkflowTask Nested(int depth) => depth == 0 ? Simple("inner") : new WorkflowTask
    {
        Name = $"s{depth}",
        TaskReferenceName = $"s{depth}",
        Type = TaskTypes.Switch,
        EvaluatorType = "value-param",
        Expression = "x",
        InputParameters = new JsonObject { ["x"] = "a" },
        DecisionCases = new Dictionary<string, IReadOnlyList<WorkflowTask>> { ["a"] = [Nested(depth - 1)] },
    };

    private static async Task<ConductorException> RefusedAsync(int status, Func<Task> call)
    {
        var error = await Assert.ThrowsAnyAsync<ConductorException>(call);
        Assert.Equal(status, error.Status);
        return error;
    }

    [Fact]
    public async Task A_definition_that_is_too_deep_or_too_long_is_refused()
    {
        await using var engine = await EmbeddedEngine.OpenAsync(new EngineOptions { Limits = new EngineLimits { DefinitionDepth = 10, DefinitionTasks = 20 } });

        await engine.CreateWorkflowDefAsync(Definition("fits", Nested(9)));
        var deep = await RefusedAsync(400, () => engine.CreateWorkflowDefAsync(Definition("deep", Nested(10))));
        var bottomless = await RefusedAsync(400, () => engine.CreateWorkflowDefAsync(Definition("deep", Nested(20_000))));
        var wide = await RefusedAsync(400, () => engine.StartWorkflowAsync(new StartWorkflowRequest { Name = "wide", WorkflowDef = Definition("wide", [.. Enumerable.Range(0, 21).Select(n => Simple($"t{n}"))]) }));

        Assert.Contains("nested 10 deep", deep.ValidationErrors.Single().Message, StringComparison.Ordinal);
        Assert.Contains("10 deep", bottomless.ValidationErrors.Single().Message, StringComparison.Ordinal);
        Assert.Contains("20 tasks", wide.ValidationErrors.Single().Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Starts_are_refused_while_too_many_tasks_wait_and_accepted_again_afterwards()
    {
        await using var engine = await EmbeddedEngine.OpenAsync(new EngineOptions { Limits = new EngineLimits { QueuedTasks = 2 } });
        await engine.CreateWorkflowDefAsync(Definition("wf", Simple("a")));
        var start = new StartWorkflowRequest { Name = "wf" };
        await engine.StartWorkflowAsync(start);
        await engine.StartWorkflowAsync(start);

        Assert.True((await RefusedAsync(429, () => engine.StartWorkflowAsync(start))).Retryable);
        Assert.Single(await engine.PollTasksAsync("a", "w"));

        await engine.StartWorkflowAsync(start);
        Assert.Equal(2, await engine.GetQueueSizeAsync("a"));
    }

    [Fact]
    public async Task A_poll_may_wait_as_long_as_the_limit_says_and_does_not_if_it_says_nothing()
    {
        await using var engine = await EmbeddedEngine.OpenAsync(new EngineOptions { Limits = new EngineLimits { LongPoll = TimeSpan.FromMilliseconds(20) } });
        Assert.Empty(await engine.PollTasksAsync("a", "w"));
        Assert.Empty(await engine.PollTasksAsync("a", "w", timeout: TimeSpan.FromMilliseconds(20)));
        Assert.Contains("0.02 seconds", (await RefusedAsync(400, () => engine.PollTasksAsync("a", "w", timeout: TimeSpan.FromMilliseconds(21)))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_workflow_with_too_many_tasks_fails()
    {
        await using var engine = await EmbeddedEngine.OpenAsync(new EngineOptions { Limits = new EngineLimits { TasksPerWorkflow = 50 } });
        var loop = new WorkflowTask
        {
            Name = "loop",
            TaskReferenceName = "loop",
            Type = TaskTypes.DoWhile,
            LoopCondition = "true",
            LoopOver = [new WorkflowTask { Name = "n", TaskReferenceName = "n", Type = TaskTypes.Noop }],
        };
        await engine.CreateWorkflowDefAsync(Definition("endless", loop));
        var id = await engine.StartWorkflowAsync(new StartWorkflowRequest { Name = "endless" });

        var workflow = await engine.GetWorkflowAsync(id);
        Assert.Equal(WorkflowStatus.FAILED, workflow.Status);
        Assert.Contains("50 tasks", workflow.ReasonForIncompletion, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_workflow_that_starts_itself_ends_at_the_depth_of_sub_workflows()
    {
        await using var engine = await EmbeddedEngine.OpenAsync(new EngineOptions { Limits = new EngineLimits { SubWorkflowDepth = 5 } });
        await engine.UpdateWorkflowDefsAsync([Definition("self", Simple("a"))]);
        await engine.UpdateWorkflowDefsAsync([Definition("self", new WorkflowTask { Name = "again", TaskReferenceName = "again", Type = TaskTypes.SubWorkflow, SubWorkflowParam = new SubWorkflowParams { Name = "self", Version = JsonValue.Create(1) } })]);
        var id = await engine.StartWorkflowAsync(new StartWorkflowRequest { Name = "self" });

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        Workflow workflow;
        while ((workflow = await engine.GetWorkflowAsync(id)).Status == WorkflowStatus.RUNNING)
        {
            await Task.Delay(10, limit.Token);
        }
        Assert.Contains("nested 5 deep; the limit is 5", workflow.ReasonForIncompletion, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_workflow_that_names_itself_ends_at_the_limit()
    {
        await using var engine = await EmbeddedEngine.OpenAsync(new EngineOptions { Limits = new EngineLimits { FailureWorkflowDepth = 3 } });
        var fails = new WorkflowTask { Name = "end", TaskReferenceName = "end", Type = TaskTypes.Terminate, InputParameters = new JsonObject { ["terminationStatus"] = "FAILED" } };
        await engine.UpdateWorkflowDefsAsync([Definition("self", fails) with { FailureWorkflow = "self" }]);
        var first = await engine.StartWorkflowAsync(new StartWorkflowRequest { Name = "self" });

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var (id, started) = (first, 1);
        while (await NextAsync(engine, id, limit.Token) is { } next)
        {
            (id, started) = (next, started + 1);
        }
        Assert.Equal(4, started);
        Assert.Equal(4, (await engine.SearchWorkflowsAsync(new SearchRequest { Query = "workflowType = self" })).TotalHits);
        Assert.Equal(
            "Error workflow self failed to start.  reason: this workflow is number 3 of failure workflows in a row, each started for the failure of the one before; the limit is 3 (engine.limits.failure_workflow_depth)",
            (await engine.GetWorkflowAsync(id)).Output["conductor.failure_workflow"]!.ToString());

        // One that a user starts with the same input as a failure workflow is none.
        var other = await engine.StartWorkflowAsync(new StartWorkflowRequest { Name = "self", Input = new JsonObject { ["workflowId"] = id } });
        Assert.NotNull(await NextAsync(engine, other, limit.Token));
    }

    /// <summary>The workflow that was started for the failure of one; null when none was.</summary>
    private static async Task<string?> NextAsync(EmbeddedEngine engine, string id, CancellationToken stop)
    {
        var told = (await engine.GetWorkflowAsync(id, cancellationToken: stop)).Output["conductor.failure_workflow"]!.ToString();
        if (told.Contains(' ', StringComparison.Ordinal))
        {
            return null;
        }
        while ((await engine.SearchWorkflowsAsync(new SearchRequest { Query = $"workflowId = {told} AND status = FAILED" }, stop)).TotalHits == 0)
        {
            await Task.Delay(1, stop);
        }
        return told;
    }
}
