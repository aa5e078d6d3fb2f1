using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Engine.Decisions;
using Idflow.Engine.Execution;
using Idflow.Engine.Expressions;
using Idflow.Engine.Operations;
using Idflow.Engine.Queues;
using Idflow.Engine.State;
using Idflow.Engine.Validation;
using Idflow.Engine.Wire;

namespace Idflow.Engine;

/// <summary>Polling and updating tasks.</summary>
public sealed partial class EmbeddedEngine
{
    private static readonly TimeSpan DefaultPollTimeout = TimeSpan.FromMilliseconds(100);

    /// <summary>Tasks that one poll puts aside, or finds to be gone, before it answers with what it has.</summary>
    private const int MostPassedOver = 1_000;

    public async Task<IReadOnlyList<TaskExecution>> PollTasksAsync(string taskType, string? workerId = null, string? domain = null, int count = 1, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var limits = _parts.Options.Limits;
        var wait = timeout ?? (DefaultPollTimeout < limits.LongPoll ? DefaultPollTimeout : limits.LongPoll);
        if (wait > limits.LongPoll)
        {
            throw ConductorException.BadRequest($"Long Poll Timeout value cannot be more than {limits.LongPoll.TotalSeconds} seconds");
        }
        _parts.Polls.Note(taskType, domain, workerId, _parts.Runner.Now());
        var queue = _parts.Queues.Get(TaskQueues.NameOf(taskType, domain));
        var most = Math.Clamp(count, 1, limits.TasksPerPoll);
        var start = _parts.Options.TimeProvider.GetTimestamp();
        while (true)
        {
            var tasks = HandOut(queue, most, workerId);
            var left = wait - _parts.Options.TimeProvider.GetElapsedTime(start);
            if (tasks.Count > 0 || left <= TimeSpan.Zero || !await queue.WaitAsync(left, _parts.Options.TimeProvider, cancellationToken).ConfigureAwait(false))
            {
                return tasks;
            }
        }
    }

    /// <summary>
    /// The hand-out is written without being waited for: if the process dies before it is on disk, the task is still SCHEDULED there and is
    /// handed out again, as any task of a lost worker is. Tasks whose workflow something long holds are put aside for those of others.
    /// </summary>
    private List<TaskExecution> HandOut(TaskQueue queue, int most, string? workerId)
    {
        var tasks = new List<TaskExecution>();
        HashSet<string> busy = [];
        for (var passedOver = 0; tasks.Count < most && passedOver < MostPassedOver;)
        {
            var drawn = _parts.Queues.Take(queue, most - tasks.Count);
            if (drawn.Count == 0)
            {
                break;
            }
            for (var i = 0; i < drawn.Count; i++)
            {
                TaskRow? row;
                try
                {
                    row = HandOut(drawn[i], queue, workerId, busy);
                }
                catch (Exception error) when (StoreFault.IsPassing(error))
                {
                    // What cannot be read now waits again; what is on its way out already goes.
                    drawn.GetRange(i, drawn.Count - i).ForEach(rest => _parts.Queues.PutBack(rest, queue));
                    return tasks.Count > 0 ? tasks : throw new StoreUnavailableException(error);
                }
                if (row is not null)
                {
                    tasks.Add(ForWorker(row));
                }
                else
                {
                    passedOver++;
                }
            }
        }
        return tasks;
    }

    /// <param name="busy">Workflows that have been waited for in vain.</param>
    private TaskRow? HandOut(QueuedTask queued, TaskQueue queue, string? workerId, HashSet<string> busy)
    {
        (TaskRow? Row, TaskRow? Left) taken = default;
        try
        {
            var patience = busy.Contains(queued.WorkflowId) ? TimeSpan.Zero : PatienceOfReaders;
            if (!_parts.Runner.TryChange(queued.WorkflowId, patience, (state, unit) => (TaskHandOut.Take(state, unit, queued.TaskId, workerId), state.Find(queued.TaskId)), out taken, out _))
            {
                busy.Add(queued.WorkflowId);
                _parts.Parked.Add(queued, queue);
                return null;
            }
        }
        catch (ConductorException error) when (error.Status == 404)
        {
            // The workflow was removed while its task was on the way out.
        }
        if (taken.Row is null)
        {
            _parts.Queues.GiveBack(queued, taken.Left);
        }
        return taken.Row;
    }

    /// <summary>With the secrets in its input, which the engine itself never keeps.</summary>
    private TaskExecution ForWorker(TaskRow row)
    {
        var task = WireMapper.ToTask(row, row.Output);
        return task with { InputData = SecretResolver.Resolve(task.InputData, _parts.Options.Secrets), RuntimeMetadata = RuntimeMetadata(row) };
    }

    private JsonObject? RuntimeMetadata(TaskRow row)
    {
        var values = new JsonObject();
        foreach (var name in row.Entry?.TaskDefinition?.RuntimeMetadata ?? [])
        {
            if ((_parts.Options.Secrets(name) ?? _parts.Options.Environment(name)) is { } value)
            {
                values[name] = value;
            }
        }
        return values.Count > 0 ? values : null;
    }

