using System.Collections.Concurrent;
using Idflow.Conductor.Json;
using Idflow.Conductor.Model;
using Idflow.Engine.Decisions;
using Idflow.Engine.State;

namespace Idflow.Engine.Definitions;

/// <summary>Registered definitions and event handlers: in memory, with a copy of each on disk.</summary>
internal sealed class Catalogue : IDefinitions
{
    private readonly ConcurrentDictionary<string, SortedList<int, WorkflowDef>> _workflows = new();
    private readonly ConcurrentDictionary<string, TaskDef> _tasks = new();
    private readonly ConcurrentDictionary<string, EventHandlerDef> _handlers = new();
    private readonly ConcurrentDictionary<(string Name, int? Version), (long Generation, WorkflowGraph Graph)> _graphs = new();
    private long _generation;

    public Catalogue(IEnumerable<DocumentRow> stored)
    {
        foreach (var row in stored)
        {
            Apply(row);
        }
    }

    public IReadOnlyList<WorkflowDef> Workflows =>
        [.. _workflows.OrderBy(versions => versions.Key, StringComparer.Ordinal).SelectMany(versions => Snapshot(versions.Value))];

    public IReadOnlyList<TaskDef> Tasks => [.. _tasks.Values.OrderBy(task => task.Name, StringComparer.Ordinal)];

    public IReadOnlyList<EventHandlerDef> Handlers => [.. _handlers.Values.OrderBy(handler => handler.Name, StringComparer.Ordinal)];

    public TaskDef? FindTask(string name) => _tasks.GetValueOrDefault(name);

    public EventHandlerDef? FindHandler(string name) => _handlers.GetValueOrDefault(name);

    public WorkflowDef? FindWorkflow(string name, int? version)
    {
        if (!_workflows.TryGetValue(name, out var versions))
        {
            return null;
        }
        lock (versions)
        {
            return version is { } wanted ? versions.GetValueOrDefault(wanted) : versions.Count > 0 ? versions.GetValueAtIndex(versions.Count - 1) : null;
        }
    }

    /// <summary>The graph that a new run of a registered definition uses; built again after any definition has changed.</summary>
    public WorkflowGraph? GraphOf(string name, int? version, SnapshotCache snapshots)
    {
        var generation = Interlocked.Read(ref _generation);
        if (_graphs.TryGetValue((name, version), out var known) && known.Generation == generation)
        {
            return known.Graph;
        }
        if (FindWorkflow(name, version) is not { } definition)
        {
            return null;
        }
        var graph = GraphOf(definition, snapshots);
        _graphs[(name, version)] = (generation, graph);
        return graph;
    }

    public WorkflowGraph GraphOf(WorkflowDef definition, SnapshotCache snapshots) => snapshots.Of(SnapshotBuilder.Build(definition, FindTask, FindWorkflow));

    /// <summary>Takes a document over that is on disk.</summary>
    public void Apply(DocumentRow row)
    {
        switch (row.Kind)
        {
            case DocumentKind.Workflow:
                var versions = _workflows.GetOrAdd(row.Name, static _ => []);
                lock (versions)
                {
                    versions[row.Version] = ConductorJson.Deserialize<WorkflowDef>(row.Json)!;
                }
                break;
            case DocumentKind.Task:
                _tasks[row.Name] = ConductorJson.Deserialize<TaskDef>(row.Json)!;
                break;
            case DocumentKind.EventHandler:
                _handlers[row.Name] = ConductorJson.Deserialize<EventHandlerDef>(row.Json)!;
                break;
            default:
                return;
        }
        Interlocked.Increment(ref _generation);
    }

    public void Remove(DocumentKind kind, string name, int version)
    {
        switch (kind)
        {
            case DocumentKind.Workflow when _workflows.TryGetValue(name, out var versions):
                lock (versions)
                {
                    versions.Remove(version);
                }
                break;
            case DocumentKind.Task:
                _tasks.TryRemove(name, out _);
                break;
            case DocumentKind.EventHandler:
                _handlers.TryRemove(name, out _);
                break;
            default:
                break;
        }
        Interlocked.Increment(ref _generation);
    }

    public static DocumentRow ToRow(WorkflowDef definition) => new(DocumentKind.Workflow, definition.Name!, definition.Version, ConductorJson.Serialize(definition));

    public static DocumentRow ToRow(TaskDef definition) => new(DocumentKind.Task, definition.Name!, 0, ConductorJson.Serialize(definition));

    public static DocumentRow ToRow(EventHandlerDef handler) => new(DocumentKind.EventHandler, handler.Name!, 0, ConductorJson.Serialize(handler));

    private static List<WorkflowDef> Snapshot(SortedList<int, WorkflowDef> versions)
    {
        lock (versions)
        {
            return [.. versions.Values];
        }
    }
}
