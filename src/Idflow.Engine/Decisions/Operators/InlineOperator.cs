using Idflow.Conductor.Model;
using Idflow.Engine.State;
using Idflow.Scripting;

namespace Idflow.Engine.Decisions.Operators;

/// <summary>INLINE: the value of a script, or of one of its inputs.</summary>
internal sealed class InlineOperator : IOperator
{
    public OperatorKind Kind => OperatorKind.Sync;

    public IEnumerable<TaskRow> Map(Mapping mapping, WorkflowTask entry) => [ScriptTask.New(mapping, entry, TaskTypes.Inline)];

    public TaskRow Execute(WorkflowState state, DecisionContext context, TaskRow task)
    {
        var type = task.Input["evaluatorType"]?.ToString() ?? "javascript";
        var expression = task.Input["expression"]?.ToString();
        if (string.IsNullOrWhiteSpace(type))
        {
            return ScriptTask.Failed(context, task, TaskExecutionStatus.FAILED_WITH_TERMINAL_ERROR, "Empty 'evaluatorType' in INLINE task's input parameters. A non-empty String value must be provided.");
        }
        if (!Evaluators.IsKnown(type))
        {
            return ScriptTask.Failed(context, task, TaskExecutionStatus.FAILED_WITH_TERMINAL_ERROR, $"Unknown evaluator '{type}' in INLINE task.");
        }
        if (string.IsNullOrWhiteSpace(expression))
        {
            return ScriptTask.Failed(context, task, TaskExecutionStatus.FAILED_WITH_TERMINAL_ERROR, "Empty 'expression' in Inline task's input parameters. A non-empty String value must be provided.");
        }
        try
        {
            return ScriptTask.Completed(context, task, Evaluators.Evaluate(context, type, expression, Evaluators.WithSecrets(context, task.Input)));
        }
        catch (ScriptException error)
        {
            var status = error.Failure == ScriptFailure.Timeout ? TaskExecutionStatus.FAILED : TaskExecutionStatus.FAILED_WITH_TERMINAL_ERROR;
            return ScriptTask.Failed(context, task, status, error.Message);
        }
    }
}
