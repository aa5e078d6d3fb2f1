using System.Text.Json.Nodes;
using Idflow.Conductor.Json;
using Idflow.Conductor.Model;
using Idflow.Engine.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Idflow.Engine.Tests.Execution;

/// <summary>What a workflow that another one starts has of it, and what the task that started it gets back.</summary>
public sealed class StartedWorkflowTests
{
    private static async Task<EmbeddedEngine> OpenAsync(string task, EngineOptions? options = null)
    {
        var engine = await EmbeddedEngine.OpenAsync(options ?? new EngineOptions());
        await engine.UpdateWorkflowDefsAsync([.. ((string[])
        [
            $$"""{"name":"starter","tasks":[{{task}}],"failureWorkflow":"cleanup","failureWorkflowVersion":1}""",
            """{"name":"child","version":1,"tasks":[{"name":"one","taskReferenceName":"w"}],"outputParameters":{"of":"${w.output.v}"}}""",
            """{"name":"child","version":2,"tasks":[{"name":"two","taskReferenceName":"w"}]}""",
            """{"name":"cleanup","version":1,"tasks":[{"name":"clean","taskReferenceName":"clean","type":"HUMAN"}]}""",
            """{"name":"cleanup","version":2,"tasks":[{"name":"clean","taskReferenceName":"clean","type":"HUMAN"}]}""",
        ]).Select(json => ConductorJson.Deserialize<WorkflowDef>(json)! with { OwnerEmail = "a@example.com" })]);
        return engine;
    }

    private static Task<string> StartAsync(EmbeddedEngine engine) => engine.StartWorkflowAsync(new StartWorkflowRequest
    {
        Name = "starter",
        CorrelationId = "corr",
        Priority = 7,
        TaskToDomain = new JsonObject { ["one"] = "blue", ["two"] = "blue" },
    });

    private static async Task<Workflow> WaitAsync(EmbeddedEngine engine, string id, Func<Workflow, bool> holds)
    {
        Workflow workflow = null!;
        await Until.HoldsAsync(async () => holds(workflow = await engine.GetWorkflowAsync(id)));
        return workflow;
    }

    private static async Task<Workflow> StartedAsync(EmbeddedEngine engine, string id)
    {
        var parent = await WaitAsync(engine, id, workflow => workflow.Tasks[0].Status == TaskExecutionStatus.COMPLETED);
        return await engine.GetWorkflowAsync((string)parent.Tasks[0].OutputData["workflowId"]!);
    }

    private static string Start(string request) => $$$"""{"name":"s","taskReferenceName":"s","type":"START_WORKFLOW","inputParameters":{"startWorkflow":{{{request}}}}}""";

    [Fact]
    public async Task START_WORKFLOW_hands_the_correlation_id_and_the_domains_on()
    {
        await using var engine = await OpenAsync(Start("""{"name":"child"}"""));
        var started = await StartedAsync(engine, await StartAsync(engine));
        Assert.Equal((2, "corr", 0, "blue", null), (started.WorkflowVersion, started.CorrelationId, started.Priority, started.Tasks.Single().Domain, started.ParentWorkflowId));
    }

    [Fact]
    public async Task START_WORKFLOW_says_itself_what_it_wants()
    {
        await using var engine = await OpenAsync(Start("""{"name":"child","version":1,"correlationId":"own","priority":3,"taskToDomain":{"one":"red"},"idempotencyKey":"key"}"""));
        var started = await StartedAsync(engine, await StartAsync(engine));
        Assert.Equal((1, "own", 3, "red", "key"), (started.WorkflowVersion, started.CorrelationId, started.Priority, started.Tasks.Single().Domain, started.IdempotencyKey));
    }

    private static string Sub(string parameters) => $$"""{"name":"s","taskReferenceName":"s","type":"SUB_WORKFLOW","retryCount":0,"subWorkflowParam":{{parameters}}}""";

    private static async Task<Workflow> ChildAsync(EmbeddedEngine engine, string id)
    {
        var parent = await WaitAsync(engine, id, workflow => workflow.Tasks[0].SubWorkflowId is not null);
        return await engine.GetWorkflowAsync(parent.Tasks[0].SubWorkflowId!);
    }

    [Fact]
    public async Task SUB_WORKFLOW_hands_the_correlation_id_and_the_domains_on_and_takes_the_output_over()
    {
        await using var engine = await OpenAsync(Sub("""{"name":"child","version":1}"""));
        var id = await StartAsync(engine);
        var child = await ChildAsync(engine, id);
        Assert.Equal((1, "corr", 0, "blue", id), (child.WorkflowVersion, child.CorrelationId, child.Priority, child.Tasks.Single().Domain, child.ParentWorkflowId));

        await engine.UpdateTaskAsync(new TaskResult { TaskId = child.Tasks.Single().TaskId, WorkflowInstanceId = child.WorkflowId, Status = TaskResultStatus.COMPLETED, OutputData = new JsonObject { ["v"] = 5 } });
        var parent = await WaitAsync(engine, id, workflow => workflow.IsTerminal);
        Assert.Equal((WorkflowStatus.COMPLETED, 5, child.WorkflowId), (parent.Status, (int?)parent.Tasks[0].OutputData["of"], (string?)parent.Tasks[0].OutputData["subWorkflowId"]));
    }

