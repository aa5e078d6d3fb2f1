using System.Globalization;
using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Conductor.Model;
using Idflow.Engine.Decisions;

namespace Idflow.Engine;

/// <summary>Large payloads by their paths.</summary>
public sealed partial class EmbeddedEngine : IPayloadStorage
{
    public async Task<JsonObject?> ReadPayloadAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        return _parts.Uploads.Find(path) ?? PayloadPath.Parse(path) switch
        {
            ("task", "input", var id) => _parts.Store.ReadTask(id)?.Input,
            ("task", _, var id) => await OutputAsync(id).ConfigureAwait(false),
            (_, "input", var id) => _parts.Store.ReadWorkflow(id)?.Input,
            (_, _, var id) => _parts.Store.ReadWorkflow(id)?.Output,
            null => null,
        };
    }

    /// <summary>As it is read: that of a JOIN or a loop is its members'.</summary>
    private async Task<JsonObject?> OutputAsync(string taskId) => _parts.Store.ReadTask(taskId) switch
    {
        { TaskType: TaskTypes.Join or TaskTypes.DoWhile } task => await ReadAsync(task.WorkflowId, state => state.Find(taskId) is { } row ? (JsonObject)TaskOutputs.Of(state, row).DeepClone() : task.Output).ConfigureAwait(false),
        { } task => task.Output,
        null => null,
    };

    public Task UploadPayloadAsync(string path, JsonObject payload, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(payload);
        var limits = _parts.Options.Limits;
        var most = Math.Max(limits.TaskPayloadBytes, limits.WorkflowPayloadBytes);
        if (PayloadSize.Of(payload) is var bytes && bytes > most)
        {
            throw new ConductorException(413, string.Create(CultureInfo.InvariantCulture, $"The payload is {bytes / 1024} KB; the limit is {most / 1024} KB"));
        }
        if (_parts.Uploads.Count >= limits.Uploads)
        {
            throw new ConductorException(429, $"{limits.Uploads} uploaded payloads wait; the oldest go after {limits.UploadLifetime.TotalHours:0} hours");
        }
        _parts.Uploads.Put(path, payload);
        return Task.CompletedTask;
    }

    private async Task<StartWorkflowRequest> WithInputAsync(StartWorkflowRequest request) => string.IsNullOrWhiteSpace(request.ExternalInputPayloadStoragePath)
        ? request
        : request with { Input = await RequiredPayloadAsync(request.ExternalInputPayloadStoragePath).ConfigureAwait(false) };

    private async Task<TaskResult> WithOutputAsync(TaskResult result) => string.IsNullOrWhiteSpace(result.ExternalOutputPayloadStoragePath)
        ? result
        : result with { OutputData = await RequiredPayloadAsync(result.ExternalOutputPayloadStoragePath).ConfigureAwait(false) };

    private async Task<JsonObject> RequiredPayloadAsync(string path) =>
        await ReadPayloadAsync(path).ConfigureAwait(false) ?? throw ConductorException.BadRequest($"No payload is stored under the path {path}");
}
