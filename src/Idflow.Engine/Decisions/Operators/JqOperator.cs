using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.Expressions;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions.Operators;

/// <summary>JSON_JQ_TRANSFORM: the outputs of a jq program over the task's whole input.</summary>
internal sealed class JqOperator : IOperator
{
    public OperatorKind Kind => OperatorKind.Sync;

    public IEnumerable<TaskRow> Map(Mapping mapping, WorkflowTask entry) => [InlineOperator.NewScriptTask(mapping, entry, TaskTypes.JsonJqTransform)];

    public TaskRow Execute(Execution execution, TaskRow task)
    {
        var query = task.Input["queryExpression"]?.ToString();
        if (string.IsNullOrWhiteSpace(query))
        {
            return InlineOperator.Failed(execution, task, TaskExecutionStatus.FAILED, "Missing 'queryExpression' in input parameters");
        }
        try
        {
            var results = execution.Context.Services.Jq.Evaluate(query, Evaluators.WithSecrets(execution.Context, task.Input));
            return task with
            {
                Status = TaskExecutionStatus.COMPLETED,
                Output = new JsonObject
                {
                    ["result"] = results.Count == 0 ? null : results[0]?.DeepClone(),
                    ["resultList"] = new JsonArray([.. results.Select(result => result?.DeepClone())]),
                },
                EndTime = execution.Context.Now,
            };
        }
        catch (JqException error)
        {
            return InlineOperator.Failed(execution, task, TaskExecutionStatus.FAILED, error.Message);
        }
    }
}
