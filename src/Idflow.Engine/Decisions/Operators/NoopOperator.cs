using Idflow.Conductor.Model;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions.Operators;

/// <summary>NOOP: ends at once; its input parameters are not looked at.</summary>
internal sealed class NoopOperator : IOperator
{
    public OperatorKind Kind => OperatorKind.Sync;

    public IEnumerable<TaskRow> Map(Mapping mapping, WorkflowTask entry) => [mapping.NewTask(entry, TaskTypes.Noop, TaskExecutionStatus.IN_PROGRESS)];

    public TaskRow Execute(WorkflowState state, DecisionContext context, TaskRow task) => task.Ended(TaskExecutionStatus.COMPLETED, context.Now);
}
