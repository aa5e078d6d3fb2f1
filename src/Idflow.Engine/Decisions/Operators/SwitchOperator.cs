using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.Expressions;
using Idflow.Engine.State;
using Idflow.Scripting;

namespace Idflow.Engine.Decisions.Operators;

/// <summary>SWITCH: chooses a case when it is scheduled, and schedules the first task of that case with itself.</summary>
internal sealed class SwitchOperator : IOperator
{
    public OperatorKind Kind => OperatorKind.Sync;

    public IEnumerable<TaskRow> Map(Mapping mapping, WorkflowTask entry)
    {
        if (!Evaluators.IsKnown(entry.EvaluatorType))
        {
            throw new WorkflowEndException(WorkflowStatus.FAILED, $"No evaluator registered for type: {entry.EvaluatorType}");
        }
        var input = mapping.Input(entry);
        string value;
        try
        {
            value = JavaText.Of(Evaluators.Evaluate(mapping.Context, entry.EvaluatorType!, entry.Expression ?? "", input));
        }
        catch (ScriptException error)
        {
            return [NewSwitch(mapping, entry, input).Ended(TaskExecutionStatus.FAILED, mapping.Context.Now, error.Message)];
        }
        var chosen = entry.DecisionCases.GetValueOrDefault(value) ?? entry.DefaultCase;
        var output = new JsonObject { ["evaluationResult"] = new JsonArray(value), ["selectedCase"] = value };
        return WithCase(mapping, NewSwitch(mapping, entry, input) with { Output = output }, value, chosen);
    }

    public TaskRow Execute(WorkflowState state, DecisionContext context, TaskRow task) => task.Ended(TaskExecutionStatus.COMPLETED, context.Now);

    private static TaskRow NewSwitch(Mapping mapping, WorkflowTask entry, JsonObject input) =>
        mapping.NewTask(entry, TaskTypes.Switch, TaskExecutionStatus.IN_PROGRESS, input) with { TaskDefName = TaskTypes.Switch };

    /// <summary>The switch and the first task of a case; the input says which case it is, and that something follows in it.</summary>
    public static IEnumerable<TaskRow> WithCase(Mapping mapping, TaskRow task, string value, IReadOnlyList<WorkflowTask> chosen)
    {
        task.Input["case"] = value;
        if (chosen.Count == 0 || mapping.Map(chosen[0]) is not { Count: > 0 } members)
        {
            return [task];
        }
        task.Input["hasChildren"] = "true";
        return [task, .. members];
    }
}
