using Idflow.Conductor.Model;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions.Operators;

/// <summary>HUMAN: open until somebody updates it.</summary>
internal sealed class HumanOperator : IOperator
{
    public OperatorKind Kind => OperatorKind.Open;

    public IEnumerable<TaskRow> Map(Mapping mapping, WorkflowTask entry)
    {
        var taskId = mapping.Context.Ids.NewId();
        return [mapping.NewTask(entry, TaskTypes.Human, TaskExecutionStatus.IN_PROGRESS, mapping.Input(entry, taskId), taskId)];
    }
}
