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
        while (true)
        {
            var (id, isNew) = await FindOrStartAsync(name, request, start).ConfigureAwait(false);
            if (isNew || request.IdempotencyStrategy is null or IdempotencyStrategy.RETURN_EXISTING)
            {
                return id;
            }
            if (IsInTheWay(id, request))
            {
                throw ConductorException.Conflict($"Workflow with the idempotency key {request.IdempotencyKey} already exists: {id}");
            }
        }
    }

    /// <summary>Of starts with one key at the same time, the first looks and starts for all.</summary>
    private async Task<(string Id, bool IsNew)> FindOrStartAsync(string name, StartWorkflowRequest request, Func<ChangeUnit, string> start)
    {
        var key = (name, request.IdempotencyKey!);
        var created = false;
        var started = _starting.GetOrAdd(key, new Lazy<Task<string>>(() =>
        {
            if (store.FindByIdempotencyKey(name, request.IdempotencyKey!) is { } known && IsInTheWay(known, request))
            {
                return Task.FromResult(known);
            }
            created = true;
            return runner.CreateAsync(start);
        }));
        try
        {
            return (await background.Share(started.Value).ConfigureAwait(false), created);
        }
        finally
        {
            _starting.TryRemove(KeyValuePair.Create(key, started));
        }
    }

    private bool IsInTheWay(string workflowId, StartWorkflowRequest request) =>
        request.IdempotencyStrategy != IdempotencyStrategy.FAIL_ON_RUNNING || (instances.RowOf(workflowId) is { } row && !row.Status.IsTerminal());
}
