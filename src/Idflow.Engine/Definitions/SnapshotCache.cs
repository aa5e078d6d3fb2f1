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

    /// <summary>Adds the row of a graph to a commit that uses it; whether it is on disk already is known when the commit is written.</summary>
    public static void AddTo(StoreChanges changes, WorkflowGraph graph) => changes.Snapshots.Add(graph.Row);

    /// <summary>
    /// Leaves out of a commit the definitions that are on disk. Called by the writer, in the order of the commits: a definition that an
    /// earlier commit deletes is written again.
    /// </summary>
    public void LeaveOutStored(StoreChanges changes)
    {
        changes.DeletedSnapshots.ForEach(id => _stored.TryRemove(id, out _));
        changes.Snapshots.RemoveAll(row => _stored.ContainsKey(row.SnapshotId));
    }

    /// <summary>A commit with the graph's row has reached the disk.</summary>
    public void Stored(SnapshotRow row) => _stored[row.SnapshotId] = true;
}
