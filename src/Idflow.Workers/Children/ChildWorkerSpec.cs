using System.Text.Json;
using Idflow.Workers.Binding;
using Idflow.Workers.Polling;

namespace Idflow.Workers.Children;

/// <summary>
/// What a child worker process is told on the first line of its standard input, as JSON. The line <c>stop</c> after it means: finish
/// what runs, then exit. The end of the input without it means that the parent is gone: give tasks back and exit at once.
/// </summary>
public sealed record ChildWorkerSpec
{
    /// <summary>The Conductor API to poll, for example <c>http://127.0.0.1:40001/api</c>.</summary>
    public required string ServerUrl { get; init; }

    public required string WorkerId { get; init; }

    /// <summary>Compiled task libraries.</summary>
    public required IReadOnlyList<string> Assemblies { get; init; }

    public int LongPollMs { get; init; } = 100;

    /// <summary>Between two signs of life.</summary>
    public int AliveEveryMs { get; init; } = 2_000;

    public int DrainTimeoutMs { get; init; } = 30_000;

    /// <summary>From the start of an empty poll to the next one; null: the task's own.</summary>
    public int? PollIntervalMs { get; init; }

    /// <summary>Settings for single task types, by name.</summary>
    public IReadOnlyDictionary<string, WorkerTaskSettings> Tasks { get; init; } = new Dictionary<string, WorkerTaskSettings>();

    public string ToLine() => JsonSerializer.Serialize(this, TaskJson.Options);

    /// <exception cref="WorkerException">The line is no specification.</exception>
    public static ChildWorkerSpec Parse(string? line)
    {
        try
        {
            return JsonSerializer.Deserialize<ChildWorkerSpec>(line ?? "", TaskJson.Options)!;
        }
        catch (JsonException e)
        {
            throw new WorkerException($"The first line of the input is no worker specification: {e.Message}", e);
        }
    }
}
