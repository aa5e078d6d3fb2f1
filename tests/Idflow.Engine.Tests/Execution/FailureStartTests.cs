using Idflow.Conductor.Json;
using Idflow.Conductor.Model;

namespace Idflow.Engine.Tests.Execution;

/// <summary>A failure workflow is there as soon as its id can be read in the failed run's output.</summary>
public sealed class FailureStartTests : IAsyncLifetime
{
    private EmbeddedEngine _engine = null!;

    public async ValueTask InitializeAsync()
    {
        _engine = await EmbeddedEngine.OpenAsync(new EngineOptions());
        await _engine.UpdateWorkflowDefsAsync([.. ((string[])
        [
            """{"name":"work","failureWorkflow":"cleanup","tasks":[{"name":"work","taskReferenceName":"work","retryCount":0}]}""",
            """{"name":"broken","failureWorkflow":"cleanup","tasks":[{"name":"end","taskReferenceName":"end","type":"TERMINATE","inputParameters":{"terminationStatus":"FAILED"}}]}""",
            """{"name":"cleanup","tasks":[{"name":"clean","taskReferenceName":"clean","inputParameters":{"of":"${workflow.input.workflowId}"}}]}""",
        ]).Select(json => ConductorJson.Deserialize<WorkflowDef>(json)! with { OwnerEmail = "ops@example.com" })]);
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task After_a_task_that_failed()
    {
        for (var round = 0; round < 30; round++)
        {
            var id = await _engine.StartWorkflowAsync(new StartWorkflowRequest { Name = "work" });
            var task = (await _engine.GetWorkflowAsync(id)).Tasks.Single();
            await _engine.UpdateTaskAsync(new TaskResult { WorkflowInstanceId = id, TaskId = task.TaskId, Status = TaskResultStatus.FAILED });
            await CheckAsync(id);
        }
    }

    [Fact]
    public async Task After_a_start_that_ended_at_once()
    {
        for (var round = 0; round < 30; round++)
        {
            await CheckAsync(await _engine.StartWorkflowAsync(new StartWorkflowRequest { Name = "broken" }));
        }
    }

    private async Task CheckAsync(string id)
    {
        var failed = await _engine.GetWorkflowAsync(id);
        Assert.Equal(WorkflowStatus.FAILED, failed.Status);
        var cleanup = await _engine.GetWorkflowAsync((string)failed.Output["conductor.failure_workflow"]!);
        Assert.Equal(id, (string)cleanup.Tasks.Single().InputData["of"]!);
    }
}
