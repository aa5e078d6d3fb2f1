using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.State;
using Idflow.Engine.Storage;

namespace Idflow.Durability.Tests.Simulation;

/// <summary>What clients do, and what they may rely on from the moment they hear that it is done; the disk is asked at that moment.</summary>
internal sealed class SimulatedClients(SimulatedProcess process, SimulatedDisk disk, SimulationWatch watch, Random random, Action<string> trace)
{
    private readonly Dictionary<(string TaskId, int Poll), (int Life, int Failures)> _handedOut = [];
    private readonly List<TaskExecution> _held = [];
    private readonly List<TaskResult> _sent = [];
    private int _names;

    /// <summary>Acknowledged starts and the definition of each.</summary>
    public SortedDictionary<string, string> Started { get; } = new(StringComparer.Ordinal);

    /// <summary>Acknowledged starts under a key.</summary>
    public Dictionary<string, string> Keyed { get; } = [];

    /// <summary>What an ended task showed when its result was acknowledged.</summary>
    public Dictionary<string, (string WorkflowId, string Shown)> Results { get; } = [];

    /// <summary>Acknowledged definitions of tasks.</summary>
    public HashSet<string> Defined { get; } = [];

    /// <summary>Acknowledged lines of log.</summary>
    public List<(string WorkflowId, string TaskId, string Line)> Lines { get; } = [];

    public List<string> Faults { get; } = [];

    private IEngineStore Disk => disk.Content;

    public void Act()
    {
        switch (random.Next(17))
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
                process.Call(() => process.Engine.ReleaseTasksOfWorkerAsync(SimulatedProcess.OwnWorkers), _ => { });
                break;
            default:
                Signal();
                break;
        }
    }

    private void Start()
    {
        var name = SimulatedWorkflows.Started[random.Next(SimulatedWorkflows.Started.Count)];
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
                Expect(Disk.ReadWorkflow(id) is not null || watch.Removed.ContainsKey(id), $"the start of {name} {id} was acknowledged and is not on disk");
                if (key is not null)
                {
                    Note($"{name}/{key}", id);
                }
            });
    }

    /// <summary>A key gives the same run until that is removed.</summary>
    private void Note(string key, string id)
    {
        if (Keyed.TryGetValue(key, out var before) && before != id)
        {
            Expect(watch.Removed.ContainsKey(before), $"the key {key} gave {id} and before {before}");
        }
        Keyed[key] = id;
    }

    private void Poll()
    {
        var (type, worker) = (random.Next(4) == 0 ? "breaks" : "work", random.Next(2) == 0 ? $"{SimulatedProcess.OwnWorkers}-1" : "other");
        process.Call(() => process.Engine.PollTasksAsync(type, worker, count: 3, timeout: TimeSpan.Zero), tasks => Take(tasks));
    }

    /// <summary>One hand-out goes to one worker, unless it never reached the disk or the task was set back.</summary>
    public IReadOnlyList<TaskExecution> Take(IReadOnlyList<TaskExecution> tasks)
    {
        foreach (var task in tasks)
        {
            var now = (process.Lives, disk.Failures);
            var key = (task.TaskId!, task.PollCount);
            Expect(!_handedOut.TryGetValue(key, out var before) || before != now || watch.WasAsked("reopen", watch.RootOf(task.WorkflowInstanceId!)),
                $"{task.ReferenceTaskName} {task.TaskId} was handed out to two workers as poll {task.PollCount}");
            _handedOut[key] = now;
        }
        _held.AddRange(tasks);
        return tasks;
    }

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
        if (result.Status == TaskResultStatus.IN_PROGRESS)
        {
            watch.Asked("again later", result.TaskId!);
        }
        _sent.Add(result);
        _held.Remove(task);
        Send(result);
        if (random.Next(4) == 0)
        {
            var line = $"line {_names++}";
            process.Call(() => process.Engine.AddTaskLogAsync(result.TaskId!, line), () => Lines.Add((result.WorkflowInstanceId!, result.TaskId!, line)));
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
        if (taskId is null || !isFinal || Disk.ReadTask(taskId) is not { } task || watch.WasAsked("reopen", watch.RootOf(task.WorkflowId)))
        {
            return;
        }
        Expect(task.IsTerminal || Disk.ReadWorkflow(task.WorkflowId)!.Status.IsTerminal(), $"the result of {task.ReferenceName} {taskId} was acknowledged and is not on disk: {task.Status}");
        if (task.IsTerminal)
        {
            Results.TryAdd(taskId, (task.WorkflowId, Shown(task)));
        }
    }

    public static string Shown(TaskRow task) => $"{task.Status} {task.Output.ToJsonString()}";

    private void Define()
    {
        var name = $"def{_names++}";
        process.Call(() => process.Engine.CreateTaskDefsAsync([new TaskDef { Name = name, OwnerEmail = "ops@example.com" }]), () => Defined.Add(name));
    }

    public string? Any(string? name)
    {
        var candidates = Started.Where(start => name is null ? !watch.Removed.ContainsKey(start.Key) || random.Next(10) == 0 : start.Value == name).Select(start => start.Key).ToList();
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
