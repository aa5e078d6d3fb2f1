using System.Diagnostics;
using System.Text.Json;
using Idflow.Conductor.Model;

namespace Idflow.Workers.Telemetry;

/// <summary>One activity for each run of a task method.</summary>
internal static class WorkerActivities
{
    private static readonly ActivitySource Source = new(WorkerMetrics.SourceName);

    public static Activity? Start(TaskExecution task)
    {
        var activity = Source.StartActivity($"task {task.TaskType}");
        if (activity is null)
        {
            return null;
        }

        activity.SetTag("idflow.workflow.id", task.WorkflowInstanceId).SetTag("idflow.workflow.type", task.WorkflowType)
            .SetTag("idflow.task.id", task.TaskId).SetTag("idflow.task.reference", task.ReferenceTaskName).SetTag("idflow.task.attempt", task.RetryCount);
        if (task.InputData["docId"] is { } document && document.GetValueKind() == JsonValueKind.String)
        {
            activity.SetTag("idflow.document.id", document.GetValue<string>());
        }

        return activity;
    }

    public static void End(this Activity? activity, bool success, string? reason) =>
        activity?.SetStatus(success ? ActivityStatusCode.Ok : ActivityStatusCode.Error, reason);
}
