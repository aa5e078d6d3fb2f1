using Idflow.Conductor.Model;
using Idflow.Engine.Expressions;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions.Operators;

/// <summary>DYNAMIC: a worker task whose name is found in the input. A name that is a system type runs as that, with the input as it is.</summary>
internal sealed class DynamicOperator : IOperator
{
    public OperatorKind Kind => OperatorKind.Worker;

    public IEnumerable<TaskRow> Map(Mapping mapping, WorkflowTask entry)
    {
        var input = mapping.Input(entry);
        if (input[entry.DynamicTaskNameParam ?? ""] is not { } value || JavaText.Of(value) is not { Length: > 0 } name)
        {
            throw new WorkflowEndException(WorkflowStatus.FAILED,
                $"Cannot map a dynamic task based on the parameter and input. Parameter= {entry.DynamicTaskNameParam}, input= {JavaText.Of(input)}");
        }
        return [OperatorTable.IsSystem(name) ? SystemTask(mapping, entry, name) : mapping.NewWorkerTask(entry with { Name = name, Type = TaskTypes.Simple }, name)];
    }

    private static TaskRow SystemTask(Mapping mapping, WorkflowTask entry, string type)
    {
        if (type is TaskTypes.ForkJoin or TaskTypes.ForkJoinDynamic or TaskTypes.Fork or TaskTypes.Switch or TaskTypes.Decision or TaskTypes.DoWhile)
        {
            throw new WorkflowEndException(WorkflowStatus.FAILED, $"The dynamic task {entry.TaskReferenceName} names {type}, which holds tasks of its own: write it into the definition");
        }
        var task = mapping.NewWorkerTask(entry with { Name = type, Type = type }, type);
        return OperatorTable.KindOf(task) switch
        {
            OperatorKind.Open => OperatorTable.Of(type).Open(task, mapping.Context.Now),
            OperatorKind.Sync => task with { StartTime = mapping.Context.Now },
            _ => task,
        };
    }
}