    public async Task<string> UpdateTaskAsync(TaskResult result, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(result);
        DefinitionValidator.CheckTaskResult("updateTask.arg0", result);
        var whole = await WithOutputAsync(result).ConfigureAwait(false);
        if (!await UpdateAsync(result.WorkflowInstanceId!, whole).ConfigureAwait(false))
        {
            // Its id names the task; a client may have sent it under the workflow that the task started.
            var row = _parts.Store.ReadTask(result.TaskId!) ?? throw WorkflowErrors.NoSuchTask(result.TaskId!);
            await UpdateAsync(row.WorkflowId, whole).ConfigureAwait(false);
        }
        return result.TaskId!;
    }

    /// <returns>False when the workflow has no such task.</returns>
    private Task<bool> UpdateAsync(string workflowId, TaskResult result) => _parts.Runner.ChangeAsync(workflowId, (state, unit) =>
    {
        if (state.Find(result.TaskId!) is null)
        {
            return false;
        }
        TaskUpdate.Apply(state, unit, result);
        return true;
    });

    public async Task<TaskExecution?> UpdateTaskAndPollAsync(TaskResult result, CancellationToken cancellationToken = default)
    {
        await UpdateTaskAsync(result, cancellationToken).ConfigureAwait(false);
        if (result.Status == TaskResultStatus.IN_PROGRESS || await FindTaskAsync(result.TaskId!).ConfigureAwait(false) is not { } task)
        {
            return null;
        }
        return HandOut(_parts.Queues.Get(TaskQueues.NameOf(task.TaskType!, task.Domain)), 1, result.WorkerId) is [var next] ? next : null;
    }

    public async Task<string?> UpdateTaskByReferenceAsync(string workflowId, string taskReferenceName, TaskResultStatus status, JsonObject output, string? workerId = null, CancellationToken cancellationToken = default)
    {
        if (!_parts.Instances.Exists(workflowId))
        {
            return null;
        }
        return await _parts.Runner.ChangeAsync(workflowId, (state, unit) =>
        {
            var task = state.Open.Where(open => open.ReferenceName == taskReferenceName).MinBy(open => open.Seq)
                ?? state.Open.Where(open => open.PlainName == taskReferenceName).MinBy(open => open.Seq);
            if (task is not null)
            {
                TaskUpdate.Apply(state, unit, TaskUpdate.Merged(task, status, output, workerId));
            }
            return task?.TaskId;
        }).ConfigureAwait(false);
    }

    public async Task<TaskExecution> GetTaskAsync(string taskId, CancellationToken cancellationToken = default) =>
        await FindTaskAsync(taskId).ConfigureAwait(false) ?? throw WorkflowErrors.TaskNotFound(taskId);

    private async Task<TaskExecution?> FindTaskAsync(string taskId)
    {
        if (_parts.Store.ReadTask(taskId) is not { } row)
        {
            return null;
        }
        return await ReadAsync(row.WorkflowId, state => state.Find(taskId) is { } task ? WireMapper.ToTask(task, TaskOutputs.Of(state, task)) : null).ConfigureAwait(false);
    }

    public Task AddTaskLogAsync(string taskId, string line, CancellationToken cancellationToken = default)
    {
        var workflowId = _parts.Store.ReadTask(taskId)?.WorkflowId ?? "";
        var changes = new StoreChanges();
        changes.Logs.Add(new TaskLogRow(taskId, workflowId, line, _parts.Runner.Now()));
        return _parts.Runner.WriteAsync(changes);
    }

    public Task<IReadOnlyList<TaskExecLog>> GetTaskLogsAsync(string taskId, CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<TaskExecLog>>([.. _parts.Store.ReadTaskLogs(taskId).Select(log => new TaskExecLog { Log = log.Text, TaskId = log.TaskId, CreatedTime = log.CreatedTime })]);

    public Task<IReadOnlyDictionary<string, long>> GetAllQueueSizesAsync(CancellationToken cancellationToken = default) => Task.FromResult(_parts.Queues.Sizes());

    public Task<long> GetQueueSizeAsync(string taskType, string? domain = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(_parts.Queues.Size(TaskQueues.NameOf(taskType, domain)));

    public Task<IReadOnlyList<PollData>> GetPollDataAsync(string? taskType = null, CancellationToken cancellationToken = default) => Task.FromResult(_parts.Polls.Of(taskType));

    public Task<int> RequeuePendingTasksAsync(string taskType, CancellationToken cancellationToken = default) =>
        OpenTasks.ChangeAsync(_parts, task => Requeue.IsMeant(task, taskType), (state, unit) => Requeue.Apply(state, unit, taskType));

    public async Task HandBackAsync(IReadOnlyList<string> taskIds, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(taskIds);
        foreach (var taskId in taskIds)
        {
            try
            {
                if (_parts.Store.ReadTask(taskId) is { } row)
                {
                    await _parts.Runner.ChangeAsync(row.WorkflowId, (state, unit) => TaskHandOut.Release(state, unit, taskId)).ConfigureAwait(false);
                }
            }
            catch (ConductorException error) when (error.Status == 404)
            {
                // Its workflow was removed meanwhile.
            }
        }
    }
}
