using System.Collections.Concurrent;
using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Engine.Storage;

namespace Idflow.Engine.Execution;

/// <summary>Starts with an idempotency key: a key that a definition has had a run for does what the strategy says.</summary>
internal sealed class IdempotentStarts(WorkflowRunner runner, InstanceTable instances, IExecutionSearch store, BackgroundWork background)
{
    private readonly ConcurrentDictionary<(string Name, string Key), Lazy<Task<string>>> _starting = new();

    public async Task<string> StartAsync(string name, StartWorkflowRequest request, Func<ChangeUnit, string> start)
    {
        if (string.IsNullOrEmpty(request.IdempotencyKey))
        {
            return await runner.CreateAsync(start).ConfigureAwait(false);
        }
        var key = (name, request.IdempotencyKey);
        var created = false;
        var started = _starting.GetOrAdd(key, new Lazy<Task<string>>(() => Find(name, request, start, () => created = true)));
        try
        {
            var id = await background.Share(started.Value).ConfigureAwait(false);
            return created ? id : Known(id, request);
        }
        finally
        {
            _starting.TryRemove(KeyValuePair.Create(key, started));
        }
    }

    private Task<string> Find(string name, StartWorkflowRequest request, Func<ChangeUnit, string> start, Action created)
    {
        if (store.FindByIdempotencyKey(name, request.IdempotencyKey!) is { } known)
        {
            return Task.FromResult(known);
        }
        created();
        return runner.CreateAsync(start);
    }

    private string Known(string workflowId, StartWorkflowRequest request)
    {
        var refused = request.IdempotencyStrategy switch
        {
            IdempotencyStrategy.FAIL => true,
            IdempotencyStrategy.FAIL_ON_RUNNING => instances.RowOf(workflowId) is { } row && !row.Status.IsTerminal(),
            _ => false,
        };
        return refused
            ? throw ConductorException.Conflict($"A workflow with the idempotency key {request.IdempotencyKey} exists: {workflowId}")
            : workflowId;
    }
}
