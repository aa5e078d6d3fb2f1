using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Engine.Execution;
using Idflow.Engine.Operations;
using Idflow.Engine.Search;
using Idflow.Engine.State;
using Idflow.Engine.Storage;
using Idflow.Engine.Wire;

namespace Idflow.Engine;

/// <summary>Starting, reading and operating workflows.</summary>
public sealed partial class EmbeddedEngine
{
    public async Task<string> StartWorkflowAsync(StartWorkflowRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        _parts.Validator.CheckStart("startWorkflow.arg0", request);
        request = await WithInputAsync(request).ConfigureAwait(false);
        if (request.Input is null)
        {
            throw ConductorException.BadRequest("NULL input passed when starting workflow");
        }
        if (_parts.Queues.Waiting >= _parts.Options.Limits.QueuedTasks)
        {
            throw new ConductorException(429, $"{_parts.Options.Limits.QueuedTasks} tasks wait for workers, which is the limit; start again when there are fewer", retryable: true);
        }
        var graph = _parts.Starter.Resolve(request.Name, request.Version, request.WorkflowDef);
        return await _parts.Idempotency.StartAsync(graph.Definition.Name!, request, unit => _parts.Starter.Start(unit, new NewWorkflow
        {
            Graph = graph,
            Input = (System.Text.Json.Nodes.JsonObject)request.Input.DeepClone(),
            CorrelationId = request.CorrelationId,
            IdempotencyKey = request.IdempotencyKey,
            Priority = request.Priority,
            TaskToDomain = (System.Text.Json.Nodes.JsonObject)request.TaskToDomain.DeepClone(),
            CreatedBy = request.CreatedBy,
        }).Id).ConfigureAwait(false);
    }

    public async Task<Workflow> GetWorkflowAsync(string workflowId, bool includeTasks = true, CancellationToken cancellationToken = default) =>
        await ReadAsync(workflowId, state => WireMapper.ToWorkflow(state, includeTasks)).ConfigureAwait(false) ?? throw WorkflowErrors.NotFound(workflowId);

    public Task PauseWorkflowAsync(string workflowId, CancellationToken cancellationToken = default) => _parts.Runner.ChangeAsync(workflowId, PauseAndResume.Pause);

    public Task ResumeWorkflowAsync(string workflowId, CancellationToken cancellationToken = default) => _parts.Runner.ChangeAsync(workflowId, PauseAndResume.Resume);

    public Task TerminateWorkflowAsync(string workflowId, string? reason = null, CancellationToken cancellationToken = default) =>
        _parts.Runner.ChangeAsync(workflowId, (state, unit) => Termination.Apply(state, unit, reason));

    public Task RetryWorkflowAsync(string workflowId, bool resumeSubworkflowTasks = false, CancellationToken cancellationToken = default) =>
        _parts.RunningAgain.RetryAsync(workflowId, resumeSubworkflowTasks);

    public Task RestartWorkflowAsync(string workflowId, bool useLatestDefinitions = false, CancellationToken cancellationToken = default) =>
        _parts.RunningAgain.RestartAsync(workflowId, useLatestDefinitions);

    public Task<string> RerunWorkflowAsync(string workflowId, RerunWorkflowRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _parts.RunningAgain.RerunAsync(workflowId, request);
    }

    public Task SkipTaskAsync(string workflowId, string taskReferenceName, SkipTaskRequest request, CancellationToken cancellationToken = default) =>
        _parts.Runner.ChangeAsync(workflowId, (state, unit) => Skip.Apply(state, unit, taskReferenceName, request));

    public Task ResetCallbacksAsync(string workflowId, CancellationToken cancellationToken = default) => _parts.Runner.ChangeAsync(workflowId, CallbackReset.Apply);

    public Task<string> PushMessageAsync(string workflowId, System.Text.Json.Nodes.JsonObject payload, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(payload);
        return _parts.Runner.ChangeAsync(workflowId, (state, unit) => MessagePush.Apply(state, unit, payload));
    }

    public Task DecideAsync(string workflowId, CancellationToken cancellationToken = default) => _parts.Runner.ChangeAsync(workflowId, (state, unit) => unit.Decide(state));

    public async Task RemoveWorkflowAsync(string workflowId, bool archiveWorkflow = true, CancellationToken cancellationToken = default)
    {
        if (archiveWorkflow)
        {
            await _parts.Runner.ChangeAsync(workflowId, (state, _) => Removal.Archive(state)).ConfigureAwait(false);
            return;
        }
        await _parts.Runner.ChangeAsync(workflowId, Removal.Delete).ConfigureAwait(false);
        _parts.Instances.Forget(workflowId);
    }

    public async Task<IReadOnlyList<Workflow>> GetWorkflowsByCorrelationIdAsync(string name, string correlationId, bool includeClosed = false, bool includeTasks = false, CancellationToken cancellationToken = default)
    {
        var found = new List<Workflow>();
        foreach (var id in _parts.Store.FindByCorrelationId(name, correlationId, openOnly: !includeClosed))
        {
            if (await ReadAsync(id, state => WireMapper.ToWorkflow(state, includeTasks)).ConfigureAwait(false) is { } workflow)
            {
                found.Add(workflow);
            }
        }
        return found;
    }

    public Task<IReadOnlyList<string>> GetRunningWorkflowIdsAsync(string name, int? version = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(_parts.Store.FindByName(name, version, null, null));

    /// <summary>Ids of all executions of a definition that were started between two times (epoch milliseconds).</summary>
    public Task<IReadOnlyList<string>> GetWorkflowIdsStartedBetweenAsync(string name, int? version, long from, long to) =>
        Task.FromResult(_parts.Store.FindByName(name, version, from, to));

    public async Task<SearchResult<WorkflowSummary>> SearchWorkflowsAsync(SearchRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Size > _parts.Options.Limits.SearchPage)
        {
            var message = $"Cannot return more than {_parts.Options.Limits.SearchPage} workflows. Please use pagination.";
            throw ConductorException.BadRequest("Validation failed, check below errors for detail.", [new ValidationError("searchWorkflows.arg1", message, $"{request.Size}")]);
        }
        var page = _parts.Store.SearchWorkflows(SearchLanguage.ReadWorkflowSearch(request));
        var rows = page.Ids.Select(_parts.Store.ReadWorkflow).OfType<WorkflowRow>();
        return await Task.FromResult(new SearchResult<WorkflowSummary> { TotalHits = page.TotalHits, Results = [.. rows.Select(SummaryMapper.ToSummary)] }).ConfigureAwait(false);
    }

    public async Task<SearchResult<TaskSummary>> SearchTasksAsync(SearchRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var page = _parts.Store.SearchTasks(SearchLanguage.ReadTaskSearch(request with { Size = Math.Min(request.Size, _parts.Options.Limits.SearchPage) }));
        var rows = page.Ids.Select(_parts.Store.ReadTask).OfType<TaskRow>();
        return await Task.FromResult(new SearchResult<TaskSummary> { TotalHits = page.TotalHits, Results = [.. rows.Select(SummaryMapper.ToSummary)] }).ConfigureAwait(false);
    }
}
