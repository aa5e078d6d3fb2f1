using System.Text.Json.Nodes;
using Idflow.Conductor.Model;

namespace Idflow.Engine.State;

/// <summary>A definition as runs use it, task definitions included; shared by all runs with the same content.</summary>
internal sealed record SnapshotRow(string SnapshotId, WorkflowDef Definition);

/// <summary>Kinds of named documents; the numbers are stored.</summary>
internal enum DocumentKind { Workflow = 1, Task = 2, EventHandler = 3, Schedule = 4, Schema = 5, Setting = 6 }

/// <summary>A named document of the catalogue (definitions, handlers, schedules): small in number, all held in memory.</summary>
/// <param name="Version">0 for kinds without versions.</param>
/// <param name="Json">The document as JSON text.</param>
internal sealed record DocumentRow(DocumentKind Kind, string Name, int Version, string Json);

/// <summary>One line of a task's log.</summary>
internal sealed record TaskLogRow(string TaskId, string WorkflowId, string Text, long CreatedTime);

/// <summary>A message that waits in a workflow's queue for a PULL_WORKFLOW_MESSAGES task.</summary>
internal sealed record MessageRow(string Id, string WorkflowId, JsonObject Payload, long ReceivedAt);

/// <summary>
/// Something one workflow has decided that happens outside of it (a child's end, a published event). It is written with
/// the decision and deleted with its outcome, so it happens once, whenever the process dies in between.
/// </summary>
/// <param name="Id">Unique; ascending ids are carried out in order.</param>
/// <param name="Kind">Name of the effect.</param>
/// <param name="WorkflowId">The workflow that decided it.</param>
internal sealed record OutboxRow(long Id, string Kind, string WorkflowId, JsonObject Data);

/// <summary>What became of one action of an event handler for one message.</summary>
/// <param name="Id"><c>messageId_actionIndex</c>; unique with handler and event.</param>
internal sealed record EventExecutionRow(string Id, string Handler, string Event, string MessageId, string Status, string? Action, JsonObject Output, long Created);

/// <summary>What names an <see cref="EventExecutionRow"/>.</summary>
internal readonly record struct EventExecutionKey(string Handler, string Event, string Id);

/// <summary>One run of a schedule.</summary>
internal sealed record ScheduleExecutionRow(string ExecutionId, string Schedule, long ScheduledTime, long ExecutedTime, string? WorkflowId, string State, string? Reason, JsonObject Request);
