using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine;
using Idflow.Engine.Storage;

namespace Idflow.Durability.Tests.Fixtures;

/// <summary>Starts the fixture's runs and leaves each of them in the middle; the correlation id says where.</summary>
internal static class FixtureRuns
{
    /// <summary>Correlation ids of the runs that are still to end.</summary>
    public static readonly string[] Open = ["in-fork", "in-loop", "waiting", "dynamic", "paused", "held-by-another", "held-by-us", "told"];

    public static async Task BringToMiddleAsync(EmbeddedEngine engine, IEngineStore store)
    {
        await StartAsync(engine, "fx_short", "done", 1);
        await CompleteAsync(engine, "fx_work");
        await StartAsync(engine, "fx_failing", "failed", 2);
        var broken = await TakeAsync(engine, "fx_breaks");
        await engine.UpdateTaskAsync(Result(broken, TaskResultStatus.FAILED) with { ReasonForIncompletion = "broke", Logs = [new TaskExecLog { Log = "it broke" }] });
        await UntilAsync(() => store.ReadOutbox().Count == 0);

        await StartAsync(engine, "fx_main", "in-loop", 3);
        await CompleteAsync(engine, "fx_work");
        await CompleteAsync(engine, "fx_work");
        await CompleteAsync(engine, "fx_work");
        await StartAsync(engine, "fx_waiting", "waiting", 4);
        await engine.UpdateTaskAsync(Result(await TakeAsync(engine, "fx_retried"), TaskResultStatus.FAILED) with { ReasonForIncompletion = "again, please" });
        var paused = await StartAsync(engine, "fx_short", "paused", 5);
        await engine.PauseWorkflowAsync(paused);
        await engine.StartWorkflowAsync(new StartWorkflowRequest
        {
            Name = "fx_dynamic",
            CorrelationId = "dynamic",
            IdempotencyKey = "fx-key",
            Input = (JsonObject)JsonNode.Parse("""
                {"tasks":[{"name":"fx_short_task","taskReferenceName":"x"},{"name":"fx_short_task","taskReferenceName":"y"}],"inputs":{"x":{"v":1},"y":{"v":2}}}
                """)!,
        });
        await CompleteAsync(engine, "fx_short_task");
        await StartAsync(engine, "fx_main", "in-fork", 6);
        await HoldAsync(engine, "held-by-another", "another-host");
        await HoldAsync(engine, "held-by-us", "idflow:4711-abcdef");
    }

    /// <summary>A run that has ended, with an event that nobody has handled yet. The store keeps effects from being done.</summary>
    public static async Task LeaveEffectAsync(EmbeddedEngine engine, IEngineStore store)
    {
        await engine.StartWorkflowAsync(new StartWorkflowRequest
        {
            Name = "fx_telling",
            CorrelationId = "told",
            WorkflowDef = new WorkflowDef
            {
                Name = "fx_main",
                OwnerEmail = "ops@example.com",
                Tasks = [new WorkflowTask { Name = "tell", TaskReferenceName = "tell", Type = "EVENT", Sink = "conductor:fx_told", InputParameters = new JsonObject { ["id"] = "left" } }],
            },
        });
        await UntilAsync(() => store.ReadOutbox().Count == 1);
    }

    public static TaskResult Result(TaskExecution task, TaskResultStatus status) => new()
    {
        TaskId = task.TaskId,
        WorkflowInstanceId = task.WorkflowInstanceId,
        Status = status,
        OutputData = new JsonObject { ["v"] = task.InputData["v"]?.DeepClone() },
    };

    private static Task<string> StartAsync(EmbeddedEngine engine, string name, string correlationId, int v) =>
        engine.StartWorkflowAsync(new StartWorkflowRequest { Name = name, CorrelationId = correlationId, Input = new JsonObject { ["v"] = v } });

    private static async Task HoldAsync(EmbeddedEngine engine, string correlationId, string workerId)
    {
        var id = await StartAsync(engine, "fx_short", correlationId, 7);
        TaskExecution held;
        do
        {
            held = await TakeAsync(engine, "fx_work", workerId);
            if (held.WorkflowInstanceId != id)
            {
                await engine.UpdateTaskAsync(Result(held, TaskResultStatus.IN_PROGRESS) with { CallbackAfterSeconds = 1 });
            }
        }
        while (held.WorkflowInstanceId != id);
        await engine.GetWorkflowAsync(id);
    }

    private static async Task CompleteAsync(EmbeddedEngine engine, string type) =>
        await engine.UpdateTaskAsync(Result(await TakeAsync(engine, type), TaskResultStatus.COMPLETED));

    private static async Task<TaskExecution> TakeAsync(EmbeddedEngine engine, string type, string workerId = "fixture")
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            if (await engine.PollTasksAsync(type, workerId, timeout: TimeSpan.Zero, cancellationToken: patience.Token) is [var task])
            {
                return task;
            }
            await Task.Delay(1, patience.Token);
        }
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!holds())
        {
            await Task.Delay(1, patience.Token);
        }
    }
}
