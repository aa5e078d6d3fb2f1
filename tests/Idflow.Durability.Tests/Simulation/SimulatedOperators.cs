using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Conductor.Model;

namespace Idflow.Durability.Tests.Simulation;

/// <summary>What operators do to workflows, children among them, and to schedules. What they ask for is told to the watch: it may happen from then on.</summary>
internal sealed class SimulatedOperators(SimulatedProcess process, SimulatedDisk disk, SimulatedClients clients, SimulationWatch watch, Random random, Action<string> trace)
{
    private static readonly string[] Skipped = ["last", "w2"];

    /// <summary>Workflows that were restarted or run again from somewhere: what they had caused before is caused again.</summary>
    public HashSet<string> Rewound { get; } = [];

    public void Act()
    {
        if (Target() is not { } id)
        {
            return;
        }
        var operation = random.Next(24);
        trace($"operate {operation} {id}");
        switch (operation)
        {
            case < 2:
                Ask("pause", id, () => process.Engine.PauseWorkflowAsync(id), () => IsOnDisk(id, "pause", WorkflowStatus.PAUSED, "resume"));
                break;
            case < 7:
                Ask("resume", id, () => process.Engine.ResumeWorkflowAsync(id));
                break;
            case 7 when watch.Row(id) is { ParentWorkflowId: null }:
                Ask("terminate", id, () => process.Engine.TerminateWorkflowAsync(id, "simulated"), () => IsOnDisk(id, "termination", WorkflowStatus.TERMINATED, "reopen"));
                break;
            case < 12:
                Reopen(id, () => process.Engine.RetryWorkflowAsync(id, resumeSubworkflowTasks: random.Next(2) == 0), isRewound: false);
                break;
            case 12:
                Reopen(id, () => process.Engine.RestartWorkflowAsync(id, useLatestDefinitions: random.Next(2) == 0), isRewound: true);
                break;
            case < 15:
                Rerun(id);
                break;
            case < 17:
                process.Call(() => process.Engine.SkipTaskAsync(id, Skipped[random.Next(Skipped.Length)], new SkipTaskRequest()));
                break;
            case 17:
                process.Call(() => process.Engine.DecideAsync(id));
                process.Call(() => process.Engine.ResetCallbacksAsync(id));
                break;
            case 18:
                watch.Asked("requeue", "breaks");
                process.Call(() => process.Engine.RequeuePendingTasksAsync("breaks"), _ => { });
                break;
            case 19 when watch.Row(id) is { ParentWorkflowId: null }:
                var archive = random.Next(2) == 0;
                Ask("remove", id, () => process.Engine.RemoveWorkflowAsync(id, archive));
                break;
            case 20:
                Schedule();
                break;
            default:
                process.Call(() => process.Engine.GetWorkflowAsync(id), _ => { });
                break;
        }
    }

    private string? Target()
    {
        if (random.Next(3) > 0 || watch.Seen.Count == 0)
        {
            return clients.Any(null);
        }
        return watch.Seen[random.Next(watch.Seen.Count)];
    }

    private void Ask(string what, string id, Func<Task> call, Action? acknowledged = null)
    {
        if (process.Call(call, acknowledged))
        {
            watch.Asked(what, id);
        }
    }

    /// <summary>The parents of what goes again go again, with the siblings that had ended with them.</summary>
    private void Reopen(string id, Func<Task> call, bool isRewound)
    {
        if (process.Call(call))
        {
            watch.Asked("reopen", watch.RootOf(id));
            if (isRewound)
            {
                Rewound.Add(watch.RootOf(id));
            }
        }
    }

    private void Rerun(string id)
    {
        var tasks = disk.Content.ReadTasks(id);
        var from = tasks.Count > 0 && random.Next(3) > 0 ? tasks[random.Next(tasks.Count)].TaskId : null;
        Reopen(id, () => process.Engine.RerunWorkflowAsync(id, new RerunWorkflowRequest { ReRunFromTaskId = from }), isRewound: true);
    }

    private void Schedule() => process.Call(() => random.Next(2) == 0 ? process.Engine.PauseScheduleAsync("tick", "simulated") : process.Engine.ResumeScheduleAsync("tick"));

    /// <summary>An acknowledged operation is on disk, unless somebody asked for the contrary.</summary>
    private void IsOnDisk(string id, string what, WorkflowStatus status, string contrary)
    {
        if (watch.Row(id) is { } row && row.Status != status && !row.Status.IsTerminal() && !watch.WasAsked(contrary, id) && !watch.WasAsked("reopen", watch.RootOf(id)))
        {
            clients.Faults.Add($"the {what} of {row.Name} {id} was acknowledged and is not on disk: {row.Status}");
        }
    }
}
