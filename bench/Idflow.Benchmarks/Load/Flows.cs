using System.Text.Json.Nodes;
using Idflow.Conductor.Model;

namespace Idflow.Benchmarks.Load;

/// <summary>The workflows of the measurements. Every step takes the output of the one before and returns a payload of about 150 bytes.</summary>
internal static class Flows
{
    public const string Steps = "load_5_steps";
    public const string SevenSteps = "load_7_steps";
    public const string Fork = "load_fork";
    public const string Loop = "load_loop";
    public const string WaitingTimed = "load_waiting_timed";
    public const string WaitingQueued = "load_waiting_queued";
    public const string ForkWork = "load_branch";
    public const string LoopWork = "load_iteration";

    /// <summary>A task type that nobody polls.</summary>
    public const string Idle = "load_idle";

    private const string Owner = "load@example.com";

    public static JsonObject Payload() => new() { ["number"] = 7, ["ok"] = true, ["text"] = new string('x', 100) };

    /// <summary>The task types of a flow of steps, in order.</summary>
    public static IReadOnlyList<string> TypesOf(string flow, int steps) => [.. Enumerable.Range(1, steps).Select(step => $"{flow}_{step}")];

    /// <summary>Every task type of the flows; some servers refuse a workflow whose task definitions they do not know.</summary>
    public static IReadOnlyList<TaskDef> TaskDefs =>
        [.. TypesOf(Steps, 5).Concat(TypesOf(SevenSteps, 7)).Append(ForkWork).Append(LoopWork).Append(Idle).Select(name => new TaskDef { Name = name, OwnerEmail = Owner, RetryCount = 0 })];

    public static IReadOnlyList<WorkflowDef> All(int branches, int iterations) =>
    [
        Chain(Steps, 5),
        Chain(SevenSteps, 7),
        Forked(branches),
        Looped(iterations),
        Of(WaitingTimed, Task("wait", "wait", TaskTypes.Wait, new() { ["duration"] = "1 days" })),
        Of(WaitingQueued, Task(Idle, "idle", TaskTypes.Simple, new() { ["given"] = "${workflow.input}" })),
    ];

    private static WorkflowDef Chain(string name, int steps) =>
        Of(name, [.. TypesOf(name, steps).Select((type, i) => Task(type, $"step_{i + 1}", TaskTypes.Simple, new() { ["given"] = i == 0 ? "${workflow.input}" : $"${{step_{i}.output}}" }))]);

    private static WorkflowDef Forked(int branches) => Of(Fork,
        new WorkflowTask
        {
            Name = "fork",
            TaskReferenceName = "fork",
            Type = TaskTypes.ForkJoin,
            ForkTasks = [.. Enumerable.Range(0, branches).Select(i => (IReadOnlyList<WorkflowTask>)[Task(ForkWork, $"branch_{i}", TaskTypes.Simple, new() { ["given"] = "${workflow.input}" })])],
        },
        new WorkflowTask { Name = "join", TaskReferenceName = "join", Type = TaskTypes.Join, JoinOn = [.. Enumerable.Range(0, branches).Select(i => $"branch_{i}")] });

    private static WorkflowDef Looped(int iterations) => Of(Loop, new WorkflowTask
    {
        Name = "loop",
        TaskReferenceName = "loop",
        Type = TaskTypes.DoWhile,
        LoopCondition = $"$.loop['iteration'] < {iterations}",
        LoopOver = [Task(LoopWork, "work", TaskTypes.Simple, new() { ["given"] = "${workflow.input}" })],
    });

    private static WorkflowTask Task(string name, string reference, string type, JsonObject input) => new() { Name = name, TaskReferenceName = reference, Type = type, InputParameters = input };

    private static WorkflowDef Of(string name, params WorkflowTask[] tasks) => new()
    {
        Name = name,
        Version = 1,
        OwnerEmail = Owner,
        TimeoutSeconds = 0,
        TimeoutPolicy = WorkflowTimeoutPolicy.ALERT_ONLY,
        // Else the output of the last task, which for a loop is that of every iteration.
        OutputParameters = new() { ["done"] = true },
        Tasks = tasks,
    };
}
