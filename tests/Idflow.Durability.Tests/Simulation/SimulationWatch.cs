using Idflow.Conductor.Model;
using Idflow.Engine.Decisions.Operators;
using Idflow.Engine.State;
using Idflow.Engine.Storage;

namespace Idflow.Durability.Tests.Simulation;

/// <summary>
/// Sees every row on its way to the disk, from outside of the engine: what has ended stays as it ended, a task that a worker holds is
/// nobody else's, a key has one run, a workflow is paused, resumed, set going again and removed only when somebody asked for it.
/// </summary>
internal sealed class SimulationWatch(SimulatedTime time, TimeSpan? retention)
{
    private readonly Dictionary<string, WorkflowRow> _workflows = [];
    private readonly Dictionary<string, TaskRow> _tasks = [];
    private readonly Dictionary<(string Name, string Key), string> _keys = [];
    private readonly Dictionary<string, List<string>> _asked = [];

    public List<string> Faults { get; } = [];

    /// <summary>Ids of all workflows that ever were on disk, oldest first.</summary>
    public List<string> Seen { get; } = [];

    /// <summary>What was removed, as it was.</summary>
    public Dictionary<string, WorkflowRow> Removed { get; } = [];

    public WorkflowRow? Row(string workflowId) => _workflows.GetValueOrDefault(workflowId);

    /// <summary>A client asked for this to be done to a workflow, a task or a type of tasks; from now on it may happen.</summary>
    public void Asked(string what, string id) => (_asked.TryGetValue(what, out var ids) ? ids : _asked[what] = []).Add(id);

    public bool WasAsked(string what, string id) => _asked.TryGetValue(what, out var ids) && ids.Contains(id);

    /// <summary>The workflow at the top, of a child.</summary>
    public string RootOf(string workflowId)
    {
        while (Known(workflowId)?.ParentWorkflowId is { } parent && Known(parent) is not null)
        {
            workflowId = parent;
        }
        return workflowId;
    }

    public void See(IReadOnlyList<StoreChanges> commits)
    {
        foreach (var commit in commits)
        {
            commit.DeletedWorkflows.ForEach(Remove);
            commit.DeletedTasks.ForEach(SeeDeleted);
            commit.Workflows.ForEach(write => See(write.Row));
            commit.Tasks.ForEach(write => See(write.Row));
        }
    }

    private WorkflowRow? Known(string workflowId) => Row(workflowId) ?? Removed.GetValueOrDefault(workflowId);

    private void See(WorkflowRow row)
    {
        if (_workflows.TryGetValue(row.WorkflowId, out var old))
        {
            var may = (old.Status, row.Status) switch
            {
                _ when old.Status == row.Status => true,
                (WorkflowStatus.RUNNING, WorkflowStatus.PAUSED) => WasAsked("pause", row.WorkflowId),
                (WorkflowStatus.PAUSED, WorkflowStatus.RUNNING) => WasAsked("resume", row.WorkflowId) || IsReopened(row.WorkflowId),
                (not WorkflowStatus.COMPLETED, WorkflowStatus.TERMINATED) => row.ParentWorkflowId is not null || WasAsked("terminate", row.WorkflowId) || IsReopened(row.WorkflowId),
                _ => !old.Status.IsTerminal() || IsReopened(row.WorkflowId),
            };
            Expect(may, $"{row.Name} {row.WorkflowId} went from {old.Status} to {row.Status}");
        }
        else
        {
            Seen.Add(row.WorkflowId);
            Expect(!Removed.ContainsKey(row.WorkflowId), $"{row.Name} {row.WorkflowId} was removed and came again");
            Expect(row.IdempotencyKey is null || _keys.TryAdd((row.Name, row.IdempotencyKey), row.WorkflowId), $"{row.Name} {row.WorkflowId} was started under the key {row.IdempotencyKey} of another run");
        }
        _workflows[row.WorkflowId] = row;
    }

    private void See(TaskRow row)
    {
        if (_tasks.TryGetValue(row.TaskId, out var old) && !IsReopened(row.WorkflowId))
        {
            var label = $"{row.ReferenceName} {row.TaskId} of {row.WorkflowType} {row.WorkflowId}";
            if (old.IsTerminal)
            {
                Expect(old.Status == row.Status && (ReferenceEquals(old.Output, row.Output) || old.Output.ToJsonString() == row.Output.ToJsonString()),
                    $"{label} had ended {Shown(old)} and became {Shown(row)}");
            }
            else if (OperatorTable.KindOf(row) == OperatorKind.Worker && old.Status == TaskExecutionStatus.IN_PROGRESS && !MayBeTakenBack(old))
            {
                Expect(row.PollCount == old.PollCount && row.Status != TaskExecutionStatus.SCHEDULED, $"{label} was held by {old.WorkerId} and was handed out again: {row.Status} {row.WorkerId}");
            }
        }
        _tasks[row.TaskId] = row;
    }

    private void SeeDeleted(string taskId)
    {
        if (_tasks.Remove(taskId, out var old))
        {
            Expect(IsReopened(old.WorkflowId) || Removed.ContainsKey(old.WorkflowId), $"{old.ReferenceName} {taskId} of {old.WorkflowType} {old.WorkflowId} was deleted");
        }
    }

    /// <summary>By its worker, with an answer IN_PROGRESS; because its worker belongs to the engine's process; by an operator.</summary>
    private bool MayBeTakenBack(TaskRow held) => held.WorkerId?.StartsWith(SimulatedProcess.OwnWorkers, StringComparison.Ordinal) == true
        || WasAsked("again later", held.TaskId) || WasAsked("requeue", held.TaskType);

    private void Remove(string workflowId)
    {
        if (!_workflows.Remove(workflowId, out var row))
        {
            return;
        }
        Removed[workflowId] = row;
        _keys.Remove((row.Name, row.IdempotencyKey ?? ""));
        var isOver = retention is { } lifetime && row.Status.IsTerminal() && row.EndTime <= (time.LatestWall - lifetime).ToUnixTimeMilliseconds();
        Expect(isOver || WasAsked("remove", workflowId), $"{row.Name} {workflowId} was removed: {row.Status}, ended {row.EndTime}");
    }

    private bool IsReopened(string workflowId) => WasAsked("reopen", RootOf(workflowId));

    private static string Shown(TaskRow task) => $"{task.Status} {task.Output.ToJsonString()}";

    private void Expect(bool holds, string fault)
    {
        if (!holds)
        {
            Faults.Add(fault);
        }
    }
}
