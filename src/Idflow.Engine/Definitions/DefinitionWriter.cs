using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Engine.Execution;
using Idflow.Engine.State;
using Idflow.Engine.Validation;

namespace Idflow.Engine.Definitions;

/// <summary>Writes definitions and handlers: checked first, on disk before anybody sees them, one write at a time.</summary>
internal sealed class DefinitionWriter(Catalogue catalogue, DefinitionValidator validator, WorkflowRunner runner, BackgroundWork background)
{
    private readonly AsyncGate _one = new(background);

    public Task CreateAsync(WorkflowDef definition, bool overwrite) => _one.RunAsync(async () =>
    {
        validator.CheckWorkflowDef("registerWorkflowDef.arg0", definition);
        if (!overwrite && catalogue.FindWorkflow(definition.Name!, definition.Version) is not null)
        {
            throw ConductorException.Conflict($"Workflow with {definition.Name}.{definition.Version} already exists!");
        }
        await StoreAsync([Catalogue.ToRow(StoredForm.Of(definition) with { CreateTime = runner.Now() })]).ConfigureAwait(false);
        return true;
    });

    public Task<BulkResponse> UpdateAsync(IReadOnlyList<WorkflowDef> definitions) => _one.RunAsync(async () =>
    {
        validator.CheckWorkflowDefs("updateWorkflowDef.arg0", definitions);
        await StoreAsync([.. definitions.Select(definition => Catalogue.ToRow(StoredForm.Of(definition) with { UpdateTime = runner.Now() }))]).ConfigureAwait(false);
        return new BulkResponse { BulkSuccessfulResults = [.. definitions.Select(definition => definition.Name!)] };
    });

    public Task DeleteWorkflowAsync(string name, int version) => catalogue.FindWorkflow(name, version) is null
        ? throw ConductorException.NotFound(DefinitionErrors.NoSuchDefinition(name, version))
        : DeleteAsync(DocumentKind.Workflow, name, version);

    public Task CreateAsync(IReadOnlyList<TaskDef> definitions) => _one.RunAsync(async () =>
    {
        DefinitionValidator.CheckTaskDefs("registerTaskDef.arg0", definitions);
        await StoreAsync([.. definitions.Select(definition => Catalogue.ToRow(definition with { CreateTime = runner.Now(), UpdateTime = 0, CreatedBy = "" }))]).ConfigureAwait(false);
        return true;
    });

    public Task UpdateAsync(TaskDef definition) => _one.RunAsync(async () =>
    {
        DefinitionValidator.CheckTaskDef("registerTaskDef.arg0", definition);
        var known = catalogue.FindTask(definition.Name ?? "") ?? throw ConductorException.NotFound(DefinitionErrors.NoSuchTask(definition.Name ?? ""));
        await StoreAsync([Catalogue.ToRow(definition with { CreateTime = known.CreateTime, UpdateTime = runner.Now(), CreatedBy = known.CreatedBy, UpdatedBy = "" })]).ConfigureAwait(false);
        return true;
    });

    public Task DeleteTaskAsync(string name) => catalogue.FindTask(name) is null
        ? throw ConductorException.NotFound(DefinitionErrors.NoTaskToDelete)
        : DeleteAsync(DocumentKind.Task, name, 0);

    public Task AddAsync(EventHandlerDef handler) => _one.RunAsync(async () =>
    {
        DefinitionValidator.CheckEventHandler("addEventHandler.arg0", handler);
        if (catalogue.FindHandler(handler.Name ?? "") is not null)
        {
            throw ConductorException.Conflict($"EventHandler with name {handler.Name} already exists!");
        }
        await StoreAsync([Catalogue.ToRow(StoredForm.Of(handler))]).ConfigureAwait(false);
        return true;
    });

    public Task UpdateAsync(EventHandlerDef handler) => _one.RunAsync(async () =>
    {
        DefinitionValidator.CheckEventHandler("updateEventHandler.arg0", handler);
        _ = catalogue.FindHandler(handler.Name ?? "") ?? throw ConductorException.NotFound(DefinitionErrors.HandlerNotFound(handler.Name ?? ""));
        await StoreAsync([Catalogue.ToRow(StoredForm.Of(handler))]).ConfigureAwait(false);
        return true;
    });

    public Task RemoveHandlerAsync(string name) => catalogue.FindHandler(name) is null
        ? throw ConductorException.NotFound(DefinitionErrors.HandlerNotFound(name))
        : DeleteAsync(DocumentKind.EventHandler, name, 0);

    private async Task StoreAsync(IReadOnlyList<DocumentRow> rows)
    {
        var changes = new StoreChanges();
        changes.Documents.AddRange(rows);
        await runner.WriteAsync(changes).ConfigureAwait(false);
        foreach (var row in rows)
        {
            catalogue.Apply(row);
        }
    }

    private Task<bool> DeleteAsync(DocumentKind kind, string name, int version) => _one.RunAsync(async () =>
    {
        var changes = new StoreChanges();
        changes.DeletedDocuments.Add((kind, name, version));
        await runner.WriteAsync(changes).ConfigureAwait(false);
        catalogue.Remove(kind, name, version);
        return true;
    });
}
