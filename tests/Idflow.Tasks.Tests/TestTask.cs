using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Idflow.Conductor.Model;
using Idflow.Workers;

namespace Idflow.Tasks.Tests;

/// <summary>A task in hand of a worker, with its input and log.</summary>
internal sealed class TestTask(JsonObject input, CancellationToken cancellationToken = default) : TaskContext
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNameCaseInsensitive = false,
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public override TaskExecution Task { get; } = new() { TaskId = "t1", WorkflowInstanceId = "w1", ReferenceTaskName = "ref", InputData = input };

    public override CancellationToken CancellationToken { get; } = cancellationToken;

    public List<string> Lines { get; } = [];

    public override void Log(string line) => Lines.Add(line);

    /// <summary>The input as the task's own type.</summary>
    public T InputAs<T>() => Input.Deserialize<T>(Json)!;

    /// <summary>An output as the workflow sees it.</summary>
    public static JsonObject Output(object value) => (JsonObject)JsonSerializer.SerializeToNode(value, value.GetType(), Json)!;
}
