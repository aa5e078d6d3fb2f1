using System.Text.Json.Nodes;
using Idflow.Conductor.Json;
using Idflow.Conductor.Model;
using Idflow.Engine.Decisions;
using Idflow.Engine.Definitions;
using Idflow.Engine.Expressions;
using Idflow.Engine.Operations;
using Idflow.Engine.Execution;
using Idflow.Engine.Jq;
using Idflow.Engine.State;
using Idflow.Engine.Storage;
using Idflow.Scripting;

namespace Idflow.Engine.Tests.Support;

/// <summary>One workflow in the hands of the pure decider: no store, no queue, a clock that stands still.</summary>
internal sealed class DecidedWorkflow : IDefinitions, IDomainActivity
{
    private readonly Dictionary<string, TaskDef> _taskDefs = [];
    private readonly DecisionServices _services;

    /// <param name="tasks">The definition's tasks as JSON.</param>
    /// <param name="settings">Further members of the definition as JSON, and <c>taskToDomain</c> of the start.</param>
    public DecidedWorkflow(string tasks, string settings = "{}", string input = "{}", params TaskDef[] taskDefs)
        : this(new EngineLimits(), tasks, settings, input, taskDefs)
    {
    }

    public DecidedWorkflow(EngineLimits limits, string tasks, string settings = "{}", string input = "{}", params TaskDef[] taskDefs)
    {
        _services = new DecisionServices
        {
            Ids = new SequentialIds(),
            Expressions = new ExpressionEvaluator(),
            Scripts = new JavaScriptSandbox(),
            Jq = new NoJq(),
            Definitions = this,
            Domains = this,
            Limits = limits,
        };
        Array.ForEach(taskDefs, definition => _taskDefs[definition.Name!] = definition);
        var json = (JsonObject)JsonNode.Parse(settings)!;
        json["name"] = "wf";
        json["tasks"] = JsonNode.Parse(tasks);
        var definition = SnapshotBuilder.Build(ConductorJson.Deserialize<WorkflowDef>(json)!, FindTask, FindWorkflow);
        State = new WorkflowState(new WorkflowRow
        {
            WorkflowId = "w",
            Name = "wf",
            SnapshotId = "s",
            Input = (JsonObject)JsonNode.Parse(input)!,
            TaskToDomain = json["taskToDomain"]?.DeepClone() as JsonObject ?? [],
            Variables = definition.Variables,
            CreateTime = Now,
        }, new WorkflowGraph("s", definition));
        Change((state, unit) => unit.Decide(state));
    }

    public WorkflowState State { get; private set; }

    /// <summary>Epoch milliseconds.</summary>
    public long Now { get; private set; } = 1_000_000;

    public WorkflowStatus Status => State.Row.Status;

    /// <summary>Reference name, status and attempt of each task, in order.</summary>
    public string Tasks => string.Join(" ", State.Tasks.Select(task => $"{task.ReferenceName}:{task.Status}{(task.RetryCount > 0 ? $"#{task.RetryCount}" : "")}"));

    public TaskRow this[string reference] => State.Latest(reference) ?? throw new InvalidOperationException($"no task {reference}; there are {Tasks}");

    /// <summary>The rows that the last change wrote.</summary>
    public StoreChanges Written { get; private set; } = new();

    public void Change(Action<WorkflowState, ChangeUnit> change)
    {
        change(State, new ChangeUnit(new DecisionContext(_services, Now)));
        Written = new StoreChanges();
        State.MoveChangesTo(Written);
    }

    public void Update(string reference, TaskResultStatus status, string output = "{}", string? reason = null) => Change((state, unit) => TaskUpdate.Apply(state, unit, new TaskResult
    {
        TaskId = this[reference].TaskId,
        WorkflowInstanceId = "w",
        Status = status,
        OutputData = (JsonObject)JsonNode.Parse(output)!,
        ReasonForIncompletion = reason,
    }));

    public void Complete(string reference, string output = "{}") => Update(reference, TaskResultStatus.COMPLETED, output);

    public void Fail(string reference, string reason = "broke") => Update(reference, TaskResultStatus.FAILED, reason: reason);

    public void Poll(string reference) => Change((state, unit) => TaskHandOut.Take(state, unit, this[reference].TaskId, "worker"));

    /// <summary>Moves the clock, and lets the deadlines that pass be acted on.</summary>
    public void Advance(double seconds)
    {
        var end = Now + (long)(seconds * 1000);
        while (NextDeadline() is var (time, taskId) && time <= end)
        {
            Now = Math.Max(Now, time);
            Change((state, unit) => unit.OnDeadline(state, taskId));
        }
        Now = end;
    }

    /// <summary>The same workflow as a restart would find it.</summary>
    public void Reload() => State = WorkflowState.Load(State.Row, State.Graph, State.Tasks.ToList());

    private (long Time, string? TaskId)? NextDeadline()
    {
        var deadlines = new List<(long Time, string? TaskId)> { (WorkflowTimeout.Deadline(State.Row, State.Graph.Definition), null) };
        deadlines.AddRange(State.Open.Select(task => (Deadlines.Next(task), (string?)task.TaskId)));
        deadlines = [.. deadlines.Where(deadline => deadline.Time > Now).OrderBy(deadline => deadline.Time)];
        return deadlines.Count > 0 ? deadlines[0] : null;
    }

    public TaskDef? FindTask(string name) => _taskDefs.GetValueOrDefault(name);

    public WorkflowDef? FindWorkflow(string name, int? version) => null;

    public bool IsActive(string taskType, string domain, long now) => domain == "live";

    private sealed class NoJq : IJqEvaluator
    {
        public IReadOnlyList<JsonNode?> Evaluate(string program, JsonNode? input) => throw new JqException("no jq here");
    }
}
