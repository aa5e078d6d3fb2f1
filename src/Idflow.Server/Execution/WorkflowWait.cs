using Idflow.Conductor;
using Idflow.Conductor.Model;

namespace Idflow.Server.Execution;

/// <summary>A task that waits for the outside, and the workflow (the target or one of its descendants) it belongs to.</summary>
internal sealed record BlockingTask(Workflow Workflow, TaskExecution Task);

internal sealed record WaitOutcome(Workflow Target, BlockingTask? Blocking, bool TimedOut);

/// <summary>
/// Waits until a workflow has ended, waits for the outside itself, or a named task has ended. Looks soon at first and then less
/// often: most synchronous calls end within milliseconds.
/// </summary>
internal sealed class WorkflowWait(IConductor conductor, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(50);

    /// <summary>Deepest chain of sub-workflows that is searched for a blocking task.</summary>
    private const int MaxDepth = 32;

    public async Task<WaitOutcome> ForAsync(string workflowId, IReadOnlyCollection<string> untilTaskRefs, TimeSpan limit, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            var workflow = await conductor.GetWorkflowAsync(workflowId, includeTasks: true, cancellationToken);
            var blocking = workflow.IsTerminal ? null : await FindBlockingAsync(workflow, MaxDepth, cancellationToken);
            if (workflow.IsTerminal || blocking is not null || workflow.Tasks.Any(task => task.IsTerminal && untilTaskRefs.Contains(task.ReferenceTaskName)))
            {
                return new WaitOutcome(workflow, blocking, TimedOut: false);
            }

            var left = limit - time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
            {
                return new WaitOutcome(workflow, null, TimedOut: true);
            }

            await Task.Delay(left < pause ? left : pause, time, cancellationToken);
        }
    }

    /// <summary>The first open WAIT task of the workflow that only a signal ends, else of its running sub-workflows.</summary>
    private Task<BlockingTask?> FindBlockingAsync(Workflow workflow, int depth, CancellationToken cancellationToken) =>
        FindOpenWaitAsync(workflow, task => !IsTimed(task), depth, cancellationToken);

    /// <summary>The first open WAIT task of the workflow, else of its running sub-workflows.</summary>
    public async Task<BlockingTask?> FindSignalTargetAsync(string workflowId, CancellationToken cancellationToken)
    {
        var workflow = await conductor.GetWorkflowAsync(workflowId, includeTasks: true, cancellationToken);
        return workflow.IsTerminal ? null : await FindOpenWaitAsync(workflow, _ => true, MaxDepth, cancellationToken);
    }

    private async Task<BlockingTask?> FindOpenWaitAsync(Workflow workflow, Func<TaskExecution, bool> counts, int depth, CancellationToken cancellationToken)
    {
        if (workflow.Tasks.FirstOrDefault(task => task.TaskType == TaskTypes.Wait && !task.IsTerminal && counts(task)) is { } wait)
        {
            return new BlockingTask(workflow, wait);
        }

        foreach (var child in workflow.Tasks.Where(task => task is { TaskType: TaskTypes.SubWorkflow, IsTerminal: false, SubWorkflowId: not null }))
        {
            var childWorkflow = depth > 0 ? await conductor.GetWorkflowAsync(child.SubWorkflowId!, includeTasks: true, cancellationToken) : null;
            if (childWorkflow is { IsTerminal: false } && await FindOpenWaitAsync(childWorkflow, counts, depth - 1, cancellationToken) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static bool IsTimed(TaskExecution task) => task.InputData["duration"] is not null || task.InputData["until"] is not null;
}
