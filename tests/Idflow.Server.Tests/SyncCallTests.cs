using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine;
using Idflow.Server.Tests.Support;

namespace Idflow.Server.Tests;

/// <summary>Synchronous calls are woken by what they wait for. The server's clock stands still here: a look after a pause would never come.</summary>
public sealed class SyncCallTests
{
    private static readonly WorkflowTask Step = new() { Name = "step", TaskReferenceName = "step", Type = TaskTypes.Simple };
    private static readonly WorkflowTask Signal = new() { Name = "signal", TaskReferenceName = "signal", Type = TaskTypes.Wait };

    private static WorkflowDef Flow(string name, params WorkflowTask[] tasks) => new() { Name = name, OwnerEmail = "ops@example.com", Tasks = tasks };

    private static async Task WithServerAsync(WorkflowDef[] definitions, Func<EmbeddedEngine, ServerUnderTest, Task> test)
    {
        await using var engine = await EmbeddedEngine.OpenAsync(new EngineOptions());
        await engine.UpdateWorkflowDefsAsync(definitions);
        await using var server = await ServerUnderTest.StartAsync(engine, new ServerOptions { TimeProvider = new StandingClock() });
        await test(engine, server);
    }

    private static async Task CompleteStepAsync(EmbeddedEngine engine)
    {
        var task = Assert.Single(await engine.PollTasksAsync("step", timeout: TimeSpan.FromSeconds(5)));
        await engine.UpdateTaskAsync(new TaskResult { TaskId = task.TaskId, WorkflowInstanceId = task.WorkflowInstanceId, Status = TaskResultStatus.COMPLETED });
    }

    [Fact]
    public Task Execution_answers_when_the_workflow_has_ended() => WithServerAsync([Flow("one", Step)], async (engine, server) =>
    {
        var answer = server.PostAsync("api/workflow/execute/one/1?waitForSeconds=300", """{"input":{}}""");
        await CompleteStepAsync(engine);
        Assert.Equal("COMPLETED", (string?)(await answer.WaitAsync(TimeSpan.FromSeconds(20))).Json["status"]);
    });

    [Fact]
    public Task Execution_answers_when_a_sub_workflow_waits_for_a_signal() => WithServerAsync(
        [
            Flow("inner", Step, Signal),
            Flow("outer", new WorkflowTask { Name = "sub", TaskReferenceName = "sub", Type = TaskTypes.SubWorkflow, SubWorkflowParam = new SubWorkflowParams { Name = "inner", Version = 1 } }),
        ],
        async (engine, server) =>
        {
            var answer = server.PostAsync("api/workflow/execute/outer/1?waitForSeconds=300&returnStrategy=BLOCKING_TASK", """{"input":{}}""");
            await CompleteStepAsync(engine);
            var blocking = (await answer.WaitAsync(TimeSpan.FromSeconds(20))).Json;
            Assert.Equal("signal", (string?)blocking["referenceTaskName"]);

            var end = server.PostAsync($"api/tasks/{blocking["targetWorkflowId"]}/COMPLETED/signal/sync?timeoutMillis=300000", new JsonObject().ToJsonString());
            Assert.Equal("COMPLETED", (string?)(await end.WaitAsync(TimeSpan.FromSeconds(20))).Json["status"]);
        });

    private sealed class StandingClock : TimeProvider
    {
        public override long GetTimestamp() => 0;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new NeverDue();
    }

    private sealed class NeverDue : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
