using Idflow.Conductor.Model;
using Idflow.Engine.State;
using Idflow.Engine.Storage;
using Idflow.Engine.Storage.Memory;

namespace Idflow.Engine.Tests.Simulation;

/// <summary>What must hold of a disk, looked at from outside of the engine.</summary>
internal static class Checkers
{
    public static IReadOnlyList<string> Check(SimulatedRun run)
    {
        var faults = new List<string>();
        foreach (var id in run.Started)
        {
            if (run.Disk.ReadWorkflow(id) is not { } row)
            {
                faults.Add($"the acknowledged start {id} is lost");
            }
            else if (!row.Status.IsTerminal())
            {
                faults.Add($"{row.Name} {id} is still {row.Status}");
            }
        }
        foreach (var (taskId, output) in run.Acknowledged)
        {
            if (run.Disk.ReadTask(taskId) is { } task && task.Output.ToJsonString() != output)
            {
                faults.Add($"the result of task {taskId} was {output} and is {task.Output.ToJsonString()}");
            }
        }
        foreach (var row in All(run.Disk))
        {
            CheckWorkflow(run.Disk, row, faults);
        }
        return faults;
    }

    private static IEnumerable<WorkflowRow> All(InMemoryStore disk) => SampleNames.SelectMany(name => disk.FindByName(name, null, 0, long.MaxValue)).Select(id => disk.ReadWorkflow(id)!);

    private static readonly string[] SampleNames = ["main", "child", "failing", "cleanup"];

    private static void CheckWorkflow(InMemoryStore disk, WorkflowRow row, List<string> faults)
    {
        var tasks = disk.ReadTasks(row.WorkflowId);
        var label = $"{row.Name} {row.WorkflowId}";
        if (!row.Status.IsTerminal())
        {
            faults.Add($"{label} is {row.Status}");
        }
        faults.AddRange(tasks.GroupBy(task => (task.ReferenceName, task.RetryCount)).Where(same => same.Count() > 1).Select(same => $"{label} has {same.Key} {same.Count()} times"));
        faults.AddRange(tasks.GroupBy(task => task.Seq).Where(same => same.Count() > 1).Select(same => $"{label} has sequence {same.Key} twice"));
        if (row.Status.IsTerminal())
        {
            faults.AddRange(tasks.Where(task => !task.IsTerminal).Select(task => $"{label} has ended with {task.ReferenceName} {task.Status}"));
        }
        foreach (var task in tasks.Where(task => task.TaskType == TaskTypes.SubWorkflow && task.Status == TaskExecutionStatus.COMPLETED))
        {
            if (disk.ReadWorkflow(task.SubWorkflowId!) is not { Status: WorkflowStatus.COMPLETED })
            {
                faults.Add($"{label} took {task.SubWorkflowId} for completed");
            }
        }
        if (row is { Name: "main", Status: WorkflowStatus.COMPLETED })
        {
            Once(disk, "child", $"{row.WorkflowId}-started", label, faults);
            Once(disk, "cleanup", $"{row.WorkflowId}-told", label, faults);
        }
    }

    private static void Once(InMemoryStore disk, string name, string correlationId, string label, List<string> faults)
    {
        var count = disk.FindByCorrelationId(name, correlationId, openOnly: false).Count;
        if (count != 1)
        {
            faults.Add($"{label} caused {count} runs of {name}");
        }
    }
}
