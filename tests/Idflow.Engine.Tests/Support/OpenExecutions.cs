using Idflow.Engine.State;
using Idflow.Engine.Storage;

namespace Idflow.Engine.Tests.Support;

/// <summary>What a store says is open, collected.</summary>
internal sealed class OpenExecutions : IOpenExecutions
{
    public List<WorkflowRow> Workflows { get; } = [];

    public List<TaskRow> Tasks { get; } = [];

    public void Add(WorkflowRow workflow) => Workflows.Add(workflow);

    public void Add(TaskRow task) => Tasks.Add(task);

    public void Unreadable(string workflowId, Exception error) => throw new InvalidOperationException($"{workflowId} cannot be read", error);
}

internal static class OpenExecutionsOfStore
{
    public static OpenExecutions Open(this IEngineStore store)
    {
        var open = new OpenExecutions();
        store.ReadOpen(open);
        return open;
    }

    public static IReadOnlyList<string> OpenWorkflowIds(this IEngineStore store) => [.. store.Open().Workflows.Select(row => row.WorkflowId)];
}
