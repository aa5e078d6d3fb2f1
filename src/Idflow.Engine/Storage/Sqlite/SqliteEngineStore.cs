using Idflow.Engine.State;
using System.Collections.Concurrent;
using System.Globalization;
using Idflow.Engine.Storage.Payloads;

namespace Idflow.Engine.Storage.Sqlite;

/// <summary>
/// The engine's state in one SQLite file (WAL, every commit synced). One writing connection; reads go over connections of their
/// own, which see every write that has returned and never wait for one.
/// </summary>
internal sealed class SqliteEngineStore : IEngineStore
{
    /// <summary>Name of the file in the engine's folder.</summary>
    public const string FileName = "engine.db";

    /// <summary>A payload of more than 512 KB is a file of its own.</summary>
    public const int DefaultFileBytes = 512 * 1024;

    /// <summary>Reading connections kept open for the next reads.</summary>
    private const int IdleReaders = 16;

    private readonly string _path;
    private readonly long _mostBytes;
    private readonly int _checkpointPages;
    private readonly Action<CommitPoint>? _atPoint;
    private readonly PayloadFiles _files;
    private readonly ConcurrentBag<Database> _readers = [];
    private readonly Lock _writing = new();
    private Database? _writer;
    private StoreWriter? _rows;
    private FreedFiles? _freed;
    private volatile bool _disposed;

    private SqliteEngineStore(string directory, long mostBytes, int fileBytes, int checkpointPages, Action<CommitPoint>? atPoint)
    {
        (_path, _mostBytes, _checkpointPages, _atPoint) = (Path.Combine(directory, FileName), mostBytes, checkpointPages, atPoint);
        _files = new PayloadFiles(directory, fileBytes, atPoint);
    }

    /// <summary>Opens the database of a folder, creates it when it is not there, and brings it to this version's schema.</summary>
    /// <param name="mostBytes">Largest size of the file, beyond which a write fails as on a full disk; 0 = no limit.</param>
    /// <param name="fileBytes">A stored payload of more bytes is a file of its own.</param>
    /// <param name="checkpointPages">Pages of the log after which it is carried into the file.</param>
    /// <param name="atPoint">Told of the points within a write.</param>
    /// <exception cref="EngineStoreException">The file is damaged, newer, something else, or cannot be opened.</exception>
    public static SqliteEngineStore Open(string directory, long mostBytes = 0, int fileBytes = DefaultFileBytes, int checkpointPages = 8_000, Action<CommitPoint>? atPoint = null)
    {
        Directory.CreateDirectory(directory);
        var store = new SqliteEngineStore(directory, mostBytes, fileBytes, checkpointPages, atPoint);
        lock (store._writing)
        {
            store.Writer();
        }

        return store;
    }

    public void Write(IReadOnlyList<StoreChanges> commits)
    {
        lock (_writing)
        {
            var database = Writer();
            var writer = _rows ??= new StoreWriter(database, _files);
            var freed = _freed ??= new FreedFiles(database, _files);
            try
            {
                database.Execute("BEGIN IMMEDIATE");
                freed.Strike();
                foreach (var commit in commits)
                {
                    writer.Apply(commit);
                }

                freed.Find();
                _atPoint?.Invoke(CommitPoint.BeforeCommit);
                database.Execute("COMMIT");
            }
            catch (Exception error)
            {
                Abandon(database, error);
                throw;
            }

            TidyUp(database, freed, deleted: commits.Any(commit => commit.DeletedWorkflows.Count > 0));
        }
    }

    /// <summary>What was to be written is on disk: nothing that goes wrong here is told; a later write does it.</summary>
    private static void TidyUp(Database database, FreedFiles freed, bool deleted)
    {
        try
        {
            freed.Remove();
            if (deleted)
            {
                ReleaseSpace(database);
            }
        }
        catch (EngineStoreException)
        {
            // Names stay noted, and pages stay free for later rows.
        }
    }

    /// <summary>Gives pages that deletions have left free back to the disk, a piece at a time, so that no write waits long for it.</summary>
    private static void ReleaseSpace(Database database)
    {
        const int WorthIt = 2048;
        const int Piece = 1024;
        if (database.Sql("PRAGMA freelist_count").First(row => row.Number(0)) > WorthIt)
        {
            database.Execute($"PRAGMA incremental_vacuum({Piece})");
        }
    }

    /// <summary>Nothing of a failed transaction may stay; a connection that is in doubt is opened anew by the next write.</summary>
    private void Abandon(Database database, Exception error)
    {
        (_rows, _freed) = (null, null);
        try
        {
            if (database.InTransaction)
            {
                database.Execute("ROLLBACK");
            }

            if (error is not EngineStoreException { NeedsReopen: true })
            {
                return;
            }
        }
        catch (EngineStoreException)
        {
            // The first error is the one to tell; closing the connection rolls back.
        }

        _writer = null;
        database.Dispose();
    }

