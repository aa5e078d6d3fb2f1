using Idflow.Conductor.Model;
using Idflow.Engine.State;
using Idflow.Scripting;

namespace Idflow.Engine.Decisions.Operators;

/// <summary>LAMBDA, the older INLINE: the text is the body of a function and returns its value.</summary>
internal sealed class LambdaOperator : IOperator
{
    public OperatorKind Kind => OperatorKind.Sync;

    public IEnumerable<TaskRow> Map(Mapping mapping, WorkflowTask entry) => [InlineOperator.NewScriptTask(mapping, entry, TaskTypes.Lambda)];

    public TaskRow Execute(Execution execution, TaskRow task)
    {
        var script = task.Input["scriptExpression"]?.ToString();
        if (string.IsNullOrWhiteSpace(script))
        {
            return InlineOperator.Failed(execution, task, TaskExecutionStatus.FAILED, "Empty 'scriptExpression' in Lambda task's input parameters. A non-empty String value must be provided.") with { Output = [] };
        }
        try
        {
            return InlineOperator.Completed(execution, task, Evaluators.Script(execution.Context, ScriptForms.Lambda(script), Evaluators.WithSecrets(execution.Context, task.Input)));
        }
        catch (ScriptException error)
        {
            return InlineOperator.Failed(execution, task, TaskExecutionStatus.FAILED, error.Message);
        }
    }
}
