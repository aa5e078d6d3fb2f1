namespace Idflow.Engine.Decisions;

/// <summary>The paths by which clients get payloads.</summary>
internal static class PayloadPath
{
    private const string Suffix = ".json";

    public static string TaskInput(string taskId) => $"task/input/{taskId}{Suffix}";

    public static string TaskOutput(string taskId) => $"task/output/{taskId}{Suffix}";

    public static string WorkflowInput(string workflowId) => $"workflow/input/{workflowId}{Suffix}";

    public static string WorkflowOutput(string workflowId) => $"workflow/output/{workflowId}{Suffix}";

    /// <summary>What a path names: whose payload, which one, and the id.</summary>
    public static (string Owner, string Part, string Id)? Parse(string path) =>
        path.Split('/') is [("task" or "workflow") and var owner, ("input" or "output") and var part, var file] && file.EndsWith(Suffix, StringComparison.Ordinal)
            ? (owner, part, file[..^Suffix.Length])
            : null;
}
