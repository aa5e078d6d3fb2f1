using Idflow.Conductor.Model;

namespace Idflow.Cli.Hosting;

/// <summary>What is still open in the running workflows, and whether workers can do anything about it.</summary>
/// <param name="Doable">Something that goes on by itself: a task that a worker serves, or a timer that will fire.</param>
/// <param name="Unserved">Tasks that no worker polls for.</param>
/// <param name="Waiting">HUMAN tasks, WAIT tasks without a time, tasks that wait for a message, timers beyond the horizon, paused workflows.</param>
internal sealed record WorkLeft(bool Doable, IReadOnlyList<OpenWork> Unserved, IReadOnlyList<OpenWork> Waiting)
{
    public static WorkLeft Nothing { get; } = new(false, [], []);

    public WorkLeft With(WorkLeft other) => new(Doable || other.Doable, [.. Unserved, .. other.Unserved], [.. Waiting, .. other.Waiting]);

    /// <summary>Looks at one running workflow. Pure.</summary>
    /// <param name="workflow">With its tasks.</param>
    /// <param name="isServed">Whether a worker serves a task type.</param>
    /// <param name="now">The time.</param>
    /// <param name="horizon">Timers due later than this are waited for by nobody; null: all are.</param>
    public static WorkLeft Of(Workflow workflow, Func<string, bool> isServed, DateTimeOffset now, DateTimeOffset? horizon)
    {
        if (workflow.Status == WorkflowStatus.PAUSED)
        {
            return new WorkLeft(false, [], [new OpenWork(workflow.WorkflowId, workflow.WorkflowName ?? "", "", "", "the workflow is paused")]);
        }

        var left = Nothing;
        foreach (var task in workflow.Tasks.Where(t => !t.IsTerminal && !IsContainer(t)))
        {
            left = left.With(OfTask(workflow, task, isServed, now, horizon));
        }

        // Nothing open but containers: the engine is between two decisions, or a sub-workflow has the work.
        var hasOpen = workflow.Tasks.Any(t => !t.IsTerminal);
        return hasOpen ? left : left with { Doable = true };
    }

    private static WorkLeft OfTask(Workflow workflow, TaskExecution task, Func<string, bool> isServed, DateTimeOffset now, DateTimeOffset? horizon)
    {
        OpenWork Open(string why) => new(workflow.WorkflowId, workflow.WorkflowName ?? "", task.TaskType ?? "", task.ReferenceTaskName ?? "", why);
        switch (task.TaskType)
        {
            case TaskTypes.Human:
                return new WorkLeft(false, [], [Open("waits for a person")]);
            case TaskTypes.PullWorkflowMessages:
                return new WorkLeft(false, [], [Open("waits for a message")]);
            case TaskTypes.Wait when DueOf(task) is not { } due:
                return new WorkLeft(false, [], [Open("waits for a signal")]);
            case TaskTypes.Wait:
                return Timer(DueOf(task)!.Value);
            case var type when IsSystem(type):
                return Timer(DelayedUntil(task) ?? now);
            default:
                return task.Status == TaskExecutionStatus.SCHEDULED && !isServed(task.TaskType!)
                    ? new WorkLeft(false, [Open("no worker serves it")], [])
                    : Timer(task.Status == TaskExecutionStatus.SCHEDULED ? DelayedUntil(task) ?? now : now);
        }

        WorkLeft Timer(DateTimeOffset due) =>
            due > horizon && due > now ? new WorkLeft(false, [], [Open($"is due at {due.ToLocalTime():yyyy-MM-dd HH:mm:ss}")]) : Nothing with { Doable = true };
    }

    /// <summary>A WAIT without a time carries the longest callback there is.</summary>
    private static DateTimeOffset? DueOf(TaskExecution task) =>
        task.CallbackAfterSeconds is > 0 and < int.MaxValue ? At(task, task.CallbackAfterSeconds) : null;

    private static DateTimeOffset? DelayedUntil(TaskExecution task) => task.CallbackAfterSeconds > 0 ? At(task, task.CallbackAfterSeconds) : null;

    private static DateTimeOffset At(TaskExecution task, long afterSeconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(task.UpdateTime > 0 ? task.UpdateTime : task.ScheduledTime).AddSeconds(afterSeconds);

    /// <summary>Its end depends on other tasks or workflows, which are looked at themselves.</summary>
    private static bool IsContainer(TaskExecution task) => task.TaskType is TaskTypes.Join or TaskTypes.ExclusiveJoin or TaskTypes.DoWhile or TaskTypes.Fork
        or TaskTypes.Switch or TaskTypes.Decision || task.TaskType == TaskTypes.SubWorkflow && task.SubWorkflowId is { Length: > 0 };

    private static bool IsSystem(string? type) => type is TaskTypes.SubWorkflow or TaskTypes.StartWorkflow or TaskTypes.Terminate or TaskTypes.SetVariable
        or TaskTypes.Inline or TaskTypes.Lambda or TaskTypes.JsonJqTransform or TaskTypes.Event or TaskTypes.Http or TaskTypes.Noop;
}

/// <summary>A task, or a whole workflow, that is still open.</summary>
internal sealed record OpenWork(string WorkflowId, string WorkflowName, string TaskType, string ReferenceName, string Why)
{
    public override string ToString() => TaskType.Length == 0
        ? $"{WorkflowName} ({WorkflowId}): {Why}"
        : $"{TaskType} '{ReferenceName}' of {WorkflowName} ({WorkflowId}): {Why}";
}
