using Idflow.Conductor.Model;

namespace Idflow.Conductor.Rest;

/// <content>Definitions and event handlers.</content>
public sealed partial class RestConductor
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<WorkflowDef>> GetWorkflowDefsAsync(CancellationToken cancellationToken = default) =>
        await _transport.SendForJsonAsync<IReadOnlyList<WorkflowDef>>(RestCall.Get($"metadata/workflow"), cancellationToken) ?? [];

    /// <inheritdoc/>
    public async Task<WorkflowDef> GetWorkflowDefAsync(string name, int? version = null, CancellationToken cancellationToken = default) =>
        Required(await _transport.SendForJsonAsync<WorkflowDef>(RestCall.Get($"metadata/workflow/{name}").With("version", version), cancellationToken), "a workflow definition");

    /// <inheritdoc/>
    public Task CreateWorkflowDefAsync(WorkflowDef definition, bool overwrite = false, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(RestCall.Post($"metadata/workflow").With("overwrite", overwrite).WithJson(definition), cancellationToken);

    /// <inheritdoc/>
    public async Task<BulkResponse> UpdateWorkflowDefsAsync(IReadOnlyList<WorkflowDef> definitions, CancellationToken cancellationToken = default) =>
        await _transport.SendForJsonAsync<BulkResponse>(RestCall.Put($"metadata/workflow").WithJson(definitions), cancellationToken)
        ?? new BulkResponse { BulkSuccessfulResults = definitions.Select(definition => definition.Name!).ToList() };

    /// <inheritdoc/>
    public Task ValidateWorkflowDefAsync(WorkflowDef definition, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(RestCall.Post($"metadata/workflow/validate").WithJson(definition), cancellationToken);

    /// <inheritdoc/>
    public Task DeleteWorkflowDefAsync(string name, int version, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(RestCall.Delete($"metadata/workflow/{name}/{version}"), cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<TaskDef>> GetTaskDefsAsync(CancellationToken cancellationToken = default) =>
        await _transport.SendForJsonAsync<IReadOnlyList<TaskDef>>(RestCall.Get($"metadata/taskdefs"), cancellationToken) ?? [];

    /// <inheritdoc/>
    public async Task<TaskDef> GetTaskDefAsync(string name, CancellationToken cancellationToken = default) =>
        Required(await _transport.SendForJsonAsync<TaskDef>(RestCall.Get($"metadata/taskdefs/{name}"), cancellationToken), "a task definition");

    /// <inheritdoc/>
    public Task CreateTaskDefsAsync(IReadOnlyList<TaskDef> definitions, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(RestCall.Post($"metadata/taskdefs").WithJson(definitions), cancellationToken);

    /// <inheritdoc/>
    public Task UpdateTaskDefAsync(TaskDef definition, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(RestCall.Put($"metadata/taskdefs").WithJson(definition), cancellationToken);

    /// <inheritdoc/>
    public Task DeleteTaskDefAsync(string name, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(RestCall.Delete($"metadata/taskdefs/{name}"), cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<EventHandlerDef>> GetEventHandlersAsync(CancellationToken cancellationToken = default) =>
        await _transport.SendForJsonAsync<IReadOnlyList<EventHandlerDef>>(RestCall.Get($"event"), cancellationToken) ?? [];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<EventHandlerDef>> GetEventHandlersForEventAsync(string @event, bool activeOnly = true, CancellationToken cancellationToken = default) =>
        await _transport.SendForJsonAsync<IReadOnlyList<EventHandlerDef>>(RestCall.Get($"event/{@event}").With("activeOnly", activeOnly), cancellationToken) ?? [];

    /// <inheritdoc/>
    public Task AddEventHandlerAsync(EventHandlerDef handler, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(RestCall.Post($"event").WithJson(handler), cancellationToken);

    /// <inheritdoc/>
    public Task UpdateEventHandlerAsync(EventHandlerDef handler, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(RestCall.Put($"event").WithJson(handler), cancellationToken);

    /// <inheritdoc/>
    public Task RemoveEventHandlerAsync(string name, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(RestCall.Delete($"event/{name}"), cancellationToken);
}
