using Idflow.Conductor.Model;
using Idflow.Engine.State;
using Idflow.Engine.Storage;

namespace Idflow.Durability.Tests.Simulation;

/// <summary>What must hold of the disk, looked at from outside of the engine: at every restart, and more of it at the end.</summary>
internal static class SimulationChecks
{
    /// <summary>What holds at any time.</summary>
    public static IEnumerable<string> Always(IEngineStore disk, SimulatedClients clients)
    {
        var faults = new List<string>();
        faults.AddRange(clients.Started.Where(start => disk.ReadWorkflow(start.Key) is null).Select(start => $"the acknowledged start of {start.Value} {start.Key} is lost"));
        foreach (var (taskId, shown) in clients.Results)
        {
            if (disk.ReadTask(taskId) is not { } task)
            {
                faults.Add($"the task {taskId} with an acknowledged result is lost");
            }
            else if (SimulatedClients.Shown(task) != shown)
            {
                faults.Add($"the result of {task.ReferenceName} {taskId} was {shown} and is {SimulatedClients.Shown(task)}");
            }
        }
        var documents = disk.ReadDocuments().Where(row => row.Kind == DocumentKind.Task).Select(row => row.Name).ToHashSet();
        faults.AddRange(clients.Defined.Where(name => !documents.Contains(name)).Select(name => $"the acknowledged definition {name} is lost"));
        faults.AddRange(clients.Lines.Where(line => disk.ReadTaskLogs(line.TaskId).All(kept => kept.Text != line.Line)).Select(line => $"the acknowledged '{line.Line}' of {line.TaskId} is lost"));
        var ids = new HashSet<string>();
        foreach (var row in All(disk))
        {
            faults.AddRange(Of(disk, row, ids));
        }
        return faults;
    }

    /// <summary>What holds once the trouble has stopped and all is quiet.</summary>
    public static IEnumerable<string> AtTheEnd(IEngineStore disk, SimulatedClients clients)
    {
        var faults = Always(disk, clients).ToList();
        foreach (var row in All(disk))
        {
            var label = $"{row.Name} {row.WorkflowId}";
            if (!row.Status.IsTerminal())
            {
                faults.Add($"{label} is still {row.Status}: {string.Join(' ', disk.ReadTasks(row.WorkflowId).Where(task => !task.IsTerminal).Select(task => $"{task.ReferenceName}:{task.Status}"))}");
            }
            switch (row)
            {
                case { Name: "main", Status: WorkflowStatus.COMPLETED }:
                    Once(disk, "child", $"{row.WorkflowId}-started", label, faults);
                    Once(disk, "cleanup", $"{row.WorkflowId}-told", label, faults);
                    break;
                case { Name: "counting", Status: WorkflowStatus.COMPLETED } when (int?)row.Output["count"] != SimulatedWorkflows.Rounds:
                    faults.Add($"{label} counted to {row.Output.ToJsonString()}");
                    break;
                case { Name: "failing" or "short", Status: WorkflowStatus.FAILED or WorkflowStatus.TIMED_OUT } when row.Output["conductor.failure_workflow"] is { } cleanup && disk.ReadWorkflow((string)cleanup!) is null:
                    faults.Add($"{label} has no failure workflow");
                    break;
                default:
                    break;
            }
        }
        var ticks = disk.FindByName("ticked", null, 0, long.MaxValue).Select(id => disk.ReadWorkflow(id)!.IdempotencyKey).ToList();
        faults.AddRange(ticks.GroupBy(key => key).Where(same => same.Count() > 1).Select(same => $"the schedule's {same.Key} started {same.Count()} times"));
        if (disk.ReadOutbox() is { Count: > 0 } left)
        {
            faults.Add($"{left.Count} effects are left: {left[0].Kind} of {left[0].WorkflowId}");
        }
        return faults;
    }

    private static IEnumerable<WorkflowRow> All(IEngineStore disk) => SimulatedWorkflows.Names.SelectMany(name => disk.FindByName(name, null, 0, long.MaxValue)).Select(id => disk.ReadWorkflow(id)!);

    private static IEnumerable<string> Of(IEngineStore disk, WorkflowRow row, HashSet<string> ids)
    {
        var tasks = disk.ReadTasks(row.WorkflowId);
        var label = $"{row.Name} {row.WorkflowId}";
        var same = tasks.GroupBy(task => (task.ReferenceName, task.RetryCount)).Where(group => group.Count() > 1).Select(group => $"{label} has {group.Key} {group.Count()} times");
        var sequence = tasks.GroupBy(task => task.Seq).Where(group => group.Count() > 1).Select(group => $"{label} has sequence {group.Key} twice");
        var known = tasks.Where(task => !ids.Add(task.TaskId)).Select(task => $"the task id {task.TaskId} is there twice");
        var open = tasks.Where(task => row.Status.IsTerminal() && !task.IsTerminal).Select(task => $"{label} has ended {row.Status} with {task.ReferenceName} {task.Status}");
        var children = tasks.Where(task => task is { TaskType: TaskTypes.SubWorkflow, Status: TaskExecutionStatus.COMPLETED } && disk.ReadWorkflow(task.SubWorkflowId!) is not { Status: WorkflowStatus.COMPLETED })
            .Select(task => $"{label} took {task.SubWorkflowId} for completed");
        return [.. same, .. sequence, .. known, .. open, .. children];
    }

    private static void Once(IEngineStore disk, string name, string correlationId, string label, List<string> faults)
    {
        var count = disk.FindByCorrelationId(name, correlationId, openOnly: false).Count;
        if (count != 1)
        {
            faults.Add($"{label} caused {count} runs of {name}");
        }
    }
}
