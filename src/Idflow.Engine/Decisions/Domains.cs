namespace Idflow.Engine.Decisions;

/// <summary>
/// Which domain's queue a worker task goes to: of the comma list given for its type (or for <c>*</c>) the first with a live worker,
/// else the last; <c>NO_DOMAIN</c> at the end means the plain queue.
/// </summary>
internal static class Domains
{
    private const string None = "NO_DOMAIN";

    public static string? Choose(WorkflowState state, DecisionContext context, string taskType)
    {
        var given = state.Row.TaskToDomain[taskType] ?? state.Row.TaskToDomain["*"];
        var list = (given?.ToString() ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (list.Length == 0)
        {
            return null;
        }
        var active = Array.Find(list, domain => !domain.Equals(None, StringComparison.OrdinalIgnoreCase) && context.Services.Domains.IsActive(taskType, domain, context.Now));
        return active ?? (list[^1].Equals(None, StringComparison.OrdinalIgnoreCase) ? null : list[^1]);
    }
}
