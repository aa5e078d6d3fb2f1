using Idflow.Conductor.Model;
using Idflow.Engine.Execution;
using Idflow.Engine.Storage.Memory;
using Idflow.Engine.Tests.Support;

namespace Idflow.Engine.Tests.Execution;

/// <summary>A store that refuses a write now and then (a full disk): the caller is told, and the engine stays as the disk has it.</summary>
public sealed class StoreFailureTests
{
    [Fact]
    public async Task A_start_that_is_not_on_disk_is_not_acknowledged()
    {
        var failing = false;
        await using var engine = await EmbeddedEngine.OpenAsync(new EngineOptions(), new FaultyStore(new InMemoryStore()) { FailsAt = _ => failing });
        await SampleWorkflows.RegisterAsync(engine);
        failing = true;
        var error = await Assert.ThrowsAsync<StoreUnavailableException>(() => engine.StartWorkflowAsync(new StartWorkflowRequest { Name = "child" }));
        Assert.True(error.Retryable);
        failing = false;

        Assert.Empty(await engine.GetRunningWorkflowIdsAsync("child"));
        Assert.NotNull(await engine.StartWorkflowAsync(new StartWorkflowRequest { Name = "child" }));
    }

    [Fact]
    public async Task A_result_that_is_not_on_disk_can_be_sent_again()
    {
        var failing = false;
        await using var engine = await EmbeddedEngine.OpenAsync(new EngineOptions(), new FaultyStore(new InMemoryStore()) { FailsAt = _ => failing });
        await SampleWorkflows.RegisterAsync(engine);
        var id = await engine.StartWorkflowAsync(new StartWorkflowRequest { Name = "child" });
        var task = (await engine.PollTasksAsync("work", "w", timeout: TimeSpan.FromSeconds(5))).Single();
        await engine.GetWorkflowAsync(id);
        var result = new TaskResult { TaskId = task.TaskId, WorkflowInstanceId = id, Status = TaskResultStatus.COMPLETED };

        failing = true;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => engine.UpdateTaskAsync(result));
        failing = false;
        Assert.Equal(TaskExecutionStatus.IN_PROGRESS, (await engine.GetTaskAsync(task.TaskId!)).Status);

        await engine.UpdateTaskAsync(result);
        Assert.Equal(WorkflowStatus.COMPLETED, (await engine.GetWorkflowAsync(id)).Status);
    }
}
