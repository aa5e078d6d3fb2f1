using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.Expressions;
using Idflow.Engine.State;
using Idflow.Scripting;

namespace Idflow.Engine.Decisions.Operators;

/// <summary>DECISION, the older SWITCH: a case by an input key or a script; its task does not show the evaluated input.</summary>
internal sealed class DecisionOperator : IOperator
{
    public OperatorKind Kind => OperatorKind.Sync;

    public IEnumerable<TaskRow> Map(Mapping mapping, WorkflowTask entry)
    {
        var value = JavaText.Of(Value(mapping, entry));
        var chosen = entry.DecisionCases.GetValueOrDefault(value) is { Count: > 0 } found ? found : entry.DefaultCase;
        var task = mapping.NewTask(entry, TaskTypes.Decision, TaskExecutionStatus.IN_PROGRESS) with
        {
            TaskDefName = TaskTypes.Decision,
            Output = new JsonObject { ["caseOutput"] = new JsonArray(value) },
        };
        return SwitchOperator.WithCase(mapping, task, value, chosen);
    }

    public TaskRow Execute(WorkflowState state, DecisionContext context, TaskRow task) => task.Ended(TaskExecutionStatus.COMPLETED, context.Now);

    private static JsonNode? Value(Mapping mapping, WorkflowTask entry)
    {
        var input = mapping.Input(entry);
        if (string.IsNullOrWhiteSpace(entry.CaseExpression))
        {
            return input[entry.CaseValueParam ?? ""];
        }
        try
        {
            return Evaluators.Script(mapping.Context, entry.CaseExpression, input);
        }
        catch (ScriptException error)
        {
            throw new WorkflowEndException(WorkflowStatus.FAILED, error.Message);
        }
    }
}
