namespace Idflow.Engine;

/// <summary>Tells when workflows change, for callers that wait for what becomes of one.</summary>
public interface IWorkflowWatching
{
    /// <summary>A watch over no workflow yet. Add one before it is read: then no change of it is missed.</summary>
    WorkflowWatch Watch();
}
