using System.Text.Json.Nodes;
using Idflow.Conductor.Model;

namespace Idflow.Engine.Tests.Execution;

/// <summary>A script that runs long holds its workflow; those who look at the workflow do not wait for it.</summary>
public sealed class ReadDuringDecisionTests
{
    private static readonly CancellationToken Limit = new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token;

    /// <summary>Stands still in the first script that asks for the time.</summary>
    private sealed class HeldTime : TimeProvider
    {
        private volatile bool _holds;

        public TaskCompletionSource Held { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ManualResetEventSlim Released { get; } = new();

        public void Hold() => _holds = true;

        public override long GetTimestamp()
        {
            if (_holds)
            {
                Held.TrySetResult();
                Released.Wait(Limit);
            }
            return base.GetTimestamp();
        }
    }

    [Fact]
    public async Task A_workflow_in_a_long_script_is_read_as_it_was_committed()
    {
        var time = new HeldTime();
        var directory = Directory.CreateTempSubdirectory("idflow-read-");
        await using (var engine = await EmbeddedEngine.OpenAsync(new EngineOptions { Directory = directory.FullName, TimeProvider = time }, Limit))
        {
            await engine.CreateWorkflowDefAsync(new WorkflowDef
            {
                Name = "slow",
                OwnerEmail = "ops@example.com",
                Tasks =
                [
                    new WorkflowTask { Name = "gate", TaskReferenceName = "gate", Type = TaskTypes.Human },
                    new WorkflowTask { Name = "script", TaskReferenceName = "script", Type = TaskTypes.Inline, InputParameters = new JsonObject { ["expression"] = "1 + 1" } },
                ],
            }, cancellationToken: Limit);
            var id = await engine.StartWorkflowAsync(new StartWorkflowRequest { Name = "slow" }, Limit);
            var gate = (await engine.GetWorkflowAsync(id, cancellationToken: Limit)).Tasks.Single();
            time.Hold();
            var update = Task.Run(() => engine.UpdateTaskByReferenceAsync(id, "gate", TaskResultStatus.COMPLETED, [], cancellationToken: Limit), Limit);
            await time.Held.Task.WaitAsync(Limit);

            var during = await engine.GetWorkflowAsync(id, cancellationToken: Limit);
            var task = await engine.GetTaskAsync(gate.TaskId!, Limit);

            Assert.False(update.IsCompleted);
            Assert.Equal(TaskExecutionStatus.IN_PROGRESS, during.Tasks.Single().Status);
            Assert.Equal(TaskExecutionStatus.IN_PROGRESS, task.Status);
            time.Released.Set();
            await update.WaitAsync(Limit);
            Assert.Equal(2, (int)(await engine.GetWorkflowAsync(id, cancellationToken: Limit)).Output["result"]!);
        }
        directory.Delete(recursive: true);
    }
}
