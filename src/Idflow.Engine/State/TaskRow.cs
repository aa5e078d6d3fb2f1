using System.Text.Json.Nodes;
using Idflow.Conductor.Model;
using Idflow.Engine.Definitions;

namespace Idflow.Engine.State;

/// <summary>
/// One attempt of a task (Conductor's TaskModel). Times are epoch milliseconds, 0 when unset. Rows are values: a payload that stands in a
/// row is never changed in place. The outputs of JOIN and DO_WHILE are put together from their members when they are read.
/// </summary>
/// <remarks>
/// Why not the wire's <see cref="TaskExecution"/>, or a base of both: decisions need what clients never see (due times, loops, whose
/// entry it is) and never null what clients may leave out; clients get copies of payloads, outputs put together, and fields that
/// follow from others. One record for both would make each rule of one a rule of the other. Tests hold that no property is forgotten
/// on the way to the disk (RowPropertyTests) or to the client (WireMapperTests).
/// </remarks>
internal sealed record TaskRow
{
    public required string TaskId { get; init; }
    public required string WorkflowId { get; init; }

    /// <summary>With <c>__n</c> at its end for the n-th iteration of a loop.</summary>
    public required string ReferenceName { get; init; }
    public required string TaskType { get; init; }
    public required string TaskDefName { get; init; }

    /// <summary>Name of the workflow.</summary>
    public required string WorkflowType { get; init; }
    public TaskExecutionStatus Status { get; init; }

    /// <summary>Order of scheduling, from 1; 0 for a skipped task.</summary>
    public int Seq { get; init; }

    /// <summary>Of a member of a loop, from 1; of a loop, how far it is; else 0.</summary>
    public int Iteration { get; init; }

    /// <summary>Reference name of the loop task that this one is a member of, with the iteration of the loop around that one.</summary>
    public string? Loop { get; init; }
    public int RetryCount { get; init; }
    public int PollCount { get; init; }
    public JsonObject Input { get; init; } = [];
    public JsonObject Output { get; init; } = [];
    public string? Reason { get; init; }
    public string? WorkerId { get; init; }
    public string? CorrelationId { get; init; }
    public string? Domain { get; init; }
    public long ScheduledTime { get; init; }
    public long StartTime { get; init; }
    public long EndTime { get; init; }
    public long UpdateTime { get; init; }

    /// <summary>When the first attempt was scheduled.</summary>
    public long FirstScheduledTime { get; init; }

    /// <summary>While SCHEDULED: not handed out before. While a WAIT is open: its end, 0 for none.</summary>
    public long DueTime { get; init; }
    public int StartDelaySeconds { get; init; }
    public long CallbackAfterSeconds { get; init; }
    public long ResponseTimeoutSeconds { get; init; }

    /// <summary>A newer attempt took this one's place.</summary>
    public bool Retried { get; init; }

    /// <summary>What follows this task has been derived.</summary>
    public bool Executed { get; init; }
    public bool SubworkflowChanged { get; init; }
    public string? RetriedTaskId { get; init; }
    public string? SubWorkflowId { get; init; }
    public string? ParentTaskId { get; init; }

    /// <summary>The definition's entry, with its task definition. Stored only when <see cref="EntryIsOwn"/>, else found in the snapshot.</summary>
    public WorkflowTask? Entry { get; init; }

    /// <summary>The entry is not in the snapshot (members of dynamic forks, DYNAMIC).</summary>
    public bool EntryIsOwn { get; init; }

    /// <summary>The parameters of the entry are values, not expressions (members that a dynamic fork makes of a list of inputs).</summary>
    public bool EntryIsData { get; init; }
    public int WorkflowPriority { get; init; }
    public int RateLimitPerFrequency { get; init; }
    public int RateLimitFrequencyInSeconds { get; init; }
    public string? IsolationGroupId { get; init; }
    public string? ExecutionNameSpace { get; init; }
    public string? ExternalInputPath { get; init; }
    public string? ExternalOutputPath { get; init; }

    /// <summary>What its members gave is over the limit: nothing of it shows.</summary>
    public bool OutputDropped { get; init; }

    public bool IsTerminal => Status.IsTerminal();

    /// <summary>The task as its end leaves it.</summary>
    /// <param name="now">Epoch milliseconds.</param>
    /// <param name="reason">Null keeps the one it has.</param>
    public TaskRow Ended(TaskExecutionStatus status, long now, string? reason = null) =>
        this with { Status = status, Reason = reason ?? Reason, EndTime = now, UpdateTime = now };

    /// <summary>The pass of <see cref="Loop"/> that it belongs to. A loop inside of a loop uses <see cref="Iteration"/> for its own passes.</summary>
    public int LoopIteration => Loop is null ? 0 : TaskType == TaskTypes.DoWhile ? ReferenceNames.IterationOf(ReferenceName) : Iteration;

    /// <summary>The reference name of the definition: without the iteration.</summary>
    public string PlainName => Loop is null ? ReferenceName : ReferenceNames.WithoutIteration(ReferenceName);
}
