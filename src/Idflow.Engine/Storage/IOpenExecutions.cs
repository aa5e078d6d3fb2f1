using Idflow.Engine.State;

namespace Idflow.Engine.Storage;

/// <summary>Takes what is open when it is read from a store, row by row. Payloads, and entries that stand in the snapshot, are not read.</summary>
internal interface IOpenExecutions
{
    void Add(WorkflowRow workflow);

    /// <summary>An open task of the workflow that was added last.</summary>
    void Add(TaskRow task);

    /// <summary>A row of that workflow cannot be read.</summary>
    void Unreadable(string workflowId, Exception error);
}
