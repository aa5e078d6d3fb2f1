using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Scripting;

namespace Idflow.Engine.Validation;

/// <summary>
/// Checks of what clients send, in Conductor's words and with its paths. A path begins with the name of the controller's method
/// and the position of the parameter (<c>registerWorkflowDef.arg0</c>), which the caller knows.
/// </summary>
/// <param name="scripts">Parses the scripts of definitions; nothing is run.</param>
/// <param name="taskDefs">The registered task definition of a name; null when there is none.</param>
/// <param name="limits">Of the size of definitions; null for the defaults.</param>
/// <param name="isSystemVariable">Names that <c>${NAME}</c> may use beside references; null for none but Conductor's own.</param>
internal sealed class DefinitionValidator(IScriptEvaluator scripts, Func<string, TaskDef?> taskDefs, Func<string, bool>? isSystemVariable = null, EngineLimits? limits = null)
{
    private readonly EngineLimits _limits = limits ?? new();
    private readonly WorkflowTaskRules _taskRules = new(scripts, taskDefs);
    private readonly ReferenceRules _referenceRules = new(isSystemVariable);

    /// <exception cref="ConductorException">400, as all of these checks.</exception>
    public void CheckWorkflowDef(string path, WorkflowDef definition)
    {
        var errors = new ErrorList();
        Check(path, definition, errors);
        errors.ThrowIfAny();
    }

    public void CheckWorkflowDefs(string path, IReadOnlyList<WorkflowDef> definitions) =>
        CheckAll(path, definitions, "WorkflowDefList is empty", Check);

    public static void CheckTaskDefs(string path, IReadOnlyList<TaskDef> definitions) =>
        CheckAll(path, definitions, "TaskDefList is empty", TaskDefRules.Check);

    public static void CheckTaskDef(string path, TaskDef definition)
    {
        var errors = new ErrorList();
        TaskDefRules.Check(path, definition, errors);
        errors.ThrowIfAny();
    }

    public static void CheckEventHandler(string path, EventHandlerDef handler)
    {
        var errors = new ErrorList();
        errors.Required($"{path}.name", handler.Name, "Missing event handler name");
        errors.Required($"{path}.event", handler.Event, "Missing event location");
        if (handler.Actions is not { Count: > 0 })
        {
            errors.Add($"{path}.actions", "No actions specified. Please specify at-least one action");
        }

        errors.ThrowIfAny();
    }

    public void CheckStart(string path, StartWorkflowRequest request)
    {
        var errors = new ErrorList();
        errors.Required($"{path}.name", request.Name, "Workflow name cannot be null or empty");
        if (request.Priority is < 0 or > 99)
        {
            errors.Add($"{path}.priority", $"priority: {request.Priority} should be {(request.Priority < 0 ? "minimum 0" : "maximum 99")}", request.Priority);
        }

        if (request.WorkflowDef is { } inline)
        {
            Check($"{path}.workflowDef", inline, errors);
        }

        errors.ThrowIfAny();
    }

    public static void CheckTaskResult(string path, TaskResult result)
    {
        var errors = new ErrorList();
        errors.Required($"{path}.taskId", result.TaskId, "Task ID cannot be null or empty");
        errors.Required($"{path}.workflowInstanceId", result.WorkflowInstanceId, "Workflow Id cannot be null or empty");
        errors.ThrowIfAny();
    }

    private static void CheckAll<T>(string path, IReadOnlyList<T> definitions, string whenEmpty, Action<string, T, ErrorList> check)
    {
        var errors = new ErrorList();
        if (definitions.Count == 0)
        {
            errors.Add(path, whenEmpty);
        }

        for (var i = 0; i < definitions.Count; i++)
        {
            check($"{path}[{i}]", definitions[i], errors);
        }

        errors.ThrowIfAny();
    }

    private void Check(string path, WorkflowDef definition, ErrorList errors)
    {
        errors.Required($"{path}.name", definition.Name, "WorkflowDef name cannot be null or empty");
        if (definition.SchemaVersion != 2)
        {
            errors.Add($"{path}.schemaVersion", "workflowDef schemaVersion: 2 is only supported", definition.SchemaVersion);
        }

        if (definition.Tasks.Count == 0)
        {
            errors.Add($"{path}.tasks", "WorkflowTask list cannot be empty");
        }

        if (!SizeRules.Check(path, definition, _limits, errors))
        {
            return;
        }

        _taskRules.Check($"{path}.tasks", definition.Tasks, errors);
        _referenceRules.Check(path, definition, errors);
    }
}
