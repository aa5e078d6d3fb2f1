using Idflow.Conductor.Model;
using Idflow.Pipeline.Sources;

namespace Idflow.Pipeline.Resources;

/// <summary>The workflow definitions and event handlers of a project. A broken file is an error of the catalog and does not stop the others.</summary>
public sealed class WorkflowCatalog
{
    private readonly List<WorkflowResource> _workflows = [];
    private readonly List<EventHandlerResource> _eventHandlers = [];
    private readonly List<SourceError> _errors = [];

    /// <summary>By name and version.</summary>
    public IReadOnlyList<WorkflowResource> Workflows => _workflows;

    public IReadOnlyList<EventHandlerResource> EventHandlers => _eventHandlers;

    public IReadOnlyList<SourceError> Errors => _errors;

    public static WorkflowCatalog Load(ResourceOverlay overlay)
    {
        var catalog = new WorkflowCatalog();
        string[] order = [.. overlay.Layers.Select(layer => layer.Origin)];
        var files = overlay.WorkflowFiles().OrderByDescending(file => Array.IndexOf(order, file.Origin));
        foreach (var file in files)
        {
            catalog.Try(() => catalog.Add(new WorkflowResource(DefinitionJson.ReadWorkflow(file.ReadText(), file.Location), file.Origin, file.Location)));
        }

        foreach (var file in overlay.EventHandlerFiles().OrderByDescending(file => Array.IndexOf(order, file.Origin)))
        {
            catalog.Try(() =>
            {
                foreach (var handler in DefinitionJson.ReadEventHandlers(file.ReadText(), file.Location))
                {
                    catalog.Add(new EventHandlerResource(handler, file.Origin, file.Location));
                }
            });
        }

        catalog._workflows.Sort((left, right) => (left.Name, left.Definition.Version).CompareTo((right.Name, right.Definition.Version)));
        return catalog;
    }

    /// <summary>The highest version, or the one asked for; null when the project has none.</summary>
    public WorkflowResource? Find(string name, int? version = null) =>
        _workflows.FindLast(workflow => workflow.Name == name && (version is null || workflow.Definition.Version == version));

    /// <exception cref="UnknownNameException">The project has no workflow of that name (and version); the message offers the nearest one.</exception>
    public WorkflowResource Get(string name, int? version = null) => Find(name, version) ?? throw new UnknownNameException(
        Find(name) is { } other
            ? $"The workflow '{name}' has no version {version}; the project has version {other.Definition.Version}."
            : $"There is no workflow '{name}'. {Suggest(name)}");

    /// <summary>"Did you mean ..?", or the known names; and the files that cannot be read, one of which may define it.</summary>
    public string Suggest(string name) => MapReader.Suggest(name, [.. _workflows.Select(workflow => workflow.Name).Distinct(StringComparer.Ordinal)])
        + (_errors.Count == 0 ? "" : $" It may be in a file that cannot be used: {string.Join("; ", _errors.Take(3))}");

    private void Add(WorkflowResource workflow)
    {
        var same = _workflows.Find(other => other.Name == workflow.Name && other.Definition.Version == workflow.Definition.Version);
        if (same is null)
        {
            _workflows.Add(workflow);
        }
        else if (same.Origin == workflow.Origin)
        {
            _errors.Add(new SourceError(workflow.Location, 0, 0, $"Version {workflow.Definition.Version} of the workflow '{workflow.Name}' is defined in {same.Location} too; give one of them another name or version."));
        }
    }

    private void Add(EventHandlerResource handler)
    {
        if (!_eventHandlers.Exists(other => other.Definition.Name == handler.Definition.Name))
        {
            _eventHandlers.Add(handler);
        }
    }

    private void Try(Action read)
    {
        try
        {
            read();
        }
        catch (DefinitionException error)
        {
            _errors.AddRange(error.Errors);
        }
    }
}
