using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.Storage;

namespace Idflow.Engine.Tests.Support;

/// <summary>Works off what is queued until nothing comes any more.</summary>
internal static class Worker
{
    /// <param name="isDone">Asked whenever there is nothing to do.</param>
    /// <param name="failing">Tasks of the type <c>breaks</c> fail.</param>
    public static async Task RunUntilAsync(EmbeddedEngine engine, Func<bool> isDone, string workerId = "worker", bool failing = true)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            var idle = true;
            foreach (var type in (string[])["work", "breaks"])
            {
                foreach (var task in await engine.PollTasksAsync(type, workerId, count: 10, timeout: TimeSpan.Zero, cancellationToken: patience.Token))
                {
                    idle = false;
                    await engine.UpdateTaskAsync(new TaskResult
                    {
                        TaskId = task.TaskId,
                        WorkflowInstanceId = task.WorkflowInstanceId,
                        WorkerId = workerId,
                        Status = failing && type == "breaks" ? TaskResultStatus.FAILED : TaskResultStatus.COMPLETED,
                        OutputData = new JsonObject { ["v"] = task.InputData["v"]?.DeepClone() },
                    });
                }
            }
            if (idle && isDone())
            {
                return;
            }
            if (idle)
            {
                // Nothing to poll yet: let the engine's own threads run.
                await Task.Delay(1, patience.Token);
            }
        }
    }

    /// <summary>True when nothing is running and nothing is on its way.</summary>
    public static bool IsQuiet(IEngineStore store) => store.OpenWorkflowIds().Count == 0 && store.ReadOutbox().Count == 0;
}
