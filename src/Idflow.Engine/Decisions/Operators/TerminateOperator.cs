using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions.Operators;

/// <summary>TERMINATE: ends its workflow with the status, reason and output of its input; see <see cref="Ending.ByTerminateTask"/>.</summary>
internal sealed class TerminateOperator : IOperator
{
    public OperatorKind Kind => OperatorKind.Sync;

    public IEnumerable<TaskRow> Map(Mapping mapping, WorkflowTask entry)
    {
        var taskId = mapping.Context.Ids.NewId();
        return [mapping.NewTask(entry, TaskTypes.Terminate, TaskExecutionStatus.IN_PROGRESS, mapping.Input(entry, taskId), taskId)];
    }

    public TaskRow Execute(WorkflowState state, DecisionContext context, TaskRow task)
    {
        if (StatusOf(task) is null)
        {
            return task.Ended(TaskExecutionStatus.FAILED, context.Now, "given termination status is not valid");
        }
        return task.Ended(TaskExecutionStatus.COMPLETED, context.Now) with
        {
            Output = task.Input["workflowOutput"] switch
            {
                JsonObject map => (JsonObject)map.DeepClone(),
                null => [],
                var value => new JsonObject { ["output"] = value.DeepClone() },
            },
        };
    }

    /// <summary>The status it gives its workflow; null when the input names none.</summary>
    public static WorkflowStatus? StatusOf(TaskRow task) => task.Input["terminationStatus"]?.ToString() switch
    {
        "COMPLETED" => WorkflowStatus.COMPLETED,
        "FAILED" => WorkflowStatus.FAILED,
        "TERMINATED" => WorkflowStatus.TERMINATED,
        _ => null,
    };
}
