using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Conductor.Model;

namespace Idflow.Workers.Tests.Fakes;

/// <summary>A task queue in memory with Conductor's rules for polls, leases, updates and releases, and faults on demand.</summary>
internal sealed class FakeTaskServer : ITaskClient
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, TaskExecution> _tasks = [];
    private readonly List<string> _queue = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Thrown by each call of that method while it answers an exception.</summary>
    public Func<string, Exception?> Fault { get; set; } = _ => null;

    public ConcurrentQueue<TaskResult> Updates { get; } = new();

    public ConcurrentQueue<(string TaskId, string Line)> Logs { get; } = new();

    public ConcurrentDictionary<string, int> Calls { get; } = new();

    public ConcurrentQueue<int> PollCounts { get; } = new();

    public string Enqueue(string taskType, JsonObject? input = null, TaskDef? definition = null)
    {
        lock (_lock)
        {
            var id = $"t{_tasks.Count + 1}";
            _tasks[id] = new TaskExecution
            {
                TaskId = id,
                WorkflowInstanceId = "w1",
                ReferenceTaskName = id,
                TaskType = taskType,
                TaskDefName = taskType,
                Status = TaskExecutionStatus.SCHEDULED,
                InputData = input ?? [],
                TaskDefinition = definition,
                ResponseTimeoutSeconds = definition?.ResponseTimeoutSeconds ?? 0,
            };
            _queue.Add(id);
            Signal();
            return id;
        }
    }

    public TaskExecution Get(string id)
    {
        lock (_lock)
        {
            return _tasks[id];
        }
    }

    public IReadOnlyList<TaskExecution> All()
    {
        lock (_lock)
        {
            return [.. _tasks.Values];
        }
    }

    /// <summary>As the engine does when a workflow is terminated.</summary>
    public void Cancel(string id)
    {
        lock (_lock)
        {
            _tasks[id] = _tasks[id] with { Status = TaskExecutionStatus.CANCELED };
            Signal();
        }
    }

    /// <summary>Waits until the condition holds; fails with what was seen after 20 s.</summary>
    public async Task UntilAsync(Func<bool> condition, string what)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            Task changed;
            lock (_lock)
            {
                changed = _changed.Task;
            }

            await Task.WhenAny(changed, Task.Delay(20, limit.Token));
            if (limit.IsCancellationRequested)
            {
                Assert.Fail($"Waited for: {what}. Tasks: {string.Join(", ", All().Select(t => $"{t.TaskId}={t.Status}"))}; calls: {string.Join(", ", Calls)}");
            }
        }
    }

    public Task UntilDoneAsync(params string[] ids) => UntilAsync(() => ids.All(i => Get(i).IsTerminal), $"end of {string.Join(", ", ids)}");

    public async Task<IReadOnlyList<TaskExecution>> PollTasksAsync(string taskType, string? workerId = null, string? domain = null, int count = 1, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        Enter("poll");
        PollCounts.Enqueue(count);
        var until = DateTime.UtcNow + (timeout ?? TimeSpan.FromMilliseconds(100));
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var taken = Take(taskType, workerId, count);
                if (taken.Count > 0 || DateTime.UtcNow >= until)
                {
                    return taken;
                }

                changed = _changed.Task;
            }

            await Task.WhenAny(changed, Task.Delay(until - DateTime.UtcNow is { Ticks: > 0 } rest ? rest : TimeSpan.Zero, cancellationToken));
        }
    }

    public Task<string> UpdateTaskAsync(TaskResult result, CancellationToken cancellationToken = default)
    {
        Enter(result.ExtendLease ? "extend" : "update");
        lock (_lock)
        {
            Apply(result);
        }

        return Task.FromResult(result.TaskId!);
    }

    public Task<TaskExecution?> UpdateTaskAndPollAsync(TaskResult result, CancellationToken cancellationToken = default)
    {
        Enter("updateAndPoll");
        lock (_lock)
        {
            Apply(result);
            return Task.FromResult(_tasks[result.TaskId!].IsTerminal ? Take(_tasks[result.TaskId!].TaskType!, result.WorkerId, 1).FirstOrDefault() : null);
        }
    }

    public Task<TaskExecution> GetTaskAsync(string taskId, CancellationToken cancellationToken = default)
    {
        Enter("get");
        lock (_lock)
        {
            return _tasks.TryGetValue(taskId, out var task) ? Task.FromResult(task) : throw ConductorException.NotFound($"No such task: {taskId}");
        }
    }

    public Task AddTaskLogAsync(string taskId, string line, CancellationToken cancellationToken = default)
    {
        Enter("log");
        Logs.Enqueue((taskId, line));
        return Task.CompletedTask;
    }

    public Task<string?> UpdateTaskByReferenceAsync(string workflowId, string taskReferenceName, TaskResultStatus status, JsonObject output, string? workerId = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<IReadOnlyList<TaskExecLog>> GetTaskLogsAsync(string taskId, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<IReadOnlyDictionary<string, long>> GetAllQueueSizesAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<long> GetQueueSizeAsync(string taskType, string? domain = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<IReadOnlyList<PollData>> GetPollDataAsync(string? taskType = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<int> RequeuePendingTasksAsync(string taskType, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<SearchResult<TaskSummary>> SearchTasksAsync(SearchRequest request, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    private void Enter(string method)
    {
        Calls.AddOrUpdate(method, 1, (_, n) => n + 1);
        if (Fault(method) is { } fault)
        {
            throw fault;
        }
    }

    private List<TaskExecution> Take(string taskType, string? workerId, int count)
    {
        var taken = _queue.Where(id => _tasks[id].TaskType == taskType && _tasks[id].Status == TaskExecutionStatus.SCHEDULED).Take(count).ToList();
        foreach (var id in taken)
        {
            _queue.Remove(id);
            _tasks[id] = _tasks[id] with { Status = TaskExecutionStatus.IN_PROGRESS, WorkerId = workerId, PollCount = _tasks[id].PollCount + 1 };
        }

        return [.. taken.Select(id => _tasks[id])];
    }

    private void Apply(TaskResult result)
    {
        Updates.Enqueue(result);
        var task = _tasks[result.TaskId!];
        if (!result.ExtendLease && !task.IsTerminal)
        {
            foreach (var line in result.Logs)
            {
                Logs.Enqueue((task.TaskId!, line.Log!));
            }

            var back = result.Status == TaskResultStatus.IN_PROGRESS;
            _tasks[task.TaskId!] = task with
            {
                Status = back ? TaskExecutionStatus.SCHEDULED : Enum.Parse<TaskExecutionStatus>(result.Status.ToString()),
                OutputData = result.OutputData,
                ReasonForIncompletion = result.ReasonForIncompletion,
            };
            if (back)
            {
                _queue.Add(task.TaskId!);
            }
        }

        Signal();
    }

    private void Signal()
    {
        var signal = _changed;
        _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        signal.TrySetResult();
    }
}
