using System.Text.Json.Nodes;
using Idflow.Conductor.Model;

namespace Idflow.Engine.State;

/// <summary>
/// One workflow execution without its tasks (Conductor's WorkflowModel); apart from the wire's <see cref="Workflow"/> for the reasons of <see cref="TaskRow"/>. Times are epoch milliseconds, 0 when unset. Rows are values: a payload that
/// stands in a row is never changed in place.
/// </summary>
internal sealed record WorkflowRow
{
    public required string WorkflowId { get; init; }
    public required string Name { get; init; }
    public int Version { get; init; } = 1;

    /// <summary>Hash of the definition that this run uses; see <see cref="SnapshotRow"/>.</summary>
    public required string SnapshotId { get; init; }

    /// <summary>Null for <see cref="Definitions.Classifier.Default"/>.</summary>
    public string? Classifier { get; init; }
    public WorkflowStatus Status { get; init; }
    public JsonObject Input { get; init; } = [];
    public JsonObject Output { get; init; } = [];
    public JsonObject Variables { get; init; } = [];
    public string? CorrelationId { get; init; }
    public string? IdempotencyKey { get; init; }
    public int Priority { get; init; }
    public JsonObject TaskToDomain { get; init; } = [];
    public string? ParentWorkflowId { get; init; }
    public string? ParentWorkflowTaskId { get; init; }

    /// <summary>The event that started this run.</summary>
    public string? Event { get; init; }
    public string? Reason { get; init; }
    public string? FailedTaskId { get; init; }
    public IReadOnlyList<string> FailedReferenceNames { get; init; } = [];
    public IReadOnlyList<string> FailedTaskNames { get; init; } = [];
    public long CreateTime { get; init; }
    public long UpdateTime { get; init; }
    public long EndTime { get; init; }

    /// <summary>When an operator last set it going again; the workflow's time limit counts from here. No two runs have the same.</summary>
    public long LastRetriedTime { get; init; }
    public string? CreatedBy { get; init; }
    public string? ExternalInputPath { get; init; }
    public string? ExternalOutputPath { get; init; }

    /// <summary>Removed, and kept for reading and searching only.</summary>
    public bool Archived { get; init; }

    /// <summary>The workflow as an operator sets it going.</summary>
    /// <param name="now">Epoch milliseconds.</param>
    public WorkflowRow RunningAgain(long now) =>
        this with { Status = WorkflowStatus.RUNNING, Reason = null, EndTime = 0, LastRetriedTime = Math.Max(now, LastRetriedTime + 1), UpdateTime = now };
}
