using System.Text.Json.Nodes;
using Idflow.Conductor;

namespace Idflow.Engine;

/// <summary>Large payloads apart from their workflows and tasks: what a client fetches by a path, and what it uploads before it names it.</summary>
public interface IPayloadStorage
{
    /// <summary>What stands under a path that a workflow or task shows, or that was uploaded; null when there is nothing.</summary>
    Task<JsonObject?> ReadPayloadAsync(string path, CancellationToken cancellationToken = default);

    /// <summary>Keeps a payload under a path that a start or a result names afterwards; on disk when the task completes. It is kept for a day.</summary>
    /// <exception cref="ConductorException">413 for a payload over the limit; 429 when too many wait.</exception>
    Task UploadPayloadAsync(string path, JsonObject payload, CancellationToken cancellationToken = default);
}
