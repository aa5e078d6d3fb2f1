using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Conductor.Json;
using Idflow.Conductor.Model;

namespace Idflow.Pipeline.Resources;

/// <summary>What an upload changed; names with their version where there is one.</summary>
public sealed record RegistrationReport(IReadOnlyList<string> Uploaded, IReadOnlyList<string> Unchanged, IReadOnlyList<string> Refused)
{
    public static RegistrationReport Nothing { get; } = new([], [], []);
}

/// <summary>
/// Brings a Conductor's definitions to the state of the project: what is new or differs is written over, what is equal is left
/// alone, nothing is ever deleted first.
/// </summary>
/// <param name="conductor">The engine or server.</param>
/// <param name="catalog">The project's workflows and event handlers as they are now.</param>
/// <param name="taskDefinitions">The definitions of the tasks that this project's workers serve; null when there are none.</param>
public sealed class DefinitionRegistrar(IConductor conductor, Func<WorkflowCatalog> catalog, Func<IReadOnlyList<TaskDef>>? taskDefinitions = null)
{
    private readonly Lock _gate = new();
    private Task<RegistrationReport>? _once;

    public WorkflowCatalog Catalog => catalog();

    /// <summary>Registers everything, once in the life of this object (again after a failure): what a start needs must be there before it.</summary>
    public Task<RegistrationReport> EnsureAsync(CancellationToken cancellationToken = default)
    {
        Task<RegistrationReport> once;
        lock (_gate)
        {
            if (_once is null or { IsFaulted: true })
            {
                _once = RegisterAsync(CancellationToken.None);
            }

            once = _once;
        }

        return once.WaitAsync(cancellationToken);
    }

