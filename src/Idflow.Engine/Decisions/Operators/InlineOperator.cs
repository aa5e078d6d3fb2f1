using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.State;
using Idflow.Scripting;

namespace Idflow.Engine.Decisions.Operators;

/// <summary>INLINE: the value of a script, or of one of its inputs.</summary>
internal sealed class InlineOperator : IOperator
{
    public OperatorKind Kind => OperatorKind.Sync;

    public IEnumerable<TaskRow> Map(Mapping mapping, WorkflowTask entry) => [NewScriptTask(mapping, entry, TaskTypes.Inline)];

    public static TaskRow NewScriptTask(Mapping mapping, WorkflowTask entry, string type)
    {
        var taskId = mapping.Context.Ids.NewId();
        return mapping.NewTask(entry, type, TaskExecutionStatus.IN_PROGRESS, mapping.Input(entry, taskId, withTemplate: true), taskId);
    }

    public TaskRow Execute(Execution execution, TaskRow task)
    {
        var type = task.Input["evaluatorType"]?.ToString() ?? "javascript";
        var expression = task.Input["expression"]?.ToString();
        if (string.IsNullOrWhiteSpace(type))
        {
            return Failed(execution, task, TaskExecutionStatus.FAILED_WITH_TERMINAL_ERROR, "Empty 'evaluatorType' in INLINE task's input parameters. A non-empty String value must be provided.");
        }
        if (!Evaluators.IsKnown(type))
        {
            return Failed(execution, task, TaskExecutionStatus.FAILED_WITH_TERMINAL_ERROR, $"Unknown evaluator '{type}' in INLINE task.");
        }
        if (string.IsNullOrWhiteSpace(expression))
        {
            return Failed(execution, task, TaskExecutionStatus.FAILED_WITH_TERMINAL_ERROR, "Empty 'expression' in Inline task's input parameters. A non-empty String value must be provided.");
        }
        try
        {
            return Completed(execution, task, Evaluators.Evaluate(execution.Context, type, expression, Evaluators.WithSecrets(execution.Context, task.Input)));
        }
        catch (ScriptException error)
        {
            var status = error.Failure == ScriptFailure.Timeout ? TaskExecutionStatus.FAILED : TaskExecutionStatus.FAILED_WITH_TERMINAL_ERROR;
            return Failed(execution, task, status, error.Message);
        }
    }

    public static TaskRow Completed(Execution execution, TaskRow task, JsonNode? result) => task with
    {
        Status = TaskExecutionStatus.COMPLETED,
        Output = new JsonObject { ["result"] = result },
        EndTime = execution.Context.Now,
    };

    public static TaskRow Failed(Execution execution, TaskRow task, TaskExecutionStatus status, string reason) => task with
    {
        Status = status,
        Reason = reason,
        Output = new JsonObject { ["error"] = reason },
        EndTime = execution.Context.Now,
    };
}
