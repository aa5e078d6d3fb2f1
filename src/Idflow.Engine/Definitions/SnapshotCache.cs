using System.Collections.Concurrent;
using System.Security.Cryptography;
using Idflow.Conductor.Json;
using Idflow.Conductor.Model;
using Idflow.Engine.State;
using Idflow.Engine.Storage;

namespace Idflow.Engine.Definitions;

/// <summary>The definitions that runs use, by the hash of their content: one graph in memory and one row on disk for all runs of a definition.</summary>
internal sealed class SnapshotCache(IExecutionReader store)
{
    private const int MostInMemory = 4096;

    private readonly ConcurrentDictionary<string, WorkflowGraph> _graphs = new();
    private readonly ConcurrentDictionary<string, bool> _stored = new();

    public WorkflowGraph Get(string snapshotId) => _graphs.GetOrAdd(snapshotId, id =>
    {
        var row = store.ReadSnapshot(id) ?? throw new InvalidOperationException($"The definition {id} of a run is not in the store");
        _stored[id] = true;
        return new WorkflowGraph(id, row.Definition);
    });

    /// <summary>The graph of a definition with its task definitions in it.</summary>
    public WorkflowGraph Of(WorkflowDef resolved)
    {
        var id = Convert.ToHexStringLower(SHA256.HashData(ConductorJson.SerializeToUtf8Bytes(resolved)).AsSpan(0, 16));
        if (_graphs.Count >= MostInMemory)
        {
            // Runs hold their own; what is needed again is read again.
            _graphs.Clear();
            _stored.Clear();
        }
        return _graphs.GetOrAdd(id, _ => new WorkflowGraph(id, resolved));
    }

    /// <summary>Adds the row of a graph to a commit that is the first to use it.</summary>
    public void AddTo(StoreChanges changes, WorkflowGraph graph)
    {
        if (!_stored.ContainsKey(graph.SnapshotId))
        {
            changes.Snapshots.Add(new SnapshotRow(graph.SnapshotId, graph.Definition));
        }
    }

    /// <summary>A commit with the graph's row has reached the disk.</summary>
    public void Stored(SnapshotRow row) => _stored[row.SnapshotId] = true;
}
