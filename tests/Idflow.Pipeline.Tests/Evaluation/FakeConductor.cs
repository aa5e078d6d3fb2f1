using System.Reflection;
using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Conductor.Model;

namespace Idflow.Pipeline.Tests.Evaluation;

/// <summary>A Conductor that keeps starts and definitions in memory and runs nothing; any other call fails the test.</summary>
public class FakeConductor : DispatchProxy
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Workflow> _workflows = [];
    private readonly Dictionary<(string, int), WorkflowDef> _definitions = [];

    public List<StartWorkflowRequest> Starts { get; } = [];

    public List<string> Writes { get; } = [];

    /// <summary>True: every call answers that the server is away.</summary>
    public bool IsAway { get; set; }

    /// <summary>Thrown by the next start after it has taken place: the answer is lost.</summary>
    public Exception? LostAnswer { get; set; }

    /// <summary>Thrown by every start, instead of starting.</summary>
    public Exception? Refusal { get; set; }

    /// <summary>Runs before a start takes place.</summary>
    public Func<Task>? BeforeStart { get; set; }

    public List<TaskDef> TaskDefinitions { get; } = [];

    public List<EventHandlerDef> EventHandlers { get; } = [];

    public IReadOnlyDictionary<string, Workflow> Workflows => _workflows;

    public static (IConductor Conductor, FakeConductor Fake) New()
    {
        var conductor = Create<IConductor, FakeConductor>();
        return (conductor, (FakeConductor)(object)conductor);
    }

    public void Forget(string workflowId) => _workflows.Remove(workflowId);

    public void End(string workflowId, WorkflowStatus status, string? reason) =>
        _workflows[workflowId] = _workflows[workflowId] with { Status = status, ReasonForIncompletion = reason };

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var name = targetMethod!.Name;
        return name switch
        {
            nameof(IConductor.StartWorkflowAsync) => StartAsync((StartWorkflowRequest)args![0]!),
            nameof(IConductor.GetWorkflowAsync) => Answer(() => _workflows.GetValueOrDefault((string)args![0]!) ?? throw ConductorException.NotFound($"Workflow {args[0]} not found")),
            nameof(IConductor.GetWorkflowsByCorrelationIdAsync) => Answer<IReadOnlyList<Workflow>>(() => [.. _workflows.Values.Where(workflow => workflow.CorrelationId == (string)args![1]!)]),
            nameof(IConductor.TerminateWorkflowAsync) => Answer(() => Terminate((string)args![0]!, (string?)args[1])),
            nameof(IConductor.GetWorkflowDefsAsync) => Answer<IReadOnlyList<WorkflowDef>>(() => [.. _definitions.Values]),
            nameof(IConductor.GetWorkflowDefAsync) => Answer(() => _definitions.Values.FirstOrDefault(definition => definition.Name == (string)args![0]!) ?? throw ConductorException.NotFound("No such definition")),
            nameof(IConductor.UpdateWorkflowDefsAsync) => Answer(() => Store((IReadOnlyList<WorkflowDef>)args![0]!)),
            nameof(IConductor.GetTaskDefsAsync) => Answer<IReadOnlyList<TaskDef>>(() => [.. TaskDefinitions]),
            nameof(IConductor.CreateTaskDefsAsync) => Answer(() => StoreTasks((IReadOnlyList<TaskDef>)args![0]!)),
            nameof(IConductor.GetEventHandlersAsync) => Answer<IReadOnlyList<EventHandlerDef>>(() => [.. EventHandlers]),
            nameof(IConductor.AddEventHandlerAsync) => Answer(() => AddHandler((EventHandlerDef)args![0]!)),
            nameof(IConductor.UpdateEventHandlerAsync) => Answer(() => ReplaceHandler((EventHandlerDef)args![0]!)),
            _ => throw new NotSupportedException($"The test did not expect {name}."),
        };
    }

    private Task<T> Answer<T>(Func<T> answer)
    {
        try
        {
            lock (_gate)
            {
                return IsAway ? Task.FromException<T>(new ConductorUnavailableException("http://away")) : Task.FromResult(answer());
            }
        }
        catch (ConductorException error)
        {
            return Task.FromException<T>(error);
        }
    }

    private async Task<string> StartAsync(StartWorkflowRequest request)
    {
        await (BeforeStart?.Invoke() ?? Task.CompletedTask);
        var id = await Answer(() =>
        {
            var id = Refusal is null ? $"w{Starts.Count + 1}" : throw Refusal;
            Starts.Add(request);
            _workflows[id] = new Workflow { WorkflowId = id, Status = WorkflowStatus.RUNNING, CorrelationId = request.CorrelationId, Input = (JsonObject)request.Input!.DeepClone() };
            return id;
        });
        if (LostAnswer is { } lost)
        {
            LostAnswer = null;
            throw lost;
        }

        return id;
    }

    private bool Terminate(string id, string? reason)
    {
        _workflows[id] = _workflows.GetValueOrDefault(id) is { IsTerminal: false } running
            ? running with { Status = WorkflowStatus.TERMINATED, ReasonForIncompletion = reason }
            : throw ConductorException.Conflict($"Workflow {id} has ended");
        return true;
    }

    private BulkResponse Store(IReadOnlyList<WorkflowDef> definitions)
    {
        foreach (var definition in definitions)
        {
            if (definition.Name == "refused")
            {
                throw ConductorException.BadRequest("Validation failed", [new ValidationError("x", "tasks are wrong")]);
            }

            Writes.Add($"{definition.Name} {definition.Version}");
            _definitions[(definition.Name!, definition.Version)] = definition with { CreateTime = 1, UpdateTime = 2 };
        }

        return new BulkResponse();
    }

    private bool StoreTasks(IReadOnlyList<TaskDef> definitions)
    {
        Writes.AddRange(definitions.Select(definition => definition.Name!));
        TaskDefinitions.RemoveAll(known => definitions.Any(definition => definition.Name == known.Name));
        TaskDefinitions.AddRange(definitions.Select(definition => definition with { CreateTime = 1 }));
        return true;
    }

    private bool AddHandler(EventHandlerDef handler)
    {
        if (EventHandlers.Exists(known => known.Name == handler.Name))
        {
            throw ConductorException.Conflict("EventHandler with name already exists");
        }

        Writes.Add(handler.Name!);
        EventHandlers.Add(handler);
        return true;
    }

    private bool ReplaceHandler(EventHandlerDef handler)
    {
        EventHandlers.RemoveAll(known => known.Name == handler.Name);
        return AddHandler(handler);
    }
}
