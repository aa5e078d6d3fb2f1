namespace Idflow.Conductor.Model;

/// <summary>Starts a workflow at the times of a cron expression. Times are epoch milliseconds.</summary>
public sealed record WorkflowSchedule
{
    public string? Name { get; init; }
    public string? Description { get; init; }

    /// <summary>Six fields, seconds first; a seventh may name years; or a macro such as <c>@hourly</c>.</summary>
    public string? CronExpression { get; init; }

    /// <summary>IANA name of the zone whose clock the expression follows.</summary>
    public string ZoneId { get; init; } = "UTC";

    /// <summary>Several expressions, each with its zone; where given they replace <see cref="CronExpression"/>.</summary>
    public IReadOnlyList<CronSchedule> CronSchedules { get; init; } = [];

    /// <summary>True: times that were missed (the engine was not running) are made up for, one by one.</summary>
    public bool RunCatchupScheduleInstances { get; init; }
    public bool Paused { get; init; }
    public string? PausedReason { get; init; }
    public StartWorkflowRequest? StartWorkflowRequest { get; init; }

    /// <summary>Not before this time.</summary>
    public long? ScheduleStartTime { get; init; }

    /// <summary>Not after this time.</summary>
    public long? ScheduleEndTime { get; init; }

    /// <summary>Set by the server; absent when paused, or when no time is left.</summary>
    public long? NextRunTime { get; init; }
    public long? CreateTime { get; init; }
    public long? UpdatedTime { get; init; }
    public string? CreatedBy { get; init; }
    public string? UpdatedBy { get; init; }
}

/// <summary>One of several expressions of a schedule.</summary>
public sealed record CronSchedule
{
    public string? CronExpression { get; init; }
    public string ZoneId { get; init; } = "UTC";
}

/// <summary>One run of a schedule: what was started, or why not.</summary>
public sealed record ScheduleExecution
{
    public string? ExecutionId { get; init; }
    public string? ScheduleName { get; init; }

    /// <summary>The time the expression named.</summary>
    public long ScheduledTime { get; init; }

    /// <summary>When it was acted on.</summary>
    public long ExecutionTime { get; init; }
    public string? WorkflowName { get; init; }
    public string? WorkflowId { get; init; }

    /// <summary>EXECUTED or FAILED.</summary>
    public string? State { get; init; }
    public string? Reason { get; init; }
    public StartWorkflowRequest? StartWorkflowRequest { get; init; }
}
