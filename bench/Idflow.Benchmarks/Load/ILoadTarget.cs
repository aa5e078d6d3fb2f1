using System.Text.Json.Nodes;
using Idflow.Conductor.Model;

namespace Idflow.Benchmarks.Load;

/// <summary>A task that a poll has handed out.</summary>
internal readonly record struct HandedOut(string TaskId, string WorkflowId);

/// <summary>What the measurements need of a Conductor, whichever it is: a server over REST, or an engine in this process.</summary>
internal interface ILoadTarget : IAsyncDisposable
{
    string Title { get; }

    Task DefineAsync(IReadOnlyList<TaskDef> tasks, IReadOnlyList<WorkflowDef> workflows);

    Task<string> StartAsync(string workflow, JsonObject input);

    /// <summary>Waits up to the timeout for the first task.</summary>
    Task<IReadOnlyList<HandedOut>> PollAsync(string taskType, int count, TimeSpan timeout);

    Task CompleteAsync(HandedOut task);

    Task<bool> IsCompletedAsync(string workflowId);

    /// <summary>Processor time that the serving process has used so far; null where it cannot be seen.</summary>
    TimeSpan? ProcessorTime();

    /// <summary>Resident memory of the serving process in bytes; null where it cannot be seen.</summary>
    long? ResidentBytes();
}
