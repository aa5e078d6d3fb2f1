using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine;

namespace Idflow.Benchmarks.Load;

/// <summary>The embedded engine in this process, on a database in a temporary folder (or in memory).</summary>
internal sealed class EngineTarget : ILoadTarget
{
    private static readonly JsonObject Output = Flows.Payload();

    private readonly EmbeddedEngine _engine;
    private readonly string? _folder;

    private EngineTarget(EmbeddedEngine engine, string? folder) => (_engine, _folder) = (engine, folder);

    public string Title => _folder is null ? "embedded engine, in memory" : "embedded engine, SQLite, synchronous=FULL";

    public static async Task<EngineTarget> OpenAsync(bool inMemory)
    {
        var folder = inMemory ? null : Directory.CreateTempSubdirectory("idflow-bench-").FullName;
        return new EngineTarget(await EmbeddedEngine.OpenAsync(new EngineOptions { Directory = folder }), folder);
    }

    public async Task DefineAsync(IReadOnlyList<TaskDef> tasks, IReadOnlyList<WorkflowDef> workflows)
    {
        await _engine.CreateTaskDefsAsync(tasks);
        await _engine.UpdateWorkflowDefsAsync(workflows);
    }

    public Task<string> StartAsync(string workflow, JsonObject input) => _engine.StartWorkflowAsync(new StartWorkflowRequest { Name = workflow, Input = input });

    public async Task<IReadOnlyList<HandedOut>> PollAsync(string taskType, int count, TimeSpan timeout)
    {
        var tasks = await _engine.PollTasksAsync(taskType, "load", null, count, timeout);
        return [.. tasks.Select(task => new HandedOut(task.TaskId!, task.WorkflowInstanceId!))];
    }

    public Task CompleteAsync(HandedOut task) => _engine.UpdateTaskAsync(new TaskResult
    {
        TaskId = task.TaskId,
        WorkflowInstanceId = task.WorkflowId,
        Status = TaskResultStatus.COMPLETED,
        WorkerId = "load",
        OutputData = (JsonObject)Output.DeepClone(),
    });

    public async Task<bool> IsCompletedAsync(string workflowId) => (await _engine.GetWorkflowAsync(workflowId, includeTasks: false)).Status == WorkflowStatus.COMPLETED;

    public TimeSpan? ProcessorTime() => Environment.CpuUsage.TotalTime;

    public long? ResidentBytes() => Environment.WorkingSet;

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        if (_folder is not null)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }
}
