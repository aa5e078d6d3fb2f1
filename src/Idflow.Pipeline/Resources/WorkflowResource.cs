using Idflow.Conductor.Model;

namespace Idflow.Pipeline.Resources;

/// <summary>A workflow definition of the project and the file it comes from.</summary>
public sealed record WorkflowResource(WorkflowDef Definition, string Origin, string Location)
{
    public string Name => Definition.Name!;
}

/// <summary>An event handler of the project and the file it comes from.</summary>
public sealed record EventHandlerResource(EventHandlerDef Definition, string Origin, string Location);
