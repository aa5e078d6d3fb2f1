using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.State;
using Idflow.Engine.Storage;

namespace Idflow.Durability.Tests.Simulation;

/// <summary>What clients do, and what they may rely on from the moment they hear that it is done; the disk is asked at that moment.</summary>
internal sealed class SimulatedClients(SimulatedProcess process, SimulatedDisk disk, Random random, Action<string> trace)
{
    private readonly List<TaskExecution> _held = [];
    private readonly List<TaskResult> _sent = [];
    private int _names;

    /// <summary>Acknowledged starts and the definition of each.</summary>
    public SortedDictionary<string, string> Started { get; } = new(StringComparer.Ordinal);

    /// <summary>Acknowledged starts under a key.</summary>
    public Dictionary<string, string> Keyed { get; } = [];

    /// <summary>What an ended task showed when its result was acknowledged.</summary>
    public Dictionary<string, string> Results { get; } = [];

    /// <summary>Acknowledged definitions of tasks.</summary>
    public HashSet<string> Defined { get; } = [];

    /// <summary>Acknowledged lines of log.</summary>
    public List<(string TaskId, string Line)> Lines { get; } = [];

    public HashSet<string> Terminated { get; } = [];

    public List<string> Faults { get; } = [];

    private IEngineStore Disk => disk.Content;

    public void Act()
    {
        switch (random.Next(20))
        {
            case < 3:
                Start();
                break;
            case < 7:
                Poll();
                break;
            case < 12:
                Report();
                break;
            case 12:
                if (_sent.Count > 0)
                {
                    Send(_sent[random.Next(_sent.Count)]);
                }
                break;
            case 13:
                Define();
                break;
            case 14:
                _held.RemoveAll(_ => random.Next(2) == 0);
                process.Call(() => process.Engine.ReleaseTasksOfWorkerAsync("sim"), _ => { });
                break;
            case 15:
                Signal();
                break;
            default:
                Operate();
                break;
        }
    }

    private void Start()
    {
        var name = random.Next(6) switch { 0 => "failing", 1 => "waiting", 2 => "counting", 3 => "short", _ => "main" };
        var key = random.Next(4) == 0 ? $"key{random.Next(5)}" : null;
        trace($"start {name} {key}");
        process.Call(
            () => process.Engine.StartWorkflowAsync(new StartWorkflowRequest
            {
                Name = name,
                Input = new JsonObject { ["v"] = random.Next(1000) },
                IdempotencyKey = key,
                IdempotencyStrategy = IdempotencyStrategy.RETURN_EXISTING,
            }),
            id =>
            {
                Started[id] = name;
                Expect(Disk.ReadWorkflow(id) is not null, $"the start of {name} {id} was acknowledged and is not on disk");
                if (key is not null && !Keyed.TryAdd($"{name}/{key}", id))
                {
                    Expect(Keyed[$"{name}/{key}"] == id, $"the key {key} of {name} gave {id} and before {Keyed[$"{name}/{key}"]}");
                }
            });
    }

    private void Poll() => process.Call(
        () => process.Engine.PollTasksAsync(random.Next(4) == 0 ? "breaks" : "work", random.Next(2) == 0 ? "sim-1" : "other", count: 3, timeout: TimeSpan.Zero),
        _held.AddRange);

    private void Report()
    {
        if (_held.Count == 0)
        {
            return;
        }
        var task = _held[random.Next(_held.Count)];
        var result = new TaskResult
        {
            TaskId = task.TaskId,
            WorkflowInstanceId = task.WorkflowInstanceId,
            WorkerId = "sim-1",
            Status = random.Next(6) switch { 0 => TaskResultStatus.FAILED, 1 => TaskResultStatus.IN_PROGRESS, _ => TaskResultStatus.COMPLETED },
            OutputData = new JsonObject { ["v"] = task.InputData["v"]?.DeepClone(), ["n"] = random.Next(1_000_000) },
            Logs = [],
        };
        _sent.Add(result);
        _held.Remove(task);
        Send(result);
        if (random.Next(4) == 0)
        {
            var line = $"line {_names++}";
            process.Call(() => process.Engine.AddTaskLogAsync(result.TaskId!, line), () => Lines.Add((result.TaskId!, line)));
        }
    }

    private void Send(TaskResult result)
    {
        // A value of its own each time: the first that counts must stay.
        var sent = result with { OutputData = new JsonObject { ["v"] = result.OutputData["v"]?.DeepClone(), ["n"] = random.Next(1_000_000) } };
        trace($"send {sent.TaskId} {sent.Status}");
        process.Call(() => process.Engine.UpdateTaskAsync(sent), _ => Note(sent.TaskId!, sent.Status != TaskResultStatus.IN_PROGRESS));
    }

    private void Signal()
    {
        if (Any("waiting") is { } id)
        {
            process.Call(
                () => process.Engine.UpdateTaskByReferenceAsync(id, "human", TaskResultStatus.COMPLETED, new JsonObject { ["n"] = random.Next(1_000_000) }),
                taskId => Note(taskId, true));
        }
    }

    /// <summary>A final result was acknowledged: the task has ended on disk, and shows for ever what it shows now.</summary>
    private void Note(string? taskId, bool isFinal)
    {
        if (taskId is null || !isFinal || Disk.ReadTask(taskId) is not { } task)
        {
            return;
        }
        Expect(task.IsTerminal || Disk.ReadWorkflow(task.WorkflowId)!.Status.IsTerminal(), $"the result of {task.ReferenceName} {taskId} was acknowledged and is not on disk: {task.Status}");
        if (task.IsTerminal)
        {
            Results.TryAdd(taskId, Shown(task));
        }
    }

    public static string Shown(TaskRow task) => $"{task.Status} {task.Output.ToJsonString()}";

    private void Define()
    {
        var name = $"def{_names++}";
        process.Call(() => process.Engine.CreateTaskDefsAsync([new TaskDef { Name = name, OwnerEmail = "ops@example.com" }]), () => Defined.Add(name));
    }

    private void Operate()
    {
        if (Any(null) is not { } id)
        {
            return;
        }
        var operation = random.Next(8);
        trace($"operate {operation} {id}");
        switch (operation)
        {
            case 0:
                process.Call(() => process.Engine.PauseWorkflowAsync(id));
                break;
            case 1 or 2 or 3:
                process.Call(() => process.Engine.ResumeWorkflowAsync(id));
                break;
            case 4 when !Terminated.Contains(id):
                Terminated.Add(id);
                process.Call(() => process.Engine.TerminateWorkflowAsync(id, "simulated"));
                break;
            case 5:
                process.Call(() => process.Engine.GetWorkflowAsync(id), _ => { });
                break;
            default:
                process.Call(() => process.Engine.RetryWorkflowAsync(id));
                break;
        }
    }

    private string? Any(string? name)
    {
        var candidates = Started.Where(start => name is null || start.Value == name).Select(start => start.Key).ToList();
        return candidates.Count == 0 ? null : candidates[random.Next(candidates.Count)];
    }

    private void Expect(bool holds, string fault)
    {
        if (!holds)
        {
            Faults.Add(fault);
        }
    }
}