    private Database Writer()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_writer is { } open)
        {
            return open;
        }

        var database = Database.OpenWriter(_path, Schema.Check);
        try
        {
            Schema.Migrate(database);
            database.LimitSize(_mostBytes);
            database.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA wal_autocheckpoint = {_checkpointPages}"));
            return _writer = database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    public WorkflowRow? ReadWorkflow(string workflowId) => Read(reader => reader.Workflow(workflowId));

    public IReadOnlyList<TaskRow> ReadTasks(string workflowId) => Read(reader => reader.Tasks(workflowId));

    public TaskRow? ReadTask(string taskId) => Read(reader => reader.Task(taskId));

    public SnapshotRow? ReadSnapshot(string snapshotId) => Read(reader => reader.Snapshot(snapshotId));

    public IReadOnlyList<TaskLogRow> ReadTaskLogs(string taskId) => Read(reader => reader.Logs(taskId));

    public void ReadOpen(IOpenExecutions into) => Read(reader =>
    {
        reader.Open(into);
        return true;
    });

    public IReadOnlyList<MessageRow> ReadMessages(string workflowId) => Read(reader => reader.Messages(workflowId));

    public IReadOnlyList<OutboxRow> ReadOutbox() => Read(reader => reader.Outbox());

    public IReadOnlyList<DocumentRow> ReadDocuments() => Read(reader => reader.Documents());

    public bool HasEventExecution(string handler, string @event, string id) => Read(reader => reader.HasEventExecution(handler, @event, id));

    public IReadOnlyList<ScheduleExecutionRow> ReadScheduleExecutions(string? schedule, int start, int count) => Read(reader => reader.ScheduleExecutions(schedule, start, count));

    public SearchPage SearchWorkflows(SearchCriteria criteria) => Search(SearchTable.Workflows, criteria);

    public SearchPage SearchTasks(SearchCriteria criteria) => Search(SearchTable.Tasks, criteria);

    public IReadOnlyList<string> FindByCorrelationId(string name, string correlationId, bool openOnly) => Read(reader => reader.IdsByCorrelation(name, correlationId, openOnly));

    public IReadOnlyList<string> FindByName(string name, int? version, long? createdFrom, long? createdTo) => Read(reader => reader.IdsByName(name, version, createdFrom, createdTo));

    public string? FindByIdempotencyKey(string name, string key) => Read(reader => reader.IdByIdempotencyKey(name, key));

    public IReadOnlyList<string> FindEnded(long until, int most) => Read(reader => reader.EndedIds(until, most));

    public IReadOnlyList<string> FindUnusedSnapshots(int most) => Read(reader => reader.UnusedSnapshots(most));

    public IReadOnlyList<EventExecutionKey> FindEventExecutions(long until, int most) => Read(reader => reader.EventExecutions(until, most));

    public IReadOnlyList<string> FindScheduleExecutionsBeyond(int kept, int most) => Read(reader => reader.ScheduleExecutionsBeyond(kept, most));

    public int CollectPayloadFiles()
    {
        var before = Unnamed(_files.Names().ToList(), UseReader(NamedFiles));
        if (before.Count == 0)
        {
            return 0;
        }

        // No commit can name a file while this goes on, and no backup reads one.
        lock (_writing)
        {
            using var held = _files.TryLockForCollection();
            if (held is null)
            {
                return 0;
            }

            var unnamed = Unnamed(before, UseReader(NamedFiles));
            unnamed.ForEach(_files.Delete);
            return unnamed.Count;
        }
    }

    private static List<string> Unnamed(List<string> files, HashSet<string> named) => files.FindAll(file => !named.Contains(file));

    private static HashSet<string> NamedFiles(Database database) => new StoreReader(database, null).PayloadFileNames();

    /// <summary>What is wrong with the file; empty when it is sound. Reads all of it.</summary>
    public IReadOnlyList<string> CheckIntegrity() => UseReader(database =>
        database.Sql("PRAGMA integrity_check").Rows(row => row.Text(0)!).Where(line => line != "ok").ToList());

    public ValueTask DisposeAsync()
    {
        lock (_writing)
        {
            _disposed = true;
            while (_readers.TryTake(out var reader))
            {
                reader.Dispose();
            }

            _writer?.Dispose();
            _writer = null;
        }

        return ValueTask.CompletedTask;
    }

    private SearchPage Search(SearchTable table, SearchCriteria criteria) => criteria.FreeText is null
        ? UseReader(database => new SqliteSearch(database, table, criteria).Run())
        : new SqliteTextSearch(Lend, table, criteria, _files).Run();

    private void Lend(Action<Database> use) => UseReader(database =>
    {
        use(database);
        return true;
    });

    /// <summary>A file that was replaced between the reading of its name and of itself is no error: the row names another one now.</summary>
    private T Read<T>(Func<StoreReader, T> read)
    {
        const int Attempts = 3;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return UseReader(database => read(new StoreReader(database, _files)));
            }
            catch (EngineStoreException error) when (error.MissingFile && attempt < Attempts)
            {
            }
        }
    }

    private T UseReader<T>(Func<Database, T> use)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var database = _readers.TryTake(out var idle) ? idle : Database.OpenReader(_path);
        try
        {
            var result = use(database);
            if (_disposed || _readers.Count >= IdleReaders)
            {
                database.Dispose();
            }
            else
            {
                _readers.Add(database);
            }

            return result;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }
}
