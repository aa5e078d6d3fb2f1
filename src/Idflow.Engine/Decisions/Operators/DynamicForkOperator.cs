using System.Globalization;
using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.Expressions;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions.Operators;

/// <summary>FORK_JOIN_DYNAMIC: as FORK_JOIN, with branches of one task each that the input plans; see <see cref="ForkPlan"/>.</summary>
internal sealed class DynamicForkOperator : IOperator
{
    /// <summary>The input of a dynamic fork's task that names its branches.</summary>
    public const string ForkedTasksKey = "forkedTasks";

    public OperatorKind Kind => OperatorKind.Sync;

    public IEnumerable<TaskRow> Map(Mapping mapping, WorkflowTask entry)
    {
        var input = Input(mapping, entry);
        var plan = ForkPlan.Of(mapping, entry, input);
        if (mapping.State.Graph.After(entry.TaskReferenceName!) is not { Type: TaskTypes.Join } join)
        {
            throw new WorkflowEndException(WorkflowStatus.FAILED, "Dynamic join definition is not followed by a join task.  Check the workflow definition.");
        }
        var limit = mapping.Context.Services.Limits.ForkBranches;
        if (plan.Count > limit)
        {
            throw new WorkflowEndException(WorkflowStatus.FAILED, $"Dynamic fork {entry.TaskReferenceName} has {plan.Count} branches; the limit is {limit}");
        }
        var members = new List<TaskRow>();
        var taken = new HashSet<string> { entry.TaskReferenceName!, join.TaskReferenceName! };
        var joinOn = new List<string>();
        foreach (var branch in plan)
        {
            var tasks = Members(mapping, branch, taken);
            members.AddRange(tasks);
            joinOn.Add(tasks[^1].PlainName);
        }
        input[ForkedTasksKey] = JoinOn.ToInput(joinOn);
        AddPlan(mapping, entry, input, plan);
        // Its members are no entries of the definition, so nothing is left to be derived from it.
        var fork = ForkJoinOperator.NewFork(mapping, entry, input) with { Executed = true };
        var joinInput = (JsonObject)join.InputParameters.DeepClone();
        joinInput[JoinOn.InputKey] = JoinOn.ToInput(joinOn);
        return [fork, .. members, JoinOperator.NewJoin(mapping, join, joinInput)];
    }

    private static JsonObject Input(Mapping mapping, WorkflowTask entry)
    {
        try
        {
            return mapping.Input(entry);
        }
        catch (PayloadOverflowException overflow)
        {
            throw TooLarge(mapping, entry, overflow.Bytes);
        }
    }

    private static WorkflowEndException TooLarge(Mapping mapping, WorkflowTask entry, long bytes) => new(WorkflowStatus.FAILED, string.Create(CultureInfo.InvariantCulture,
        $"The payload size: {bytes} of task: {entry.TaskReferenceName} in workflow: {mapping.State.Id}  is greater than the permissible limit: {mapping.Context.Services.Limits.TaskPayloadBytes} bytes (its input; {LimitSettings.TaskPayload})"));

    /// <summary>The branches' entries, for those who read the fork; left out where they would take its input over the limit.</summary>
    private static void AddPlan(Mapping mapping, WorkflowTask entry, JsonObject input, IReadOnlyList<ForkBranch> plan)
    {
        var limit = mapping.Context.Services.Limits.TaskPayloadBytes;
        if (PayloadSize.Of(input) is var bytes && bytes > limit)
        {
            throw TooLarge(mapping, entry, bytes);
        }
        input["forkedTaskDefs"] = new JsonArray([.. plan.Select(ForkPlan.ToJson)]);
        if (PayloadSize.Of(input) > limit)
        {
            input.Remove("forkedTaskDefs");
        }
    }

    private static IReadOnlyList<TaskRow> Members(Mapping mapping, ForkBranch branch, HashSet<string> taken) =>
        taken.Add(branch.Entry.TaskReferenceName!) && (branch.IsData ? mapping.Literal() : mapping).Map(branch.Entry) is { Count: > 0 } tasks
            ? tasks
            : throw new WorkflowEndException(WorkflowStatus.FAILED, $"No task found for fork task name = {branch.Entry.Name}, taskReferenceName = {branch.Entry.TaskReferenceName}. The reference name is taken.");
}
