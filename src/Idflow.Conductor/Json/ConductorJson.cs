using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Idflow.Conductor.Model;

namespace Idflow.Conductor.Json;

/// <summary>
/// Conductor's JSON: camel case, absent for null members (null values inside maps stay), enum constants by name,
/// unknown members ignored.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowReadingFromString,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(WorkflowDef))]
[JsonSerializable(typeof(IReadOnlyList<WorkflowDef>))]
[JsonSerializable(typeof(TaskDef))]
[JsonSerializable(typeof(IReadOnlyList<TaskDef>))]
[JsonSerializable(typeof(Workflow))]
[JsonSerializable(typeof(IReadOnlyList<Workflow>))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, IReadOnlyList<Workflow>>))]
[JsonSerializable(typeof(TaskExecution))]
[JsonSerializable(typeof(IReadOnlyList<TaskExecution>))]
[JsonSerializable(typeof(TaskResult))]
[JsonSerializable(typeof(IReadOnlyList<TaskExecLog>))]
[JsonSerializable(typeof(IReadOnlyList<PollData>))]
[JsonSerializable(typeof(StartWorkflowRequest))]
[JsonSerializable(typeof(RerunWorkflowRequest))]
[JsonSerializable(typeof(SkipTaskRequest))]
[JsonSerializable(typeof(SearchResult<WorkflowSummary>))]
[JsonSerializable(typeof(SearchResult<TaskSummary>))]
[JsonSerializable(typeof(SearchResult<Workflow>))]
[JsonSerializable(typeof(SearchResult<TaskExecution>))]
[JsonSerializable(typeof(BulkResponse))]
[JsonSerializable(typeof(EventHandlerDef))]
[JsonSerializable(typeof(IReadOnlyList<EventHandlerDef>))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, long>))]
[JsonSerializable(typeof(IReadOnlyList<ValidationError>))]
public sealed partial class ConductorJson : JsonSerializerContext
{
    private static ConductorJson? _wire;

    /// <summary>The context with text written as it is: only what JSON itself needs is escaped.</summary>
    public static ConductorJson Wire => _wire ??= new(new JsonSerializerOptions(Default.GeneratedSerializerOptions!) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
