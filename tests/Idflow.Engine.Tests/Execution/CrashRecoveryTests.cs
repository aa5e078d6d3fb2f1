using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Engine.Storage.Memory;
using Idflow.Engine.Tests.Support;

namespace Idflow.Engine.Tests.Execution;

/// <summary>The process dies before each write in turn; what was acknowledged is there afterwards, everything ends, and nothing happened twice.</summary>
public sealed class CrashRecoveryTests
{
    [Fact]
    public async Task A_crash_before_any_write_loses_nothing_and_doubles_nothing()
    {
        var (crashes, survived) = (0, 0);
        while (true)
        {
            var disk = new InMemoryStore();
            var store = new FaultyStore(disk) { DiesAt = crashes + 1 };
            var acknowledged = await RunUntilCrashAsync(store);
            await FinishAsync(disk, acknowledged);
            if (!store.IsDead)
            {
                break;
            }
            crashes++;
            survived += acknowledged.Count;
        }
        Assert.True(crashes > 15, $"only {crashes} writes");
        Assert.NotEqual(0, survived);
    }

    [Fact]
    public async Task A_task_of_a_dead_worker_has_its_place_until_it_is_back_in_its_queue()
    {
        await using var disk = new InMemoryStore();
        await using (var first = await EmbeddedEngine.OpenAsync(new EngineOptions(), new FaultyStore(disk)))
        {
            await first.CreateTaskDefsAsync([new TaskDef { Name = "scarce", OwnerEmail = "ops@example.com", ConcurrentExecLimit = 1 }]);
            await first.UpdateWorkflowDefsAsync([new WorkflowDef { Name = "one", OwnerEmail = "ops@example.com", Tasks = [new() { Name = "scarce", TaskReferenceName = "s" }] }]);
            await first.StartWorkflowAsync(new StartWorkflowRequest { Name = "one" });
            await first.StartWorkflowAsync(new StartWorkflowRequest { Name = "one" });
            Assert.Single(await first.PollTasksAsync("scarce", "worker-1"));
        }

        await using var engine = await EmbeddedEngine.OpenAsync(new EngineOptions { OwnWorkerIdPrefix = "worker" }, new FaultyStore(disk) { Refuses = commits => commits.Any(commit => commit.Tasks.Count > 0) });
        Assert.Empty(await engine.PollTasksAsync("scarce", "other", count: 2, timeout: TimeSpan.Zero));
    }

    /// <returns>Ids of the workflows whose start was acknowledged.</returns>
    private static async Task<IReadOnlyList<(string Name, string Id)>> RunUntilCrashAsync(FaultyStore store)
    {
        var acknowledged = new List<(string, string)>();
        await using var engine = await EmbeddedEngine.OpenAsync(new EngineOptions { Limits = new EngineLimits { CommitsPerTransaction = 1 } }, store);
        try
        {
            await SampleWorkflows.RegisterAsync(engine);
            acknowledged.Add(("main", await engine.StartWorkflowAsync(new StartWorkflowRequest { Name = "main", Input = new JsonObject { ["v"] = 42 } })));
            acknowledged.Add(("failing", await engine.StartWorkflowAsync(new StartWorkflowRequest { Name = "failing" })));
            await Worker.RunUntilAsync(engine, () => Worker.IsQuiet(store) || store.IsDead);
        }
        catch (ConductorException error) when (error.Retryable)
        {
            // The process is dead from here on.
        }
        return acknowledged;
    }

    private static async Task FinishAsync(InMemoryStore disk, IReadOnlyList<(string Name, string Id)> acknowledged)
    {
        await using var engine = await EmbeddedEngine.OpenAsync(new EngineOptions { OwnWorkerIdPrefix = "worker" }, disk);
        await Worker.RunUntilAsync(engine, () => Worker.IsQuiet(disk));
        foreach (var (name, id) in acknowledged)
        {
            var workflow = await engine.GetWorkflowAsync(id);
            Assert.Equal(name == "main" ? WorkflowStatus.COMPLETED : WorkflowStatus.FAILED, workflow.Status);
            Assert.Equal(workflow.Tasks.Count, workflow.Tasks.Select(task => task.ReferenceTaskName).Distinct().Count());
            if (name == "main")
            {
                Assert.Equal(42, (int)workflow.Output["v"]!);
                Assert.Single(disk.FindByCorrelationId("child", $"{id}-started", openOnly: false));
                Assert.Single(disk.FindByCorrelationId("cleanup", $"{id}-told", openOnly: false));
                Assert.Equal(2, disk.FindByName("child", null, 0, long.MaxValue).Count);
            }
            else
            {
                Assert.Equal(WorkflowStatus.COMPLETED, (await engine.GetWorkflowAsync((string)workflow.Output["conductor.failure_workflow"]!)).Status);
            }
        }
    }
}
