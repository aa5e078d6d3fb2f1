using Idflow.Conductor.Model;
using Idflow.Engine.State;
using Idflow.Scripting;

namespace Idflow.Engine.Decisions.Operators;

/// <summary>LAMBDA, the older INLINE: the text is the body of a function and returns its value.</summary>
internal sealed class LambdaOperator : IOperator
{
    public OperatorKind Kind => OperatorKind.Sync;

    public IEnumerable<TaskRow> Map(Mapping mapping, WorkflowTask entry) => [ScriptTask.New(mapping, entry, TaskTypes.Lambda)];

    public TaskRow Execute(WorkflowState state, DecisionContext context, TaskRow task)
    {
        var script = task.Input["scriptExpression"]?.ToString();
        if (string.IsNullOrWhiteSpace(script))
        {
            return ScriptTask.Failed(context, task, TaskExecutionStatus.FAILED, "Empty 'scriptExpression' in Lambda task's input parameters. A non-empty String value must be provided.") with { Output = [] };
        }
        try
        {
            return ScriptTask.Completed(context, task, Evaluators.Script(context, ScriptForms.Lambda(script), Evaluators.WithSecrets(context, task.Input)));
        }
        catch (ScriptException error)
        {
            return ScriptTask.Failed(context, task, TaskExecutionStatus.FAILED, error.Message);
        }
    }
}
