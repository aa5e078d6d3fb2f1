using System.Globalization;
using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.Decisions.Operators;
using Idflow.Engine.Queues;
using Idflow.Engine.State;
using Idflow.Engine.Storage;

namespace Idflow.Durability.Tests.Simulation;

/// <summary>What must hold of the disk, looked at from outside of the engine: at every restart, and more of it at the end.</summary>
internal sealed class SimulationChecks(SimulatedProcess process, IEngineStore disk, SimulatedClients clients, SimulatedOperators operators, SimulatedMessages messages, SimulationWatch watch)
{
    private const int MostAtOnce = 5;

    /// <summary>What holds at any time.</summary>
    public IEnumerable<string> Always()
    {
        var faults = new List<string>();
        faults.AddRange(clients.Started.Where(start => !watch.Removed.ContainsKey(start.Key) && disk.ReadWorkflow(start.Key) is null).Select(start => $"the acknowledged start of {start.Value} {start.Key} is lost"));
        foreach (var (taskId, (workflowId, shown)) in clients.Results)
        {
            if (watch.Removed.ContainsKey(workflowId) || watch.WasAsked("reopen", watch.RootOf(workflowId)))
            {
                continue;
            }
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
        faults.AddRange(clients.Lines.Where(line => !watch.Removed.ContainsKey(line.WorkflowId) && !operators.Rewound.Contains(watch.RootOf(line.WorkflowId)) && disk.ReadTaskLogs(line.TaskId).All(kept => kept.Text != line.Line)).Select(line => $"the acknowledged '{line.Line}' of {line.TaskId} is lost"));
        var ids = new HashSet<string>();
        foreach (var row in All())
        {
            faults.AddRange(Of(row, ids));
        }
        faults.AddRange(messages.Check(disk));
        var busy = new OpenTasks(disk);
        faults.AddRange(busy.InProgress.GetValueOrDefault("work") is var count and > MostAtOnce ? [$"{count} tasks of 'work' are in progress, and {MostAtOnce} may be"] : []);
        return faults;
    }

    /// <summary>What holds once the trouble has stopped and all is quiet.</summary>
    public IEnumerable<string> AtTheEnd()
    {
        var faults = Always().ToList();
        foreach (var row in All())
        {
            var label = $"{row.Name} {row.WorkflowId}";
            if (!row.Status.IsTerminal())
            {
                faults.Add($"{label} is still {row.Status}: {string.Join(' ', disk.ReadTasks(row.WorkflowId).Where(task => !task.IsTerminal).Select(task => $"{task.ReferenceName}:{task.Status}"))}");
            }
            switch (row)
            {
                case { Name: "main", Status: WorkflowStatus.COMPLETED } when !operators.Rewound.Contains(row.WorkflowId):
                    Once("child", $"{row.WorkflowId}-started", label, faults);
                    Once("cleanup", $"{row.WorkflowId}-told", label, faults);
                    break;
                case { Name: "counting", Status: WorkflowStatus.COMPLETED } when !operators.Rewound.Contains(row.WorkflowId) && (int?)row.Output["count"] != SimulatedWorkflows.Rounds:
                    faults.Add($"{label} counted to {row.Output.ToJsonString()}");
                    break;
                case { Name: "asking", Status: WorkflowStatus.COMPLETED } when !watch.WasAsked("reopen", row.WorkflowId) && row.Output["heard"] is not JsonArray { Count: 1 }:
                    faults.Add($"{label} was heard {row.Output.ToJsonString()}");
                    break;
                case { Name: "failing" or "short", Status: WorkflowStatus.FAILED or WorkflowStatus.TIMED_OUT } when row.Output["conductor.failure_workflow"] is { } cleanup && watch.Row((string)cleanup!) is null && !watch.Removed.ContainsKey((string)cleanup!):
                    faults.Add($"{label} has no failure workflow");
                    break;
                default:
                    break;
            }
        }
        faults.AddRange(OfSchedules());
        if (disk.ReadOutbox() is { Count: > 0 } left)
        {
            faults.Add($"{left.Count} effects are left: {left[0].Kind} of {left[0].WorkflowId}");
        }
        return faults;
    }

    private IEnumerable<WorkflowRow> All() => SimulatedWorkflows.Names.SelectMany(name => disk.FindByName(name, null, 0, long.MaxValue)).Select(id => disk.ReadWorkflow(id)!);

    private IEnumerable<string> Of(WorkflowRow row, HashSet<string> ids)
    {
        var tasks = disk.ReadTasks(row.WorkflowId);
        var label = $"{row.Name} {row.WorkflowId}";
        var same = tasks.GroupBy(task => (task.ReferenceName, task.RetryCount)).Where(group => group.Count() > 1).Select(group => $"{label} has {group.Key} {group.Count()} times");
        var sequence = tasks.GroupBy(task => task.Seq).Where(group => group.Count() > 1).Select(group => $"{label} has sequence {group.Key} twice");
        var known = tasks.Where(task => !ids.Add(task.TaskId)).Select(task => $"the task id {task.TaskId} is there twice");
        var open = tasks.Where(task => row.Status.IsTerminal() && !task.IsTerminal).Select(task => $"{label} has ended {row.Status} with {task.ReferenceName} {task.Status}");
        var children = tasks.Where(task => !watch.WasAsked("reopen", watch.RootOf(row.WorkflowId)) && task is { TaskType: TaskTypes.SubWorkflow, Status: TaskExecutionStatus.COMPLETED } && watch.Row(task.SubWorkflowId!) is not { Status: WorkflowStatus.COMPLETED })
            .Select(task => $"{label} took {task.SubWorkflowId} for completed");
        return [.. same, .. sequence, .. known, .. open, .. children];
    }

    private void Once(string name, string correlationId, string label, List<string> faults)
    {
        var count = disk.FindByCorrelationId(name, correlationId, openOnly: false).Count + watch.Removed.Values.Count(row => row.Name == name && row.CorrelationId == correlationId);
        if (count != 1)
        {
            faults.Add($"{label} caused {count} runs of {name}");
        }
    }

    /// <summary>While nothing is under way: the engine's queues hold what the rows say.</summary>
    public IEnumerable<string> Queues()
    {
        var sizes = process.Engine.GetAllQueueSizesAsync().GetAwaiter().GetResult();
        var rows = new OpenTasks(disk).Waiting;
        return sizes.Keys.Union(rows.Keys).Where(name => sizes.GetValueOrDefault(name) != rows.GetValueOrDefault(name))
            .Select(name => $"{sizes.GetValueOrDefault(name)} tasks are in the queue {name}, and {rows.GetValueOrDefault(name)} are SCHEDULED on disk");
    }

    /// <summary>None left out where they are made up for; no start refused.</summary>
    private IEnumerable<string> OfSchedules()
    {
        var ticks = disk.FindByName("ticked", null, 0, long.MaxValue).Select(id => disk.ReadWorkflow(id)!).Concat(watch.Removed.Values.Where(row => row.Name == "ticked"))
            .Select(row => row.IdempotencyKey!);
        var tocks = ticks.Where(key => key.StartsWith("schedule:tock:", StringComparison.Ordinal)).Select(key => long.Parse(key.Split(':')[2], CultureInfo.InvariantCulture)).Distinct().Order().ToList();
        var gaps = tocks.Zip(tocks.Skip(1)).Where(pair => pair.Second - pair.First != SimulatedWorkflows.Tock).Select(pair => $"the schedule tock left out what is between {pair.First} and {pair.Second}");
        var refused = disk.ReadScheduleExecutions(null, 0, 1000).Where(run => run.WorkflowId is null).Select(run => $"the schedule {run.Schedule} was refused at {run.ScheduledTime}: {run.Reason}");
        return [.. gaps, .. refused];
    }

    /// <summary>Counts the open tasks of workers on disk.</summary>
    private sealed class OpenTasks : IOpenExecutions
    {
        public OpenTasks(IEngineStore disk) => disk.ReadOpen(this);

        /// <summary>By queue.</summary>
        public Dictionary<string, long> Waiting { get; } = [];

        /// <summary>By definition.</summary>
        public Dictionary<string, long> InProgress { get; } = [];

        public void Add(WorkflowRow workflow)
        {
        }

        public void Add(TaskRow task)
        {
            if (OperatorTable.KindOf(task) == OperatorKind.Worker)
            {
                var (counts, name) = task.Status == TaskExecutionStatus.SCHEDULED ? (Waiting, TaskQueues.NameOf(task.TaskType, task.Domain)) : (InProgress, task.TaskDefName);
                counts[name] = counts.GetValueOrDefault(name) + 1;
            }
        }

        public void Unreadable(string workflowId, Exception error) => throw error;
    }
}
