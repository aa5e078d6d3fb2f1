using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine;
using Idflow.Engine.Storage;
using Idflow.Engine.Storage.Sqlite;
using Idflow.Engine.Tests.Support;

namespace Idflow.Durability.Tests.Backup;

/// <summary>Copies of a database while an engine works on it.</summary>
public sealed class BackupTests
{
    private const int Copies = 3;
    private const int Clients = 4;

    [Fact]
    public async Task A_copy_under_load_holds_everything_that_was_acknowledged_before_it_began_and_goes_on_from_there()
    {
        var folder = Directory.CreateTempSubdirectory("idflow-backup-");
        var acknowledged = new ConcurrentQueue<string>();
        var results = new ConcurrentQueue<(string TaskId, string Output)>();
        var copies = new List<(string Folder, List<string> Starts, List<(string TaskId, string Output)> Results)>();
        await using (var engine = await EmbeddedEngine.OpenAsync(new EngineOptions { Directory = folder.CreateSubdirectory("live").FullName, CheckpointPages = 20 }))
        {
            await SampleWorkflows.RegisterAsync(engine);
            using var stop = new CancellationTokenSource();
            var load = Enumerable.Range(0, Clients).Select(number => Task.Run(() => WorkAsync(engine, number, acknowledged, results, stop.Token))).ToList();
            for (var copy = 0; copy < Copies; copy++)
            {
                var enough = acknowledged.Count + 20;
                while (acknowledged.Count < enough)
                {
                    await Task.Delay(1);
                }
                var target = Path.Combine(folder.FullName, $"copy{copy}");
                copies.Add((target, [.. acknowledged], [.. results]));
                EngineBackup.Copy(Path.Combine(folder.FullName, "live"), Path.Combine(target, SqliteEngineStore.FileName));
            }
            await stop.CancelAsync();
            await Task.WhenAll(load);
        }

        foreach (var copy in copies)
        {
            await CheckAsync(copy.Folder, copy.Starts, copy.Results);
        }
        folder.Delete(recursive: true);
    }

    private static async Task WorkAsync(EmbeddedEngine engine, int number, ConcurrentQueue<string> acknowledged, ConcurrentQueue<(string, string)> results, CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            acknowledged.Enqueue(await engine.StartWorkflowAsync(new StartWorkflowRequest { Name = "main", Input = new JsonObject { ["v"] = i } }, CancellationToken.None));
            foreach (var task in await engine.PollTasksAsync("work", $"elsewhere-{number}", count: 3, timeout: TimeSpan.FromMilliseconds(20), cancellationToken: CancellationToken.None))
            {
                var output = new JsonObject { ["v"] = task.InputData["v"]?.DeepClone(), ["n"] = $"{number}-{i}" };
                await engine.UpdateTaskAsync(new TaskResult { TaskId = task.TaskId, WorkflowInstanceId = task.WorkflowInstanceId, Status = TaskResultStatus.COMPLETED, OutputData = output }, CancellationToken.None);
                results.Enqueue((task.TaskId!, output.ToJsonString()));
            }
        }
    }

    private static async Task CheckAsync(string folder, List<string> starts, List<(string TaskId, string Output)> results)
    {
        await using (var store = SqliteEngineStore.Open(folder))
        {
            Assert.Empty(store.CheckIntegrity());
            Assert.All(starts, id => Assert.NotNull(store.ReadWorkflow(id)));
            Assert.All(results, result => Assert.Equal((TaskExecutionStatus.COMPLETED, result.Output), (store.ReadTask(result.TaskId)!.Status, store.ReadTask(result.TaskId)!.Output.ToJsonString())));
        }
        await using var engine = await EmbeddedEngine.OpenAsync(new EngineOptions { Directory = folder, OwnWorkerIdPrefix = "elsewhere" });
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (engine.HasOpenEffects || (await engine.SearchWorkflowsAsync(new SearchRequest { Query = "status=RUNNING", Size = 1 })).TotalHits > 0)
        {
            foreach (var task in await engine.PollTasksAsync("work", "after", count: 100, timeout: TimeSpan.FromMilliseconds(10), cancellationToken: patience.Token))
            {
                await engine.UpdateTaskAsync(new TaskResult { TaskId = task.TaskId, WorkflowInstanceId = task.WorkflowInstanceId, Status = TaskResultStatus.COMPLETED, OutputData = new JsonObject { ["v"] = task.InputData["v"]?.DeepClone() } });
            }
        }
        foreach (var id in starts)
        {
            Assert.Equal(WorkflowStatus.COMPLETED, (await engine.GetWorkflowAsync(id)).Status);
        }
    }
}
