using Idflow.Conductor.Model;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions.Operators;

/// <summary>Any type the engine does not know: workers poll for the type. As in Conductor its task shows no response time and no start delay; those of a registered definition hold nevertheless.</summary>
internal sealed class UserDefinedOperator : IOperator
{
    public OperatorKind Kind => OperatorKind.Worker;

    public IEnumerable<TaskRow> Map(Mapping mapping, WorkflowTask entry) =>
        [mapping.NewWorkerTask(entry, entry.Type) with { ResponseTimeoutSeconds = 0, StartDelaySeconds = 0 }];
}
