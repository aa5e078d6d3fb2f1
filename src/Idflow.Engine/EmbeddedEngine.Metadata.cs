using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Engine.Definitions;

namespace Idflow.Engine;

/// <summary>Definitions and event handlers.</summary>
public sealed partial class EmbeddedEngine
{
    public Task<IReadOnlyList<WorkflowDef>> GetWorkflowDefsAsync(CancellationToken cancellationToken = default) => Task.FromResult(_parts.Catalogue.Workflows);

    public Task<WorkflowDef> GetWorkflowDefAsync(string name, int? version = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(_parts.Catalogue.FindWorkflow(name, version) ?? throw ConductorException.NotFound(DefinitionErrors.WorkflowNotFound(name, version)));

    public Task CreateWorkflowDefAsync(WorkflowDef definition, bool overwrite = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return _parts.Definitions.CreateAsync(definition, overwrite);
    }

    public Task<BulkResponse> UpdateWorkflowDefsAsync(IReadOnlyList<WorkflowDef> definitions, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(definitions);
        return _parts.Definitions.UpdateAsync(definitions);
    }

    public Task ValidateWorkflowDefAsync(WorkflowDef definition, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(definition);
        _parts.Validator.CheckWorkflowDef("validateWorkflowDef.arg0", definition);
        return Task.CompletedTask;
    }

    public Task DeleteWorkflowDefAsync(string name, int version, CancellationToken cancellationToken = default) => _parts.Definitions.DeleteWorkflowAsync(name, version);

    public Task<IReadOnlyList<TaskDef>> GetTaskDefsAsync(CancellationToken cancellationToken = default) => Task.FromResult(_parts.Catalogue.Tasks);

    public Task<TaskDef> GetTaskDefAsync(string name, CancellationToken cancellationToken = default) =>
        Task.FromResult(_parts.Catalogue.FindTask(name) ?? throw ConductorException.NotFound(DefinitionErrors.TaskNotFound(name)));

    public Task CreateTaskDefsAsync(IReadOnlyList<TaskDef> definitions, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(definitions);
        return _parts.Definitions.CreateAsync(definitions);
    }

    public Task UpdateTaskDefAsync(TaskDef definition, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return _parts.Definitions.UpdateAsync(definition);
    }

    public Task DeleteTaskDefAsync(string name, CancellationToken cancellationToken = default) => _parts.Definitions.DeleteTaskAsync(name);

    public Task<IReadOnlyList<EventHandlerDef>> GetEventHandlersAsync(CancellationToken cancellationToken = default) => Task.FromResult(_parts.Catalogue.Handlers);

    public Task<IReadOnlyList<EventHandlerDef>> GetEventHandlersForEventAsync(string @event, bool activeOnly = true, CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<EventHandlerDef>>([.. _parts.Catalogue.Handlers.Where(handler => handler.Event == @event && (handler.Active || !activeOnly))]);

    public Task AddEventHandlerAsync(EventHandlerDef handler, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return _parts.Definitions.AddAsync(handler);
    }

    public Task UpdateEventHandlerAsync(EventHandlerDef handler, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return _parts.Definitions.UpdateAsync(handler);
    }

    public Task RemoveEventHandlerAsync(string name, CancellationToken cancellationToken = default) => _parts.Definitions.RemoveHandlerAsync(name);
}
