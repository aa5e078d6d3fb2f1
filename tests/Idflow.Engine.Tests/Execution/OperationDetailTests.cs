using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Conductor.Json;
using Idflow.Conductor.Model;
using Idflow.Engine.Storage;
using Idflow.Engine.Storage.Memory;
using Idflow.Engine.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Idflow.Engine.Tests.Execution;

/// <summary>What operations refuse, keep and set back; starts with an idempotency key.</summary>
public sealed class OperationDetailTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000));

    private async Task<EmbeddedEngine> OpenAsync(string[] definitions, EngineLimits? limits = null, IEngineStore? store = null)
    {
        var engine = await EmbeddedEngine.OpenAsync(new EngineOptions { TimeProvider = _time, Limits = limits ?? new EngineLimits() }, store ?? new InMemoryStore());
        await engine.UpdateWorkflowDefsAsync([.. definitions.Select(Definition)]);
        return engine;
    }

    private static WorkflowDef Definition(string json) => ConductorJson.Deserialize<WorkflowDef>(json)! with { OwnerEmail = "a@example.com" };

    private const string One = """{"name":"wf","tasks":[{"name":"a","taskReferenceName":"a","retryCount":0}]}""";

    private static Task<string> StartAsync(EmbeddedEngine engine, string name = "wf") => engine.StartWorkflowAsync(new StartWorkflowRequest { Name = name });

    private static Task<string> KeyedAsync(EmbeddedEngine engine, IdempotencyStrategy? strategy) =>
        engine.StartWorkflowAsync(new StartWorkflowRequest { Name = "wf", IdempotencyKey = "key", IdempotencyStrategy = strategy });

    private static async Task EndAsync(EmbeddedEngine engine, string id, TaskResultStatus status = TaskResultStatus.COMPLETED, JsonObject? output = null)
    {
        var task = (await engine.GetWorkflowAsync(id)).Tasks.Last(task => !task.IsTerminal && task.TaskType is not (TaskTypes.DoWhile or TaskTypes.SubWorkflow));
        await engine.UpdateTaskAsync(new TaskResult { TaskId = task.TaskId, WorkflowInstanceId = id, Status = status, OutputData = output ?? [] });
    }

    private static async Task RefusedAsync(int status, Func<Task> call) => Assert.Equal(status, (await Assert.ThrowsAnyAsync<ConductorException>(call)).Status);

    [Fact]
    public async Task A_key_that_had_a_run_does_what_the_strategy_says()
    {
        await using var engine = await OpenAsync([One]);
        var id = await KeyedAsync(engine, IdempotencyStrategy.FAIL_ON_RUNNING);
        Assert.Equal(id, await KeyedAsync(engine, IdempotencyStrategy.RETURN_EXISTING));
        Assert.Equal(id, await KeyedAsync(engine, null));
        await RefusedAsync(409, () => KeyedAsync(engine, IdempotencyStrategy.FAIL));
        await RefusedAsync(409, () => KeyedAsync(engine, IdempotencyStrategy.FAIL_ON_RUNNING));

        await EndAsync(engine, id);
        await RefusedAsync(409, () => KeyedAsync(engine, IdempotencyStrategy.FAIL));
        Assert.Equal(id, await KeyedAsync(engine, IdempotencyStrategy.RETURN_EXISTING));
        var second = await KeyedAsync(engine, IdempotencyStrategy.FAIL_ON_RUNNING);
        Assert.NotEqual(id, second);
        await RefusedAsync(409, () => KeyedAsync(engine, IdempotencyStrategy.FAIL_ON_RUNNING));
    }

    [Fact]
    public async Task Two_starts_with_one_key_at_the_same_time_are_one()
    {
        using var isWriting = new ManualResetEventSlim();
        using var mayWrite = new ManualResetEventSlim();
        await using var engine = await OpenAsync([One], store: new FaultyStore(new InMemoryStore())
        {
            Refuses = commits =>
            {
                if (commits.Any(commit => commit.Workflows.Count > 0))
                {
                    isWriting.Set();
                    mayWrite.Wait(TimeSpan.FromSeconds(20));
                }
                return false;
            },
        });
        var first = KeyedAsync(engine, IdempotencyStrategy.RETURN_EXISTING);
        isWriting.Wait(TestContext.Current.CancellationToken);
        var second = KeyedAsync(engine, IdempotencyStrategy.RETURN_EXISTING);
        mayWrite.Set();
        Assert.Equal(await first, await second);
    }

    [Fact]
    public async Task A_restart_leaves_nothing_of_the_old_end()
    {
        await using var engine = await OpenAsync(["""{"name":"wf","timeoutSeconds":100,"timeoutPolicy":"TIME_OUT_WF","tasks":[{"name":"a","taskReferenceName":"a","retryCount":0}]}"""], new EngineLimits { WorkflowPayloadInlineBytes = 100 });
        var id = await StartAsync(engine);
        await EndAsync(engine, id, TaskResultStatus.FAILED, new JsonObject { ["text"] = new string('x', 500) });
        await engine.RetryWorkflowAsync(id);
        await EndAsync(engine, id, TaskResultStatus.FAILED, new JsonObject { ["text"] = new string('x', 500) });
        Assert.NotNull((await engine.GetWorkflowAsync(id)).ExternalOutputPayloadStoragePath);
        _time.Advance(TimeSpan.FromSeconds(90));

        await engine.RestartWorkflowAsync(id);

        var workflow = await engine.GetWorkflowAsync(id);
        Assert.Equal((WorkflowStatus.RUNNING, null, null, 0, 0), (workflow.Status, workflow.ExternalOutputPayloadStoragePath, workflow.ReasonForIncompletion, workflow.Output.Count, workflow.EndTime));
        Assert.Empty(workflow.FailedReferenceTaskNames);
        _time.Advance(TimeSpan.FromSeconds(90));
        await engine.DecideAsync(id);
        Assert.Equal(WorkflowStatus.RUNNING, (await engine.GetWorkflowAsync(id)).Status);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public async Task A_restart_takes_the_latest_definition_on_request(bool latest, int version)
    {
        await using var engine = await OpenAsync([One]);
        var id = await StartAsync(engine);
        await EndAsync(engine, id);
        await engine.UpdateWorkflowDefsAsync([Definition("""{"name":"wf","version":2,"tasks":[{"name":"b","taskReferenceName":"b"}]}""")]);
        await engine.RestartWorkflowAsync(id, latest);
        var workflow = await engine.GetWorkflowAsync(id);
        Assert.Equal((version, latest ? "b" : "a"), (workflow.WorkflowVersion, workflow.Tasks.Single().ReferenceTaskName));
    }

    [Fact]
    public async Task A_completed_workflow_that_is_not_restartable_is_not_restarted()
    {
        await using var engine = await OpenAsync(["""{"name":"wf","restartable":false,"tasks":[{"name":"a","taskReferenceName":"a"}]}"""]);
        var id = await StartAsync(engine);
        await EndAsync(engine, id);
        await RefusedAsync(404, () => engine.RestartWorkflowAsync(id));
        Assert.Equal(WorkflowStatus.COMPLETED, (await engine.GetWorkflowAsync(id)).Status);
    }

    [Fact]
    public async Task An_archived_workflow_is_read_and_not_operated()
    {
        await using var engine = await OpenAsync([One]);
        var id = await StartAsync(engine);
        await RefusedAsync(400, () => engine.RemoveWorkflowAsync(id));
        await EndAsync(engine, id, TaskResultStatus.FAILED);
        await engine.RemoveWorkflowAsync(id);

        await RefusedAsync(404, () => engine.RetryWorkflowAsync(id));
        await RefusedAsync(404, () => engine.RestartWorkflowAsync(id));
        await RefusedAsync(404, () => engine.RerunWorkflowAsync(id, new RerunWorkflowRequest()));
        Assert.Equal(WorkflowStatus.FAILED, (await engine.GetWorkflowAsync(id)).Status);
    }

    [Fact]
    public async Task A_task_that_has_been_scheduled_cannot_be_skipped()
    {
        await using var engine = await OpenAsync(["""{"name":"wf","tasks":[{"name":"a","taskReferenceName":"a"},{"name":"b","taskReferenceName":"b"}]}"""]);
        var id = await StartAsync(engine);
        await RefusedAsync(409, () => engine.SkipTaskAsync(id, "a", new SkipTaskRequest()));
        await RefusedAsync(400, () => engine.SkipTaskAsync(id, "none", new SkipTaskRequest()));
        await engine.SkipTaskAsync(id, "b", new SkipTaskRequest { TaskOutput = new JsonObject { ["o"] = 1 } });
        await EndAsync(engine, id);
        var workflow = await engine.GetWorkflowAsync(id);
        Assert.Equal(WorkflowStatus.COMPLETED, workflow.Status);
        Assert.Equal(1, (int?)workflow.Tasks.Single(task => task.ReferenceTaskName == "b").OutputData["o"]);
    }

    [Fact]
    public async Task A_rerun_refuses_an_input_over_the_limit()
    {
        await using var engine = await OpenAsync([One], new EngineLimits { WorkflowPayloadBytes = 1000 });
        var id = await StartAsync(engine);
        await EndAsync(engine, id);
        await RefusedAsync(400, () => engine.RerunWorkflowAsync(id, new RerunWorkflowRequest { WorkflowInput = new JsonObject { ["t"] = new string('x', 2000) } }));
        Assert.Equal(WorkflowStatus.COMPLETED, (await engine.GetWorkflowAsync(id)).Status);
    }

    [Theory]
    [InlineData("""{"name":"s","taskReferenceName":"s","type":"SUB_WORKFLOW","retryCount":0,"subWorkflowParam":{"name":"wf"}}""")]
    [InlineData("""{"name":"l","taskReferenceName":"l","type":"DO_WHILE","loopCondition":"false","loopOver":[{"name":"s","taskReferenceName":"s","type":"SUB_WORKFLOW","retryCount":0,"subWorkflowParam":{"name":"wf"}}]}""")]
    public async Task A_retry_goes_on_in_the_child_on_request(string task)
    {
        await using var engine = await OpenAsync([One, $$"""{"name":"parent","tasks":[{{task}}]}"""]);
        var id = await StartAsync(engine, "parent");
        var child = (await engine.GetWorkflowAsync(id)).Tasks[^1].SubWorkflowId!;
        await EndAsync(engine, child, TaskResultStatus.FAILED);
        await WaitAsync(engine, id, WorkflowStatus.FAILED);

        await engine.RetryWorkflowAsync(id, resumeSubworkflowTasks: true);

        Assert.Equal((WorkflowStatus.RUNNING, child), (await WaitAsync(engine, id, WorkflowStatus.RUNNING) is var parent ? (parent.Status, parent.Tasks[^1].SubWorkflowId) : default));
        Assert.Equal(["FAILED#0", "SCHEDULED#1"], (await engine.GetWorkflowAsync(child)).Tasks.Select(attempt => $"{attempt.Status}#{attempt.RetryCount}"));
        await EndAsync(engine, child);
        await WaitAsync(engine, id, WorkflowStatus.COMPLETED);
    }

    /// <summary>The parent went on without it, or has another child by now: what becomes of the old one is nothing to it.</summary>
    [Theory]
    [InlineData("\"optional\":true,\"retryCount\":0", 1)]
    [InlineData("\"retryCount\":1", 2)]
    public async Task A_child_that_its_parent_does_not_wait_for_any_more_does_not_open_it(string settings, int attempts)
    {
        await using var engine = await OpenAsync([One, $$"""{"name":"parent","tasks":[{"name":"s","taskReferenceName":"s","type":"SUB_WORKFLOW",{{settings}},"subWorkflowParam":{"name":"wf"} },{"name":"h","taskReferenceName":"h","type":"HUMAN"}] }"""]);
        var id = await StartAsync(engine, "parent");
        var child = (await engine.GetWorkflowAsync(id)).Tasks[0].SubWorkflowId!;
        await EndAsync(engine, child, TaskResultStatus.FAILED);
        await Until.HoldsAsync(async () => (await engine.GetWorkflowAsync(id)).Tasks[0].IsTerminal && !engine.HasOpenEffects);
        var before = (await engine.GetWorkflowAsync(id)).Tasks[0].Status;

        await engine.RetryWorkflowAsync(child);
        await Until.HoldsAsync(() => !engine.HasOpenEffects);

        var parent = await engine.GetWorkflowAsync(id);
        Assert.Equal((before, attempts), (parent.Tasks[0].Status, parent.Tasks.Count(task => task.ReferenceTaskName == "s")));
    }

    [Fact]
    public async Task A_task_put_back_by_hand_keeps_its_callback_time()
    {
        await using var engine = await OpenAsync([One]);
        await StartAsync(engine);
        var task = (await engine.PollTasksAsync("a", timeout: TimeSpan.Zero)).Single();
        await engine.UpdateTaskAsync(new TaskResult { TaskId = task.TaskId, WorkflowInstanceId = task.WorkflowInstanceId, Status = TaskResultStatus.IN_PROGRESS, CallbackAfterSeconds = 60 });
        Assert.Equal(1, await engine.RequeuePendingTasksAsync("a"));
        Assert.Empty(await engine.PollTasksAsync("a", timeout: TimeSpan.Zero));
        _time.Advance(TimeSpan.FromSeconds(60));
        await Until.HoldsAsync(async () => (await engine.PollTasksAsync("a", timeout: TimeSpan.Zero)).Count == 1);
    }

    [Fact]
    public async Task A_result_that_is_not_final_gets_no_next_task_and_a_final_one_that_of_its_domain()
    {
        await using var engine = await OpenAsync([One]);
        var domain = new JsonObject { ["a"] = "blue" };
        for (var i = 0; i < 3; i++)
        {
            await engine.StartWorkflowAsync(new StartWorkflowRequest { Name = "wf", TaskToDomain = (JsonObject)domain.DeepClone() });
        }
        await StartAsync(engine);
        var task = (await engine.PollTasksAsync("a", domain: "blue", timeout: TimeSpan.Zero)).Single();
        var result = new TaskResult { TaskId = task.TaskId, WorkflowInstanceId = task.WorkflowInstanceId, Status = TaskResultStatus.IN_PROGRESS, CallbackAfterSeconds = 60 };
        Assert.Null(await engine.UpdateTaskAndPollAsync(result));
        Assert.Equal("blue", (await engine.UpdateTaskAndPollAsync(result with { Status = TaskResultStatus.COMPLETED }))!.Domain);
    }

    [Fact]
    public async Task A_task_of_a_loop_is_updated_by_the_name_of_its_entry()
    {
        await using var engine = await OpenAsync(["""{"name":"wf","tasks":[{"name":"l","taskReferenceName":"l","type":"DO_WHILE","loopCondition":"false","loopOver":[{"name":"a","taskReferenceName":"a"}]}]}"""]);
        var id = await StartAsync(engine);
        Assert.NotNull(await engine.UpdateTaskByReferenceAsync(id, "a", TaskResultStatus.COMPLETED, []));
        Assert.Equal(WorkflowStatus.COMPLETED, (await engine.GetWorkflowAsync(id)).Status);
    }

    private static async Task<Workflow> WaitAsync(EmbeddedEngine engine, string id, WorkflowStatus status)
    {
        await Until.HoldsAsync(async () => (await engine.GetWorkflowAsync(id)).Status == status && !engine.HasOpenEffects);
        return await engine.GetWorkflowAsync(id);
    }
}
