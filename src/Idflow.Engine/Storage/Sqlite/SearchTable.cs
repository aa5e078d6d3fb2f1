using Idflow.Engine.Definitions;

namespace Idflow.Engine.Storage.Sqlite;

/// <summary>A table that can be searched: the columns of its fields, and of its free text.</summary>
internal sealed record SearchTable(string Name, string Payloads, IReadOnlyDictionary<string, string> Fields, IReadOnlySet<string> Numbers, IReadOnlyList<string> TextColumns)
{
    public static readonly SearchTable Workflows = new("workflow", "workflow_payload",
        new Dictionary<string, string>
        {
            ["workflowId"] = "t.id",
            ["workflowType"] = "t.name",
            ["version"] = "t.version",
            ["correlationId"] = "t.correlation",
            ["status"] = "t.status",
            ["startTime"] = "t.created",
            ["endTime"] = "t.ended",
            ["updateTime"] = "t.updated",
            ["modifiedTime"] = "t.updated",
            ["idempotencyKey"] = "t.idempotency",
            ["parentWorkflowId"] = "ifnull(t.parent, '')",
            ["priority"] = "t.priority",
            ["classifier"] = $"ifnull(t.classifier, '{Classifier.Default}')",
        },
        new HashSet<string> { "version", "startTime", "endTime", "updateTime", "modifiedTime", "priority" },
        ["t.id", "t.name", "t.correlation", "t.status", "t.reason"]);

    public static readonly SearchTable Tasks = new("task", "task_payload",
        new Dictionary<string, string>
        {
            ["taskId"] = "t.id",
            ["taskType"] = "t.type",
            ["taskDefName"] = "t.definition",
            ["workflowId"] = "t.workflow",
            ["workflowType"] = "t.workflow_name",
            ["workflowName"] = "t.workflow_name",
            ["status"] = "t.status",
            ["scheduledTime"] = "t.scheduled",
            ["startTime"] = "t.started",
            ["endTime"] = "t.ended",
            ["updateTime"] = "t.updated",
        },
        new HashSet<string> { "scheduledTime", "startTime", "endTime", "updateTime" },
        ["t.id", "t.type", "t.definition", "t.workflow", "t.workflow_name", "t.status", "t.reason"]);
}
