using System.Text.Json;
using System.Text.Json.Serialization;
using Idflow.Workers.Binding;

namespace Idflow.Workers.Children;

/// <summary>One line that a child worker process writes to its standard output, as JSON.</summary>
internal sealed record ChildEvent
{
    private static readonly JsonSerializerOptions Options = new(TaskJson.Options) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public required ChildEventKind Event { get; init; }

    public string? TaskId { get; init; }

    public string? TaskType { get; init; }

    public string? WorkflowId { get; init; }

    public string? Reference { get; init; }

    /// <summary>With ended: the reported status.</summary>
    public string? Status { get; init; }

    /// <summary>With refused: why the process cannot serve.</summary>
    public string? Message { get; init; }

    public string ToLine() => JsonSerializer.Serialize(this, Options);

    /// <summary>Null for a line that is no event, such as something a task printed.</summary>
    public static ChildEvent? Parse(string line)
    {
        try
        {
            return line.StartsWith('{') ? JsonSerializer.Deserialize<ChildEvent>(line, Options) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

internal enum ChildEventKind
{
    /// <summary>It polls.</summary>
    Ready,
    Alive,
    Started,
    Ended,

    /// <summary>A method went on after its cancellation; the process drains itself so that another can replace it.</summary>
    Stuck,

    /// <summary>It cannot serve; starting it again would not help.</summary>
    Refused,
}
