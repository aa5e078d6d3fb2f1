using Idflow.Conductor;
using Idflow.Engine.Decisions;
using Idflow.Engine.Execution;
using Idflow.Engine.Operations;
using Idflow.Engine.Ownership;
using Idflow.Engine.Storage;
using Idflow.Engine.Storage.Backup;
using Idflow.Engine.Storage.Memory;
using Idflow.Engine.Storage.Payloads;
using Idflow.Engine.Storage.Sqlite;

namespace Idflow.Engine;

/// <summary>
/// A Conductor in this process: durable workflows over one store. An answer to a start, an update or a definition means that it
/// is on disk. Opening it carries on whatever was running when the store was last used.
/// </summary>
public sealed partial class EmbeddedEngine : IConductor, ITaskHandback, IWorkflowWatching, IAsyncDisposable
{
    private static readonly TimeSpan PatienceOfReaders = TimeSpan.FromMilliseconds(20);

    private readonly EngineParts _parts;

    private EngineOwnership? _ownership;

    private EmbeddedEngine(EngineParts parts)
    {
        _parts = parts;
    }

    /// <summary>Opens the engine of a directory, or one in memory.</summary>
    /// <exception cref="EngineStoreException">The directory's database is damaged, of a newer version, or cannot be opened.</exception>
    /// <exception cref="EngineInUseException">Another engine owns the directory.</exception>
    public static async Task<EmbeddedEngine> OpenAsync(EngineOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Directory is not { } directory)
        {
            return await OpenAsync(options, new InMemoryStore(), cancellationToken).ConfigureAwait(false);
        }
        var ownership = await EngineOwnership.TakeAsync(directory, options.TimeProvider, cancellationToken).ConfigureAwait(false);
        try
        {
            RestoreSwap.Finish(directory, new DurableFile(DiskFlush.Instance));
            var engine = await OpenAsync(options, SqliteEngineStore.Open(directory, fileBytes: options.Limits.PayloadFileBytes, checkpointPages: options.CheckpointPages, atPoint: options.AtPoint), cancellationToken).ConfigureAwait(false);
            engine._ownership = ownership;
            return engine;
        }
        catch
        {
            ownership.Dispose();
            throw;
        }
    }

    /// <summary>Tells other processes, through the engine's directory, where this one serves the REST API; null when it ends.</summary>
    public void PublishUrl(string? url) => _ownership?.Publish(url);

    /// <summary>Opens the engine over a store, which it then owns.</summary>
    internal static async Task<EmbeddedEngine> OpenAsync(EngineOptions options, IEngineStore store, CancellationToken cancellationToken = default)
    {
        var parts = new EngineParts(options, store);
        try
        {
            await Recovery.RunAsync(parts, cancellationToken).ConfigureAwait(false);
            var engine = new EmbeddedEngine(parts);
            parts.Retention.Start();
            parts.Schedules.Open(request => engine.StartWorkflowAsync(request));
            return engine;
        }
        catch
        {
            await parts.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Puts the tasks that workers with that prefix hold back into their queues, same attempt: for the moment their process is known to be dead.
    /// </summary>
    /// <returns>How many.</returns>
    public Task<int> ReleaseTasksOfWorkerAsync(string workerIdPrefix) => OpenTasks.ChangeAsync(_parts,
        task => TaskHandOut.IsHeldBy(task, workerIdPrefix), (state, unit) => TaskHandOut.ReleaseAll(state, unit, workerIdPrefix));

    /// <summary>
    /// True while something that a workflow has decided is still to happen outside of it (an event to be handled, a parent to
    /// be told): no workflow need be running for that, and one may start from it.
    /// </summary>
    public bool HasOpenEffects => _parts.Store.ReadOutbox().Count > 0;

    public WorkflowWatch Watch() => new(_parts.Watches);

    public async ValueTask DisposeAsync()
    {
        await _parts.DisposeAsync().ConfigureAwait(false);
        _ownership?.Dispose();
    }

    /// <summary>
    /// A workflow as it is, or null. What it shows is on disk when the task ends. While a long decision holds the workflow (a script may
    /// take seconds) its last committed state is read.
    /// </summary>
    private async Task<T?> ReadAsync<T>(string workflowId, Func<WorkflowState, T?> read)
        where T : class
    {
        if (_parts.Instances.InMemory(workflowId) is { } instance && instance.Gate.TryEnter(PatienceOfReaders))
        {
            T? result;
            Task commit;
            try
            {
                commit = instance.LastCommit;
                result = instance.IsDead ? null : read(instance.State);
            }
            finally
            {
                instance.Gate.Exit();
            }
            if (result is not null)
            {
                await _parts.Options.Background.Share(commit).ConfigureAwait(false);
                return result;
            }
        }
        return _parts.Instances.Load(workflowId) is { } state ? read(state) : null;
    }
}
