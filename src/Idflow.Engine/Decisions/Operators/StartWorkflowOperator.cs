using Idflow.Conductor.Model;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions.Operators;

/// <summary>START_WORKFLOW: starts a workflow that knows nothing of this one. The engine does it once this task is on disk.</summary>
internal sealed class StartWorkflowOperator : IOperator
{
    public OperatorKind Kind => OperatorKind.Async;

    public IEnumerable<TaskRow> Map(Mapping mapping, WorkflowTask entry) =>
    [
        mapping.NewTask(entry, TaskTypes.StartWorkflow, TaskExecutionStatus.SCHEDULED, mapping.Input(entry)) with
        {
            DueTime = mapping.Context.Now + entry.StartDelay * 1000L,
            CallbackAfterSeconds = entry.StartDelay,
        },
    ];
}
