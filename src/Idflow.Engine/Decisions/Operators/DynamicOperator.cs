using Idflow.Conductor.Model;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions.Operators;

/// <summary>DYNAMIC: a worker task whose name is found in the input. A name that is a system type runs as that.</summary>
internal sealed class DynamicOperator : IOperator
{
    public OperatorKind Kind => OperatorKind.Worker;

    public IEnumerable<TaskRow> Map(Mapping mapping, WorkflowTask entry)
    {
        var input = mapping.Input(entry);
        if (input[entry.DynamicTaskNameParam ?? ""] is not { } value)
        {
            throw new WorkflowEndException(WorkflowStatus.FAILED,
                $"Cannot map a dynamic task based on the parameter and input. Parameter= {entry.DynamicTaskNameParam}, input= {Expressions.JavaText.Of(input)}");
        }
        var name = Expressions.JavaText.Of(value);
        var named = entry with { Name = name, Type = OperatorTable.IsSystem(name) ? name : TaskTypes.Simple };
        return OperatorTable.IsSystem(name) ? OperatorTable.Of(name).Map(mapping, named) : [mapping.NewWorkerTask(named, name)];
    }
}
