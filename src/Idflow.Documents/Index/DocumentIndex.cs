using System.Collections.Concurrent;
using Idflow.Documents.Query;
using Idflow.Documents.Stores.FileSystem;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Idflow.Documents.Index;

/// <summary>
/// The index of a data folder: every query first compares the tree with what is known (by stamps, see
/// <see cref="TreeScan"/>), reads what changed, and then answers from memory; the SQLite file carries what is known from process to process and
/// holds the full text. The file is a cache: deleted, damaged, outdated or locked, it costs time, never an answer.
/// Tested against a full scan over trees with random edits.
/// </summary>
internal sealed class DocumentIndex : IDisposable
{
    /// <summary>Folders in one transaction, so that other processes need not wait for a whole build.</summary>
    private const int FoldersPerCommit = 4000;

    private static readonly TimeSpan ShortWait = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LongWait = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly DataFolder _data;
    private readonly FolderReader _reader;
    private readonly IndexFile _file;
    private IndexDatabase? _database;
    private IndexState? _state;
    private IReadOnlyList<DocumentProblem> _strays = [];
    private long _othersVersion;
    private readonly ConcurrentQueue<Leftover> _leftovers = [];

    /// <param name="dataFolder">The folder that holds the status folders; it need not exist.</param>
    /// <param name="cacheFolder">Where the SQLite file may be; null keeps the index in memory.</param>
    /// <param name="clock">Tells which stamps are too young to be trusted.</param>
    /// <param name="logger">Gets a line when the file had to be made anew or cannot be used.</param>
    public DocumentIndex(string dataFolder, string? cacheFolder, TimeProvider clock, ILogger logger)
    {
        _data = new DataFolder(dataFolder);
        _reader = new FolderReader(_data, clock);
        _file = new IndexFile(cacheFolder, logger);
    }

    /// <exception cref="FilterException">A regular expression took too long on a document.</exception>
    public Task<DocumentQueryResult> QueryAsync(DocumentSelection selection, CancellationToken cancellationToken = default) =>
        LockedAsync(
            () =>
            {
                Refresh(ShortWait, cancellationToken);
                var found = IndexQuery.Run(_state!, selection, cancellationToken);
                return found with { Problems = [.. found.Problems, .. _strays] };
            },
            cancellationToken);

    /// <summary>The stamp of every document that can be read, and what is wrong with others.</summary>
    public Task<DocumentStamps> StampsAsync(CancellationToken cancellationToken = default) =>
        LockedAsync(
            () =>
            {
                Refresh(ShortWait, cancellationToken);
                var stamps = new Dictionary<string, long>(_state!.Count, StringComparer.Ordinal);
                foreach (var document in _state.All.Where(document => document.Properties is not null && !_state.Ambiguous.Contains(document.Id)))
                {
                    stamps[document.Id] = (long)document.Fingerprint;
                }

                return new DocumentStamps(stamps, [.. IndexQuery.Problems(_state), .. _strays]);
            },
            cancellationToken);

    /// <summary>Answers from what is known, without looking at the tree; for measurements.</summary>
    internal Task<DocumentQueryResult> QueryUncheckedAsync(DocumentSelection selection, CancellationToken cancellationToken = default) =>
        LockedAsync(
            () =>
            {
                Load();
                return IndexQuery.Run(_state!, selection, cancellationToken);
            },
            cancellationToken);

    /// <exception cref="FilterException">There is no word to search for.</exception>
    public Task<IReadOnlyList<SearchHit>> SearchAsync(string words, int limit, CancellationToken cancellationToken = default)
    {
        var expression = SearchWords.ToExpression(words);
        return LockedAsync(
            () =>
            {
                Refresh(LongWait, cancellationToken);
                return _database!.Search(expression, limit, text => LongTextSnippet.Of(text, words));
            },
            cancellationToken);
    }

    /// <summary>The freshness check and what follows from it, without a query.</summary>
    public Task RefreshAsync(CancellationToken cancellationToken = default) =>
        LockedAsync(
            () =>
            {
                Refresh(LongWait, cancellationToken);
                return true;
            },
            cancellationToken);

    /// <summary>What the checks since the last call have seen that a crash may have left.</summary>
    public IEnumerable<Leftover> TakeLeftovers()
    {
        while (_leftovers.TryDequeue(out var leftover))
        {
            yield return leftover;
        }
    }

    public void Dispose()
    {
        _database?.Dispose();
        _gate.Dispose();
    }

    /// <summary>One at a time, away from the caller's thread; damage of the file is mended and the work done again.</summary>
    private async Task<T> LockedAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => WithRecovery(work), cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    private T WithRecovery<T>(Func<T> work)
    {
        while (true)
        {
            try
            {
                return work();
            }
            catch (Exception error) when (!_file.IsInMemory && error is SqliteException or InvalidDataException or InvalidCastException)
            {
                _database?.Dispose();
                (_database, _state) = (null, null);
                _file.Recover(error);
            }
        }
    }

    private void Refresh(TimeSpan wait, CancellationToken cancellationToken)
    {
        Load();
        var changes = TreeScan.Compare(_data, _state!, cancellationToken);
        Note(changes.Leftovers);
        _strays = changes.Strays;
        if (changes.IsEmpty)
        {
            return;
        }

        var state = _state!;
        foreach (var document in changes.Gone)
        {
            state.Remove(document.Status, document.Id);
        }

        // Until all is written, what is in memory is ahead of the file: a failure on the way loads it again.
        _state = null;
        var isWritten = Write(changes, state, wait, cancellationToken);
        _state = state;
        _othersVersion = isWritten ? _othersVersion : -1;
    }

    private void Note(IReadOnlyList<Leftover> leftovers)
    {
        foreach (var leftover in leftovers)
        {
            _leftovers.Enqueue(leftover);
        }
    }

    private void Load()
    {
        _database ??= _file.Open();
        var version = _database.OthersVersion;
        if (_state is not null && version == _othersVersion)
        {
            return;
        }

        var state = new IndexState();
        foreach (var document in _database.Load())
        {
            state.Put(document);
        }

        (_state, _othersVersion) = (state, version);
    }

    /// <summary>Reads on all cores and writes on this thread; false when another process held the file all the time, so that only memory is up to date.</summary>
    private bool Write(TreeChanges changes, IndexState state, TimeSpan wait, CancellationToken cancellationToken)
    {
        var writer = _database!.TryBeginWrite(wait);
        var isWritten = writer is not null;
        try
        {
            foreach (var document in changes.Gone)
            {
                writer?.Remove(document.Status, document.Id);
            }

            var count = 0;
            foreach (var (status, id, folder) in FolderPipeline.ReadAll(_reader, changes.ToRead, cancellationToken))
            {
                if (folder is null)
                {
                    state.Remove(status, id);
                    writer?.Remove(status, id);
                    continue;
                }

                Note(folder.Leftovers);
                state.Put(folder.Document);
                writer?.Put(folder);
                if (writer is not null && ++count % FoldersPerCommit == 0)
                {
                    writer.Commit();
                    writer.Dispose();
                    writer = _database.TryBeginWrite(wait);
                    isWritten = writer is not null;
                }
            }

            writer?.Commit();
            return isWritten;
        }
        finally
        {
            writer?.Dispose();
        }
    }
}
