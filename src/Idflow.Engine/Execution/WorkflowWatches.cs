namespace Idflow.Engine.Execution;

/// <summary>The watches over workflows, by workflow.</summary>
internal sealed class WorkflowWatches
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<WorkflowWatch>> _byWorkflow = [];
    private volatile bool _isEmpty = true;

    public void Add(string workflowId, WorkflowWatch watch)
    {
        lock (_gate)
        {
            if (!_byWorkflow.TryGetValue(workflowId, out var watches))
            {
                _byWorkflow[workflowId] = watches = [];
            }
            watches.Add(watch);
            _isEmpty = false;
        }
    }

    public void Remove(string workflowId, WorkflowWatch watch)
    {
        lock (_gate)
        {
            if (_byWorkflow.TryGetValue(workflowId, out var watches) && watches.Remove(watch) && watches.Count == 0)
            {
                _byWorkflow.Remove(workflowId);
                _isEmpty = _byWorkflow.Count == 0;
            }
        }
    }

    /// <summary>A change of these workflows is on disk.</summary>
    public void Changed(IReadOnlyList<WorkflowInstance> instances)
    {
        if (_isEmpty)
        {
            return;
        }
        lock (_gate)
        {
            foreach (var instance in instances)
            {
                _byWorkflow.GetValueOrDefault(instance.Id)?.ForEach(watch => watch.Notify());
            }
        }
    }
}
