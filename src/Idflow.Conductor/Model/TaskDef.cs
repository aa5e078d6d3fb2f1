using System.Text.Json.Nodes;

namespace Idflow.Conductor.Model;

/// <summary>How tasks of one name are retried, timed out and limited. Times are seconds unless the name says otherwise.</summary>
public sealed record TaskDef
{
    public string? Name { get; init; }
    public string? Description { get; init; }
    public int RetryCount { get; init; } = 3;
    public RetryLogic RetryLogic { get; init; } = RetryLogic.FIXED;
    public int RetryDelaySeconds { get; init; } = 60;
    public int BackoffScaleFactor { get; init; } = 1;

    /// <summary>0 = no cap.</summary>
    public int MaxRetryDelaySeconds { get; init; }

    /// <summary>Random 0..n milliseconds added to each retry delay.</summary>
    public long BackoffJitterMs { get; init; }

    /// <summary>Seconds from the first poll; 0 = no limit.</summary>
    public long TimeoutSeconds { get; init; }
    public TaskTimeoutPolicy TimeoutPolicy { get; init; } = TaskTimeoutPolicy.TIME_OUT_WF;

    /// <summary>Seconds without an update after which a polled task counts as lost.</summary>
    public long ResponseTimeoutSeconds { get; init; } = 3600;
    public int? PollTimeoutSeconds { get; init; }

    /// <summary>Seconds over all attempts; 0 = no limit.</summary>
    public long TotalTimeoutSeconds { get; init; }
    public IReadOnlyList<string> InputKeys { get; init; } = [];
    public IReadOnlyList<string> OutputKeys { get; init; } = [];
    public JsonObject InputTemplate { get; init; } = [];
    public IReadOnlyList<string> RuntimeMetadata { get; init; } = [];

    /// <summary>Most tasks of this name in progress at once; absent = no limit.</summary>
    public int? ConcurrentExecLimit { get; init; }

    /// <summary>Most hand-outs per <see cref="RateLimitFrequencyInSeconds"/>; 0 = no limit.</summary>
    public int? RateLimitPerFrequency { get; init; } = 0;
    public int? RateLimitFrequencyInSeconds { get; init; } = 1;
    public string? IsolationGroupId { get; init; }
    public string? ExecutionNameSpace { get; init; }
    public bool TaskStatusListenerEnabled { get; init; } = true;
    public JsonObject? InputSchema { get; init; }
    public JsonObject? OutputSchema { get; init; }
    public bool EnforceSchema { get; init; }
    public string? BaseType { get; init; }
    public string? OwnerEmail { get; init; }
    public string? OwnerApp { get; init; }
    public long? CreateTime { get; init; } = 0;
    public long? UpdateTime { get; init; } = 0;
    public string? CreatedBy { get; init; }
    public string? UpdatedBy { get; init; }
}

/// <summary>How the delay before a retry grows.</summary>
public enum RetryLogic { FIXED, LINEAR_BACKOFF, EXPONENTIAL_BACKOFF }

/// <summary>What happens when a task's time is up.</summary>
public enum TaskTimeoutPolicy { RETRY, TIME_OUT_WF, ALERT_ONLY }
