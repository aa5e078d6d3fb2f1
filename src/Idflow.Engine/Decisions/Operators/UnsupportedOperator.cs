using Idflow.Conductor.Model;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions.Operators;

/// <summary>System tasks of Conductor that need a product or a runtime this engine does not have: the task fails and says so.</summary>
internal sealed class UnsupportedOperator(string type) : IOperator
{
    public OperatorKind Kind => OperatorKind.Sync;

    public IEnumerable<TaskRow> Map(Mapping mapping, WorkflowTask entry) => [mapping.NewTask(entry, type, TaskExecutionStatus.IN_PROGRESS, mapping.Input(entry))];

    public TaskRow Execute(WorkflowState state, DecisionContext context, TaskRow task) =>
        task.Ended(TaskExecutionStatus.FAILED_WITH_TERMINAL_ERROR, context.Now, $"Task type {type} is not supported by this engine");
}
