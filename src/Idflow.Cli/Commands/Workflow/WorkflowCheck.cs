using Idflow.Conductor.Model;
using Idflow.Documents;

namespace Idflow.Cli.Commands.Workflow;

/// <summary>What can be said about a definition without an engine. Pure.</summary>
internal static class WorkflowCheck
{
    /// <summary>Task types that an engine runs itself; every other one needs a worker.</summary>
    private static readonly HashSet<string> SystemTypes = new(StringComparer.Ordinal)
    {
        TaskTypes.Dynamic, TaskTypes.ForkJoin, TaskTypes.ForkJoinDynamic, TaskTypes.Join, TaskTypes.ExclusiveJoin, TaskTypes.DoWhile,
        TaskTypes.Switch, TaskTypes.Decision, TaskTypes.SubWorkflow, TaskTypes.StartWorkflow, TaskTypes.Terminate, TaskTypes.SetVariable,
        TaskTypes.Inline, TaskTypes.Lambda, TaskTypes.JsonJqTransform, TaskTypes.Wait, TaskTypes.Human, TaskTypes.Event, TaskTypes.Http,
        TaskTypes.Noop, TaskTypes.KafkaPublish, TaskTypes.PullWorkflowMessages,
    };

    /// <summary>One sentence for each task that no worker of the project serves, with the nearest name.</summary>
    public static IEnumerable<string> Unserved(WorkflowDef definition, IReadOnlyCollection<string> served) => All(definition.Tasks)
        .Where(task => !SystemTypes.Contains(task.Type))
        .Select(task => (task.TaskReferenceName, Polled: task.Type is TaskTypes.Simple or TaskTypes.UserDefined ? task.Name ?? "" : task.Type))
        .Where(task => !task.Polled.Contains("${", StringComparison.Ordinal) && !served.Contains(task.Polled))
        .Select(task => $"no worker of this project serves the task '{task.Polled}' ({task.TaskReferenceName}). {Hint(task.Polled, served)}");

    /// <summary>One sentence for each sub-workflow that the project does not have.</summary>
    public static IEnumerable<string> UnknownWorkflows(WorkflowDef definition, IReadOnlyCollection<string> known) => All(definition.Tasks)
        .Where(task => task.SubWorkflowParam is { WorkflowDefinition: null, Name: not null })
        .Select(task => (task.TaskReferenceName, Name: task.SubWorkflowParam!.Name!))
        .Append(("failureWorkflow", Name: definition.FailureWorkflow ?? "$"))
        .Where(task => !task.Name.Contains('$', StringComparison.Ordinal) && !known.Contains(task.Name))
        .Select(task => $"the project has no workflow '{task.Name}' ({task.Item1}). {Hint(task.Name, known)}");

    /// <summary>All tasks, nested ones too.</summary>
    public static IEnumerable<WorkflowTask> All(IEnumerable<WorkflowTask> tasks) => tasks.SelectMany(task => All(
        task.DecisionCases.Values.SelectMany(branch => branch).Concat(task.DefaultCase).Concat(task.ForkTasks.SelectMany(branch => branch)).Concat(task.LoopOver)).Prepend(task));

    private static string Hint(string name, IEnumerable<string> known) =>
        NearestName.Of(name, known) is { } nearest ? $"Did you mean '{nearest}'?" : "It waits until one does.";
}
