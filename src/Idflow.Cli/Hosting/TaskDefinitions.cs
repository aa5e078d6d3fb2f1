using System.Text.Json.Nodes;
using Idflow.Conductor;
using Idflow.Conductor.Json;
using Idflow.Conductor.Model;

namespace Idflow.Cli.Hosting;

/// <summary>Keeps the server's task definitions in step with the tasks that the workers serve.</summary>
internal static class TaskDefinitions
{
    /// <summary>Marks definitions that were made from task methods; others belong to somebody else and are left alone.</summary>
    private const string Owner = "idflow";

    /// <summary>Uploads those that are new or changed.</summary>
    /// <param name="force">Also those that somebody else changed on the server.</param>
    /// <returns>The names that were written.</returns>
    public static async Task<IReadOnlyList<string>> UploadAsync(IMetadataClient client, IEnumerable<TaskDef> definitions, bool force, CancellationToken cancellationToken)
    {
        var present = (await client.GetTaskDefsAsync(cancellationToken).ConfigureAwait(false)).ToDictionary(d => d.Name!);
        var wanted = definitions.Select(d => d with { OwnerApp = Owner, CreatedBy = Owner })
            .Where(d => !present.TryGetValue(d.Name!, out var other) || (force || other.OwnerApp == Owner) && !Same(d, other))
            .ToList();
        if (wanted.Count > 0)
        {
            await client.CreateTaskDefsAsync(wanted, cancellationToken).ConfigureAwait(false);
        }

        return [.. wanted.Select(d => d.Name!)];
    }

    private static bool Same(TaskDef ours, TaskDef theirs) => JsonNode.DeepEquals(Content(ours), Content(theirs));

    /// <summary>What an author decides; the rest is written by the server.</summary>
    private static JsonNode Content(TaskDef definition) =>
        ConductorJson.ToNode(definition with { CreateTime = null, UpdateTime = null, CreatedBy = null, UpdatedBy = null })!;
}
