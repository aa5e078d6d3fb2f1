using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Engine;

namespace Idflow.Server.Execution;

/// <summary>A task that waits for the outside, and the workflow (the target or one of its descendants) it belongs to.</summary>
internal sealed record BlockingTask(Workflow Workflow, TaskExecution Task);

internal sealed record WaitOutcome(Workflow Target, BlockingTask? Blocking, bool TimedOut);

/// <summary>
/// Waits until a workflow has ended, waits for the outside itself, or a named task has ended. An engine that tells of changes
/// is asked again when there was one; another <see cref="IConductor"/> every few milliseconds.
/// </summary>
internal sealed class WorkflowWait(IConductor conductor, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Deepest chain of sub-workflows that is searched for a blocking task.</summary>
    private const int MaxDepth = 32;

    private readonly IWorkflowWatching? _watching = conductor as IWorkflowWatching;

    public async Task<WaitOutcome> ForAsync(string workflowId, IReadOnlyCollection<string> untilTaskRefs, TimeSpan limit, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        using var watch = _watching?.Watch();
        while (true)
        {
            watch?.Add(workflowId);
            var workflow = await conductor.GetWorkflowAsync(workflowId, includeTasks: true, cancellationToken);
            var blocking = workflow.IsTerminal ? null : await FindOpenWaitAsync(workflow, task => !IsTimed(task), MaxDepth, watch, cancellationToken);
            if (workflow.IsTerminal || blocking is not null || workflow.Tasks.Any(task => task.IsTerminal && untilTaskRefs.Contains(task.ReferenceTaskName)))
            {
                return new WaitOutcome(workflow, blocking, TimedOut: false);
            }

            var left = limit - time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
            {
                return new WaitOutcome(workflow, null, TimedOut: true);
            }

            await (watch?.ChangedAsync(left, time, cancellationToken) ?? Task.Delay(left < Pause ? left : Pause, time, cancellationToken));
        }
    }

    /// <summary>The first open WAIT task of the workflow, else of its running sub-workflows.</summary>
    public async Task<BlockingTask?> FindSignalTargetAsync(string workflowId, CancellationToken cancellationToken)
    {
        var workflow = await conductor.GetWorkflowAsync(workflowId, includeTasks: true, cancellationToken);
        return workflow.IsTerminal ? null : await FindOpenWaitAsync(workflow, _ => true, MaxDepth, null, cancellationToken);
    }

    /// <summary>The first open WAIT task of the workflow that counts, else of its running sub-workflows, which are watched from now on.</summary>
    private async Task<BlockingTask?> FindOpenWaitAsync(Workflow workflow, Func<TaskExecution, bool> counts, int depth, WorkflowWatch? watch, CancellationToken cancellationToken)
    {
        if (workflow.Tasks.FirstOrDefault(task => task.TaskType == TaskTypes.Wait && !task.IsTerminal && counts(task)) is { } wait)
        {
            return new BlockingTask(workflow, wait);
        }

        foreach (var child in workflow.Tasks.Where(task => task is { TaskType: TaskTypes.SubWorkflow, IsTerminal: false, SubWorkflowId: not null }))
        {
            watch?.Add(child.SubWorkflowId!);
            var childWorkflow = depth > 0 ? await conductor.GetWorkflowAsync(child.SubWorkflowId!, includeTasks: true, cancellationToken) : null;
            if (childWorkflow is { IsTerminal: false } && await FindOpenWaitAsync(childWorkflow, counts, depth - 1, watch, cancellationToken) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static bool IsTimed(TaskExecution task) => task.InputData["duration"] is not null || task.InputData["until"] is not null;
}
