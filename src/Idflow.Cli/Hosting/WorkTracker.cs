using System.Collections.Concurrent;
using Idflow.Conductor.Model;
using Idflow.Workers.Children;
using Idflow.Workers.Polling;

namespace Idflow.Cli.Hosting;

/// <summary>Counts what the workers of this process and of its children do, and passes each event on.</summary>
/// <param name="time">The clock.</param>
/// <param name="happened">Called for every event from the first on; must return quickly.</param>
internal sealed class WorkTracker(TimeProvider time, Action<WorkEvent>? happened = null) : IWorkerObserver, IChildObserver
{
    private readonly ConcurrentDictionary<string, RunningWork> _running = new();
    private bool _isAway;
    private int _done;
    private int _failed;
    private long _lastChange = time.GetTimestamp();

    /// <summary>Called when the server answers again after it was away.</summary>
    public Action? ServerAnswers { get; set; }

    public IReadOnlyList<RunningWork> Running => [.. _running.Values.OrderBy(w => w.Started)];

    public int Done => Volatile.Read(ref _done);

    public int Failed => Volatile.Read(ref _failed);

    /// <summary>Since the last start or end of a task.</summary>
    public TimeSpan Quiet => _running.IsEmpty ? time.GetElapsedTime(Interlocked.Read(ref _lastChange)) : TimeSpan.Zero;

    public void TaskStarted(TaskExecution task) => Start("", task.WorkflowInstanceId!, task.TaskType!, task.ReferenceTaskName!);

    public void TaskEnded(TaskExecution task, TaskResult? result) =>
        End(task.WorkflowInstanceId!, task.TaskType!, task.ReferenceTaskName!, result?.Status.ToString(), result?.ReasonForIncompletion);

    /// <summary>Every poll loop says so for itself; it is told once.</summary>
    public void ServerState(Exception? problem)
    {
        if (Interlocked.Exchange(ref _isAway, problem is not null) == (problem is not null))
        {
            return;
        }

        happened?.Invoke(new WorkEvent(WorkEventKind.Server, "", "", "", problem?.Message, TimeSpan.Zero));
        if (problem is null)
        {
            ServerAnswers?.Invoke();
        }
    }

    public void TaskStarted(string source, string workflowId, string taskType, string referenceName) => Start(source, workflowId, taskType, referenceName);

    public void TaskEnded(string source, string workflowId, string taskType, string referenceName, string? status) => End(workflowId, taskType, referenceName, status, null);

    public void ProcessDied(string source, string reason)
    {
        foreach (var (key, _) in _running.Where(r => r.Value.Source == source))
        {
            _running.TryRemove(key, out _);
        }

        Interlocked.Exchange(ref _lastChange, time.GetTimestamp());
        happened?.Invoke(new WorkEvent(WorkEventKind.ProcessDied, "", source, "", reason, TimeSpan.Zero));
    }

    private void Start(string source, string workflowId, string taskType, string referenceName)
    {
        Interlocked.Exchange(ref _lastChange, time.GetTimestamp());
        _running[workflowId + "/" + referenceName] = new RunningWork(workflowId, taskType, referenceName, source, time.GetTimestamp());
        happened?.Invoke(new WorkEvent(WorkEventKind.Started, workflowId, taskType, referenceName, null, TimeSpan.Zero));
    }

    private void End(string workflowId, string taskType, string referenceName, string? status, string? reason)
    {
        Interlocked.Exchange(ref _lastChange, time.GetTimestamp());
        _running.TryRemove(workflowId + "/" + referenceName, out var work);
        var kind = status switch
        {
            nameof(TaskResultStatus.COMPLETED) => WorkEventKind.Completed,
            nameof(TaskResultStatus.IN_PROGRESS) => WorkEventKind.Later,
            null => WorkEventKind.Dropped,
            _ => WorkEventKind.Failed,
        };
        if (kind == WorkEventKind.Completed)
        {
            Interlocked.Increment(ref _done);
        }
        else if (kind == WorkEventKind.Failed)
        {
            Interlocked.Increment(ref _failed);
        }

        happened?.Invoke(new WorkEvent(kind, workflowId, taskType, referenceName, reason, work is null ? TimeSpan.Zero : time.GetElapsedTime(work.Started)));
    }
}

/// <summary>A task that a worker runs now.</summary>
/// <param name="WorkflowId">Its workflow.</param>
/// <param name="TaskType">Its name.</param>
/// <param name="ReferenceName">Its reference name.</param>
/// <param name="Source">The task source whose child process runs it; empty for this process.</param>
/// <param name="Started">A timestamp of the clock.</param>
internal sealed record RunningWork(string WorkflowId, string TaskType, string ReferenceName, string Source, long Started);

internal enum WorkEventKind
{
    Started,
    Completed,
    Failed,

    /// <summary>It wants to be called again.</summary>
    Later,

    /// <summary>Its workflow ended before it did.</summary>
    Dropped,
    ProcessDied,

    /// <summary>The server does not answer (with a detail), or answers again.</summary>
    Server,
}

/// <summary>One thing that happened to the workers.</summary>
internal sealed record WorkEvent(WorkEventKind Kind, string WorkflowId, string TaskType, string ReferenceName, string? Detail, TimeSpan Elapsed);
