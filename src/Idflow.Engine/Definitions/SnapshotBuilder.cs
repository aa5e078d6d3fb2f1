using Idflow.Conductor;
using Idflow.Conductor.Model;

namespace Idflow.Engine.Definitions;

/// <summary>
/// Makes of a definition what a run uses: every entry with its task definition (its own, the registered one, or defaults), and
/// every sub-workflow without a version bound to the highest one there is now.
/// </summary>
internal static class SnapshotBuilder
{
    public static WorkflowDef Build(WorkflowDef definition, Func<string, TaskDef?> findTask, Func<string, int?, WorkflowDef?> findWorkflow) =>
        definition with { Tasks = Resolve(definition.Tasks, findTask, findWorkflow) };

    private static List<WorkflowTask> Resolve(IReadOnlyList<WorkflowTask> list, Func<string, TaskDef?> findTask, Func<string, int?, WorkflowDef?> findWorkflow) =>
    [
        .. list.Select(entry => entry with
        {
            TaskDefinition = entry.TaskDefinition ?? findTask(entry.Name ?? "") ?? AdHoc(entry),
            SubWorkflowParam = entry.Type == TaskTypes.SubWorkflow ? WithVersion(entry, findWorkflow) : entry.SubWorkflowParam,
            DecisionCases = entry.DecisionCases.ToDictionary(item => item.Key, IReadOnlyList<WorkflowTask> (item) => Resolve(item.Value, findTask, findWorkflow)),
            DefaultCase = Resolve(entry.DefaultCase, findTask, findWorkflow),
            ForkTasks = [.. entry.ForkTasks.Select(branch => Resolve(branch, findTask, findWorkflow))],
            LoopOver = Resolve(entry.LoopOver, findTask, findWorkflow),
        }),
    ];

    private static TaskDef AdHoc(WorkflowTask entry) => entry.Type == TaskTypes.Simple
        ? new TaskDef { Name = entry.Name }
        : new TaskDef { Name = entry.Name, RetryCount = 0, ResponseTimeoutSeconds = 0 };

    private static SubWorkflowParams? WithVersion(WorkflowTask entry, Func<string, int?, WorkflowDef?> findWorkflow)
    {
        var parameters = entry.SubWorkflowParam;
        if (parameters is null || parameters.Version is not null || parameters.WorkflowDefinition is System.Text.Json.Nodes.JsonObject)
        {
            return parameters;
        }
        var child = findWorkflow(parameters.Name ?? "", null)
            ?? throw ConductorException.NotFound($"The Task {parameters.Name} defined as a sub-workflow has no workflow definition available ");
        return parameters with { Version = child.Version };
    }
}
