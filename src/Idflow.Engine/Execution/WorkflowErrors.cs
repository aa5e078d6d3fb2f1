using Idflow.Conductor;
using Idflow.Engine.State;

namespace Idflow.Engine.Execution;

/// <summary>Errors about executions, in the words that Conductor's clients know.</summary>
internal static class WorkflowErrors
{
    public static ConductorException NotFound(string workflowId) => ConductorException.NotFound($"No such workflow found by id: {workflowId}");

    /// <summary><c>name.version/id</c>.</summary>
    public static string ShortName(WorkflowRow row) => $"{row.Name}.{row.Version}/{row.WorkflowId}";

    public static ConductorException TaskNotFound(string taskId) => ConductorException.NotFound($"Task not found for taskId: {taskId}");

    public static ConductorException NoSuchTask(string taskId) => ConductorException.NotFound($"No such task found by id: {taskId}");
}
