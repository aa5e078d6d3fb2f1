using Idflow.Conductor.Model;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions.Operators;

/// <summary>SIMPLE: a task that workers poll for by the entry's name.</summary>
internal sealed class SimpleOperator : IOperator
{
    public OperatorKind Kind => OperatorKind.Worker;

    public IEnumerable<TaskRow> Map(Mapping mapping, WorkflowTask entry) => [mapping.NewWorkerTask(entry, entry.Name!)];
}
