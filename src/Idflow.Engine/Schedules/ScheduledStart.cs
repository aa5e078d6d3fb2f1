using System.Text.Json.Nodes;
using Idflow.Conductor.Json;
using Idflow.Conductor.Model;
using Idflow.Engine.State;

namespace Idflow.Engine.Schedules;

/// <summary>The start of one time of a schedule, and the record of what became of it.</summary>
internal sealed record ScheduledStart(string ExecutionId, string Schedule, long ScheduledTime, long ExecutedTime, StartWorkflowRequest Request)
{
    public const string Executed = "EXECUTED";
    public const string Failed = "FAILED";
    private const int LongestReason = 999;

    /// <summary>The schedule's request with what Conductor adds to its input, and a key that makes the start happen once.</summary>
    public static ScheduledStart Of(WorkflowSchedule schedule, long slot, int index, CronSchedule cron, long now, string executionId)
    {
        var request = schedule.StartWorkflowRequest!;
        var input = request.Input?.DeepClone() as JsonObject ?? [];
        input["_startedByScheduler"] = schedule.Name;
        input["_scheduledTime"] = slot;
        input["_executedTime"] = now;
        input["_executionId"] = executionId;
        input["_schedulerCron"] = cron.CronExpression;
        var keyed = request with { Input = input };
        return new ScheduledStart(executionId, schedule.Name!, slot, now, string.IsNullOrEmpty(request.IdempotencyKey)
            ? keyed with { IdempotencyKey = $"schedule:{schedule.Name}:{slot}:{index}", IdempotencyStrategy = IdempotencyStrategy.RETURN_EXISTING }
            : keyed);
    }

    public ScheduleExecutionRow Record(string? workflowId, string? reason) => new(
        ExecutionId, Schedule, ScheduledTime, ExecutedTime, workflowId, workflowId is null ? Failed : Executed,
        reason is { Length: > LongestReason } ? reason[..LongestReason] : reason, (JsonObject)ConductorJson.ToNode(Request)!);

    public static ScheduleExecution Shown(ScheduleExecutionRow row)
    {
        var request = ConductorJson.Deserialize<StartWorkflowRequest>(row.Request);
        return new ScheduleExecution
        {
            ExecutionId = row.ExecutionId,
            ScheduleName = row.Schedule,
            ScheduledTime = row.ScheduledTime,
            ExecutionTime = row.ExecutedTime,
            WorkflowName = request?.Name,
            WorkflowId = row.WorkflowId,
            State = row.State,
            Reason = row.Reason,
            StartWorkflowRequest = request,
        };
    }
}