    /// <summary>Registers everything once more after definitions changed; starts wait for it, and try it again after a failure.</summary>
    public Task<RegistrationReport> EnsureAnewAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            _once = null;
        }

        return EnsureAsync(cancellationToken);
    }

    /// <summary>Registers task definitions, then workflows, then event handlers. A refused definition is in the report and does not stop the others.</summary>
    /// <exception cref="ConductorUnavailableException">No server answers.</exception>
    public async Task<RegistrationReport> RegisterAsync(CancellationToken cancellationToken = default)
    {
        var changes = new Changes();
        await RegisterTasksAsync(changes, cancellationToken).ConfigureAwait(false);
        await RegisterWorkflowsAsync(Catalog.Workflows, changes, cancellationToken).ConfigureAwait(false);
        await RegisterEventHandlersAsync(changes, cancellationToken).ConfigureAwait(false);
        return changes.Report();
    }

    /// <summary>Registers only these workflows.</summary>
    public async Task<RegistrationReport> RegisterAsync(IReadOnlyList<WorkflowResource> workflows, CancellationToken cancellationToken = default)
    {
        var changes = new Changes();
        await RegisterWorkflowsAsync(workflows, changes, cancellationToken).ConfigureAwait(false);
        return changes.Report();
    }

    private async Task RegisterTasksAsync(Changes changes, CancellationToken cancellationToken)
    {
        var own = taskDefinitions?.Invoke() ?? [];
        if (own.Count == 0)
        {
            return;
        }

        var known = (await conductor.GetTaskDefsAsync(cancellationToken).ConfigureAwait(false)).ToDictionary(task => task.Name!, StringComparer.Ordinal);
        var changed = own.Where(task => !(known.TryGetValue(task.Name!, out var other) && AreEqual(task, other))).ToList();
        own.Except(changed).ToList().ForEach(task => changes.Unchanged.Add(task.Name!));
        await changes.TryAsync([.. changed.Select(task => task.Name!)], () => changed.Count == 0 ? Task.CompletedTask : conductor.CreateTaskDefsAsync(changed, cancellationToken)).ConfigureAwait(false);
    }

    private async Task RegisterWorkflowsAsync(IReadOnlyList<WorkflowResource> workflows, Changes changes, CancellationToken cancellationToken)
    {
        if (workflows.Count == 0)
        {
            return;
        }

        var known = (await conductor.GetWorkflowDefsAsync(cancellationToken).ConfigureAwait(false)).ToDictionary(workflow => (workflow.Name, workflow.Version));
        foreach (var definition in workflows.Select(workflow => workflow.Definition))
        {
            var label = $"{definition.Name} {definition.Version}";
            if (known.TryGetValue((definition.Name, definition.Version), out var other) && AreEqual(definition, other))
            {
                changes.Unchanged.Add(label);
                continue;
            }

            await changes.TryAsync([label], async () =>
            {
                var answer = await conductor.UpdateWorkflowDefsAsync([definition], cancellationToken).ConfigureAwait(false);
                if (answer.BulkErrorResults.Count > 0)
                {
                    throw ConductorException.BadRequest(string.Join(" ", answer.BulkErrorResults.Values));
                }
            }).ConfigureAwait(false);
        }
    }

    private async Task RegisterEventHandlersAsync(Changes changes, CancellationToken cancellationToken)
    {
        var handlers = Catalog.EventHandlers;
        if (handlers.Count == 0)
        {
            return;
        }

        var known = (await conductor.GetEventHandlersAsync(cancellationToken).ConfigureAwait(false)).ToDictionary(handler => handler.Name!, StringComparer.Ordinal);
        foreach (var handler in handlers.Select(handler => handler.Definition))
        {
            var exists = known.TryGetValue(handler.Name!, out var other);
            if (exists && JsonNode.DeepEquals(ConductorJson.ToNode(handler), ConductorJson.ToNode(other)))
            {
                changes.Unchanged.Add(handler.Name!);
                continue;
            }

            await changes.TryAsync([handler.Name!], () => exists
                ? conductor.UpdateEventHandlerAsync(handler, cancellationToken)
                : AddAsync(handler, cancellationToken)).ConfigureAwait(false);
        }
    }

    private async Task AddAsync(EventHandlerDef handler, CancellationToken cancellationToken)
    {
        try
        {
            await conductor.AddEventHandlerAsync(handler, cancellationToken).ConfigureAwait(false);
        }
        catch (ConductorException error) when (error.Status == 409)
        {
            // Another process added it since the look.
            await conductor.UpdateEventHandlerAsync(handler, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Equal but for what the server adds.</summary>
    private static bool AreEqual(WorkflowDef left, WorkflowDef right)
    {
        return JsonNode.DeepEquals(Content(left), Content(right));

        static JsonNode? Content(WorkflowDef definition) =>
            ConductorJson.ToNode(definition with { CreateTime = null, UpdateTime = null, CreatedBy = null, UpdatedBy = null, OwnerApp = null });
    }

    private static bool AreEqual(TaskDef left, TaskDef right)
    {
        return JsonNode.DeepEquals(Content(left), Content(right));

        static JsonNode? Content(TaskDef definition) =>
            ConductorJson.ToNode(definition with { CreateTime = null, UpdateTime = null, CreatedBy = null, UpdatedBy = null, OwnerApp = null });
    }

    private sealed class Changes
    {
        private readonly List<string> _uploaded = [];
        private readonly List<string> _refused = [];

        public List<string> Unchanged { get; } = [];

        public async Task TryAsync(IReadOnlyList<string> names, Func<Task> write)
        {
            try
            {
                await write().ConfigureAwait(false);
                _uploaded.AddRange(names);
            }
            catch (ConductorException error) when (error is not ConductorUnavailableException)
            {
                var checks = string.Join(" ", error.ValidationErrors.Select(check => check.Message));
                _refused.Add($"{string.Join(", ", names)}: {error.Message}{(checks.Length > 0 ? " " + checks : "")}");
            }
        }

        public RegistrationReport Report() => new(_uploaded, Unchanged, _refused);
    }
}
