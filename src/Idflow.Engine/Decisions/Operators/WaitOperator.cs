using Idflow.Conductor.Model;
using Idflow.Engine.State;

namespace Idflow.Engine.Decisions.Operators;

/// <summary>WAIT: open for a duration, until a time, or until it is updated. It is over once its time has passed, and ended at that time.</summary>
internal sealed class WaitOperator : IOperator
{
    public OperatorKind Kind => OperatorKind.Open;

    public IEnumerable<TaskRow> Map(Mapping mapping, WorkflowTask entry)
    {
        var taskId = mapping.Context.Ids.NewId();
        return [Open(mapping.NewTask(entry, TaskTypes.Wait, TaskExecutionStatus.IN_PROGRESS, mapping.Input(entry, taskId), taskId), mapping.Context.Now)];
    }

    public TaskRow Open(TaskRow attempt, long now)
    {
        var task = attempt with { Status = TaskExecutionStatus.IN_PROGRESS, StartTime = now, DueTime = 0 };
        var duration = task.Input["duration"]?.ToString();
        var until = task.Input["until"]?.ToString();
        if (!string.IsNullOrWhiteSpace(duration) && !string.IsNullOrWhiteSpace(until))
        {
            return Refused(task, now, "Both 'duration' and 'until' specified. Please provide only one input");
        }
        if (!string.IsNullOrWhiteSpace(duration))
        {
            var span = WaitTime.Duration(duration) ?? throw new InvalidEntryException($"Not valid duration: {duration}");
            return Until(task, now, now + (long)span.TotalMilliseconds);
        }
        if (!string.IsNullOrWhiteSpace(until))
        {
            return WaitTime.Until(until) is { } time ? Until(task, now, time.ToUnixTimeMilliseconds()) : Refused(task, now, $"Invalid/Unsupported Wait Until format.  Provided: {until}");
        }
        return task with { CallbackAfterSeconds = int.MaxValue };
    }

    private static TaskRow Until(TaskRow task, long now, long time) => time <= now
        ? task.Ended(TaskExecutionStatus.COMPLETED, now) with { DueTime = time }
        : task with { DueTime = time, CallbackAfterSeconds = Math.Max(1, (time - now) / 1000) };

    private static TaskRow Refused(TaskRow task, long now, string reason) => task.Ended(TaskExecutionStatus.FAILED_WITH_TERMINAL_ERROR, now, reason);
}
