using Idflow.Conductor.Model;

namespace Idflow.Engine.Validation;

/// <summary>Checks of task definitions. Where a text names 0, it names the least value, not the one that was sent.</summary>
internal static class TaskDefRules
{
    public static void Check(string path, TaskDef definition, ErrorList errors)
    {
        errors.Required($"{path}.name", definition.Name, "TaskDef name cannot be null or empty");
        NotNegative("retryCount", definition.RetryCount);
        NotNegative("pollTimeoutSeconds", definition.PollTimeoutSeconds ?? 0);
        NotNegative("maxRetryDelaySeconds", definition.MaxRetryDelaySeconds);
        NotNegative("backoffJitterMs", definition.BackoffJitterMs);
        NotNegative("totalTimeoutSeconds", definition.TotalTimeoutSeconds);
        errors.AtLeast($"{path}.responseTimeoutSeconds", definition.ResponseTimeoutSeconds, 1,
            $"TaskDef responseTimeoutSeconds: {definition.ResponseTimeoutSeconds} should be minimum 1 second");
        errors.AtLeast($"{path}.backoffScaleFactor", definition.BackoffScaleFactor, 1, "Backoff scale factor. Applicable for LINEAR_BACKOFF");
        if (definition.TimeoutSeconds <= 0)
        {
            return;
        }

        if (definition.ResponseTimeoutSeconds > definition.TimeoutSeconds)
        {
            errors.Add(path, $"TaskDef: {definition.Name} responseTimeoutSeconds: {definition.ResponseTimeoutSeconds} must be less than timeoutSeconds: {definition.TimeoutSeconds}");
        }

        if (definition.TotalTimeoutSeconds > 0 && definition.TimeoutSeconds > definition.TotalTimeoutSeconds)
        {
            errors.Add(path, $"TaskDef: {definition.Name} timeoutSeconds: {definition.TimeoutSeconds} must be less than or equal to totalTimeoutSeconds: {definition.TotalTimeoutSeconds}");
        }

        void NotNegative(string field, long value) => errors.AtLeast($"{path}.{field}", value, 0, $"TaskDef {field}: 0 must be >= 0");
    }
}