    [Fact]
    public async Task SUB_WORKFLOW_says_itself_what_it_wants()
    {
        await using var engine = await OpenAsync(Sub("""{"name":"child","version":1,"priority":4,"taskToDomain":{"one":"red"},"idempotencyKey":"key"}"""));
        var id = await StartAsync(engine);
        var child = await ChildAsync(engine, id);
        Assert.Equal((4, "red", "key"), (child.Priority, child.Tasks.Single().Domain, child.IdempotencyKey));
        Assert.Equal(4, (await engine.GetWorkflowAsync(id)).Tasks[0].WorkflowPriority);
    }

    /// <summary>As the child ends so does its task, and the parent with it; each with its own failure workflow, of the version that is named.</summary>
    [Theory]
    [InlineData(true, TaskExecutionStatus.CANCELED, WorkflowStatus.TERMINATED)]
    [InlineData(false, TaskExecutionStatus.FAILED, WorkflowStatus.FAILED)]
    public async Task A_child_that_ends_badly_ends_its_parent_likewise(bool terminate, TaskExecutionStatus task, WorkflowStatus status)
    {
        await using var engine = await OpenAsync(Sub("""{"name":"child","version":1}"""));
        var id = await StartAsync(engine);
        var child = await ChildAsync(engine, id);
        if (terminate)
        {
            await engine.TerminateWorkflowAsync(child.WorkflowId!, "enough");
        }
        else
        {
            await engine.UpdateTaskAsync(new TaskResult { TaskId = child.Tasks.Single().TaskId, WorkflowInstanceId = child.WorkflowId, Status = TaskResultStatus.FAILED_WITH_TERMINAL_ERROR });
        }

        var parent = await WaitAsync(engine, id, workflow => workflow.IsTerminal);
        Assert.Equal((task, status), (parent.Tasks[0].Status, parent.Status));
        var cleanup = await WaitAsync(engine, (string)parent.Output["conductor.failure_workflow"]!, _ => true);
        Assert.Equal((1, parent.Tasks[0].TaskId, parent.ReasonForIncompletion, status.ToString()), (cleanup.WorkflowVersion, (string?)cleanup.Input["failureTaskId"], (string?)cleanup.Input["reason"], (string?)cleanup.Input["failureStatus"]));
    }

    [Fact]
    public async Task The_children_of_a_terminated_parent_are_terminated()
    {
        await using var engine = await OpenAsync(Sub("""{"name":"child","version":1}"""));
        var id = await StartAsync(engine);
        var child = await ChildAsync(engine, id);

        await engine.TerminateWorkflowAsync(id, "enough");

        Assert.Equal(WorkflowStatus.TERMINATED, (await WaitAsync(engine, child.WorkflowId!, workflow => workflow.IsTerminal)).Status);
    }

    [Theory]
    [InlineData("SUB_WORKFLOW", "\"subWorkflowParam\":{\"name\":\"child\"}")]
    [InlineData("START_WORKFLOW", "\"inputParameters\":{\"startWorkflow\":{\"name\":\"child\"}}")]
    public async Task A_start_waits_for_its_delay(string type, string parameters)
    {
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000));
        await using var engine = await OpenAsync($$"""{"name":"s","taskReferenceName":"s","type":"{{type}}","startDelay":60,{{parameters}}}""", new EngineOptions { TimeProvider = time });
        var id = await StartAsync(engine);
        time.Advance(TimeSpan.FromSeconds(59));
        await engine.DecideAsync(id);
        Assert.Equal(TaskExecutionStatus.SCHEDULED, (await engine.GetWorkflowAsync(id)).Tasks[0].Status);
        Assert.Empty(await engine.GetRunningWorkflowIdsAsync("child"));

        time.Advance(TimeSpan.FromSeconds(1));
        await WaitAsync(engine, id, workflow => workflow.Tasks[0].Status != TaskExecutionStatus.SCHEDULED);
        Assert.Single(await engine.GetRunningWorkflowIdsAsync("child"));
    }

    /// <summary>The failed run is told as far as the input has room for it: without payloads, without tasks, not at all.</summary>
    [Theory]
    [InlineData(1_000_000, 1, 20_000)]
    [InlineData(8000, 1, null)]
    [InlineData(4000, 0, null)]
    [InlineData(500, null, null)]
    public async Task A_failure_workflow_is_started_however_large_the_failed_run_is(int limit, int? tasks, int? text)
    {
        await using var engine = await OpenAsync("""{"name":"one","taskReferenceName":"w","retryCount":0}""", new EngineOptions { Limits = new EngineLimits { WorkflowPayloadBytes = limit } });
        var id = await engine.StartWorkflowAsync(new StartWorkflowRequest { Name = "starter" });
        var task = (await engine.GetWorkflowAsync(id)).Tasks[0];
        await engine.UpdateTaskAsync(new TaskResult { TaskId = task.TaskId, WorkflowInstanceId = id, Status = TaskResultStatus.FAILED, OutputData = new JsonObject { ["text"] = new string('x', 20_000) } });

        var failed = await engine.GetWorkflowAsync(id);
        var told = (await engine.GetWorkflowAsync((string?)failed.Output["conductor.failure_workflow"] ?? (await engine.GetRunningWorkflowIdsAsync("cleanup")).Single())).Input;

        Assert.Equal((id, tasks, text), ((string?)told["workflowId"], told["failedWorkflow"]?["tasks"]?.AsArray().Count, ((string?)told["failedWorkflow"]?["tasks"]?.AsArray().FirstOrDefault()?["outputData"]?["text"])?.Length));
    }
}
