using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.Jq;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions.Operators;

/// <summary>JSON_JQ_TRANSFORM: the outputs of a jq program over the task's whole input.</summary>
internal sealed class JqOperator : IOperator
{
    public OperatorKind Kind => OperatorKind.Sync;

    public IEnumerable<TaskRow> Map(Mapping mapping, WorkflowTask entry) => [ScriptTask.New(mapping, entry, TaskTypes.JsonJqTransform)];

    public TaskRow Execute(WorkflowState state, DecisionContext context, TaskRow task)
    {
        var query = task.Input["queryExpression"]?.ToString();
        if (string.IsNullOrWhiteSpace(query))
        {
            return ScriptTask.Failed(context, task, TaskExecutionStatus.FAILED, "Missing 'queryExpression' in input parameters");
        }
        try
        {
            var results = context.Services.Jq.Evaluate(query, Evaluators.WithSecrets(context, task.Input));
            return task.Ended(TaskExecutionStatus.COMPLETED, context.Now) with
            {
                Output = new JsonObject
                {
                    ["result"] = results.Count == 0 ? null : results[0]?.DeepClone(),
                    ["resultList"] = new JsonArray([.. results.Select(result => result?.DeepClone())]),
                },
            };
        }
        catch (JqException error)
        {
            return ScriptTask.Failed(context, task, TaskExecutionStatus.FAILED, error.Message);
        }
    }
}
