using Idflow.Conductor.Model;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions.Operators;

/// <summary>SET_VARIABLE: puts each entry of its input into the workflow's variables.</summary>
internal sealed class SetVariableOperator : IOperator
{
    public OperatorKind Kind => OperatorKind.Sync;

    public IEnumerable<TaskRow> Map(Mapping mapping, WorkflowTask entry) =>
        [mapping.NewTask(entry, TaskTypes.SetVariable, TaskExecutionStatus.IN_PROGRESS, mapping.Input(entry))];

    public TaskRow Execute(WorkflowState state, DecisionContext context, TaskRow task)
    {
        var variables = TaskInputs.Overlay(state.Row.Variables, task.Input);
        var limit = context.Services.Limits.VariablesBytes;
        var bytes = PayloadSize.Of(variables);
        if (bytes > limit)
        {
            return task.Ended(TaskExecutionStatus.FAILED_WITH_TERMINAL_ERROR, context.Now,
                $"The variables payload size: {bytes} of workflow: {state.Id} is greater than the permissible limit: {limit / 1024} kilobytes ({LimitSettings.Variables})");
        }
        state.Put(state.Row with { Variables = variables });
        return task.Ended(TaskExecutionStatus.COMPLETED, context.Now);
    }
}
