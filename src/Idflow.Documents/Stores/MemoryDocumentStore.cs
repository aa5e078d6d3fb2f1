using System.Collections.Concurrent;
using System.Globalization;
using Idflow.Documents.Model;
using Idflow.Documents.Query;

namespace Idflow.Documents.Stores;

/// <summary>Documents in memory, for tests and for library users who need no files. Same rules as the Markdown store.</summary>
internal sealed class MemoryDocumentStore(DocumentStoreOptions options) : DocumentStore(options)
{
    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Id, string Uuid), byte[]> _staged = new();
    private readonly AsyncLocal<string?> _changing = new();

    public override Task<Document> GetAsync(string id, CancellationToken cancellationToken = default) => Task.FromResult(Find(id).Document);

    public override Task<DocumentQueryResult> QueryAsync(DocumentQuery query, CancellationToken cancellationToken = default)
    {
        var (documents, total) = DocumentSelection.Parse(query).Apply(_entries.Values.Select(entry => entry.Summary()));
        return Task.FromResult(new DocumentQueryResult(documents, total, []));
    }

    public override Task<DocumentStamps> GetStampsAsync(CancellationToken cancellationToken = default) => Task.FromResult(
        new DocumentStamps(_entries.Values.Select(entry => entry.Document).ToDictionary(document => document.Id, document => long.Parse(document.Revision, CultureInfo.InvariantCulture)), []));

    public override Task<IReadOnlyList<SearchHit>> SearchAsync(string words, int limit = 20, CancellationToken cancellationToken = default) =>
        Task.FromResult(MemorySearch.Find(words, limit, _entries.Values.SelectMany(entry => entry.Texts())));

    public override Task<Stream> OpenFileAsync(string id, string fileUuid, CancellationToken cancellationToken = default)
    {
        SafeName.CheckFile(fileUuid);
        return Find(id).Files.TryGetValue(fileUuid, out var bytes)
            ? Task.FromResult<Stream>(new MemoryStream(bytes, writable: false))
            : throw new DocumentNotFoundException($"The document '{id}' has no file '{fileUuid}'.");
    }

    public override Task<IReadOnlyList<StageRun>> GetStageRunsAsync(string id, CancellationToken cancellationToken = default)
    {
        var entry = Find(id);
        lock (entry.Runs)
        {
            return Task.FromResult<IReadOnlyList<StageRun>>([.. entry.Runs.Values.Select(run => run.State)]);
        }
    }

    public override Task<StageRun> CreateStageRunAsync(string id, string stageName, Func<int, StageRun> create, CancellationToken cancellationToken = default)
    {
        SafeName.CheckStage(stageName);
        var entry = Find(id);
        lock (entry.Runs)
        {
            var counter = entry.Runs.Keys.Where(key => key.Name == stageName).Select(key => key.Counter).DefaultIfEmpty(0).Max() + 1;
            var run = DocumentRules.ForStage(create(counter), id, stageName, counter) with { Results = [] };
            entry.Runs[(stageName, counter)] = new Run(run);
            return Task.FromResult(run);
        }
    }

    public override Task<StageRun> UpdateStageRunAsync(string id, string stageName, int counter, Func<StageRun, StageRun> change, CancellationToken cancellationToken = default)
    {
        var entry = Find(id);
        lock (entry.Runs)
        {
            var run = FindRun(entry, stageName, counter);
            run.State = DocumentRules.ForStage(change(run.State), id, stageName, counter) with { Results = run.State.Results };
            return Task.FromResult(run.State);
        }
    }

    public override Task WriteResultAsync(string id, string stageName, int counter, StageResult result, CancellationToken cancellationToken = default)
    {
        var stored = DocumentRules.ForResult(result);
        var entry = Find(id);
        lock (entry.Runs)
        {
            var run = FindRun(entry, stageName, counter);
            run.Results[stored.Name] = stored;
            run.State = run.State with { Results = [.. run.Results.Keys] };
        }

        return Task.CompletedTask;
    }

    public override Task<StageResult?> GetResultAsync(string id, string stageName, int counter, string name, CancellationToken cancellationToken = default)
    {
        SafeName.CheckResult(name);
        var entry = Find(id);
        lock (entry.Runs)
        {
            return Task.FromResult(FindRun(entry, stageName, counter).Results.GetValueOrDefault(name));
        }
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    protected override Task<Document> StoreNewAsync(Document document, CancellationToken cancellationToken)
    {
        var created = DocumentRules.AsRead(document) with { Revision = "1" };
        return _entries.TryAdd(document.Id, new Entry(created))
            ? Task.FromResult(created)
            : throw new DocumentExistsException($"There is a document '{document.Id}' already.");
    }

    protected override async Task<(Document Before, Document After)> ChangeAsync(string id, Func<Document, Task<Document>> change, string? stagedFile, CancellationToken cancellationToken)
    {
        if (_changing.Value == id)
        {
            throw new DocumentException($"The document '{id}' is being changed; a hook that runs before the change must not change it itself.");
        }

        var entry = Find(id);
        await entry.Lock.WaitAsync(cancellationToken);
        try
        {
            _changing.Value = id;
            var before = Find(id).Document;
            var after = DocumentRules.AsRead(await change(before));
            if (stagedFile is not null && _staged.TryRemove((id, stagedFile), out var bytes))
            {
                entry.Files[stagedFile] = bytes;
            }

            if (DocumentRules.Same(before, after))
            {
                return (before, before);
            }

            entry.Document = after with { Revision = (long.Parse(before.Revision, CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture) };
            return (before, entry.Document);
        }
        finally
        {
            _changing.Value = null;
            entry.Lock.Release();
        }
    }

    protected override async Task<Document> RemoveAsync(string id, Func<Document, Task> before, CancellationToken cancellationToken)
    {
        var entry = Find(id);
        await before(entry.Document);
        return _entries.TryRemove(id, out _) ? entry.Document : throw NoDocument(id);
    }

    protected override Task<bool> ExistsAsync(string id, CancellationToken cancellationToken) => Task.FromResult(_entries.ContainsKey(id));

    protected override Task<IEnumerable<string>> IdsAsync(string prefix, CancellationToken cancellationToken) =>
        Task.FromResult(_entries.Keys.Where(id => id.StartsWith(prefix, StringComparison.Ordinal)));

    protected override async Task StageFileAsync(string id, string uuid, Stream content, CancellationToken cancellationToken)
    {
        Find(id);
        using var copy = new MemoryStream();
        try
        {
            await content.CopyToAsync(copy, cancellationToken);
        }
        catch (IOException error)
        {
            throw new DocumentException($"The file cannot be copied into the document '{id}': {error.Message}", error);
        }

        _staged[(id, uuid)] = copy.ToArray();
    }

    protected override Task DropStagedFileAsync(string id, string uuid)
    {
        _staged.TryRemove((id, uuid), out _);
        return Task.CompletedTask;
    }

    private Entry Find(string id)
    {
        SafeName.CheckId(id);
        return _entries.TryGetValue(id, out var entry) ? entry : throw NoDocument(id);
    }

    private static Run FindRun(Entry entry, string stageName, int counter) =>
        entry.Runs.GetValueOrDefault((stageName, counter)) ?? throw NoRun(entry.Document.Id, stageName, counter);

    private sealed class Run(StageRun state)
    {
        public StageRun State { get; set; } = state;

        public SortedDictionary<string, StageResult> Results { get; } = new(StringComparer.Ordinal);
    }

    private sealed class Entry(Document document)
    {
        public SemaphoreSlim Lock { get; } = new(1, 1);

        public Document Document { get; set; } = document;

        public ConcurrentDictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

        public SortedDictionary<(string Name, int Counter), Run> Runs { get; } = new(Comparer<(string Name, int Counter)>.Create(Compare));

        public DocumentSummary Summary()
        {
            lock (Runs)
            {
                return new DocumentSummary(
                    Document.Id, Document.Status, Document.Properties, Document.DocumentReferences, Document.FileReferences,
                    [.. Runs.Values.Select(run => new StageSummary(run.State.StageName, run.State.Counter, run.State.Status))]);
            }
        }

        public IReadOnlyList<(string DocumentId, string? Result, string Text)> Texts()
        {
            lock (Runs)
            {
                var results = Runs.Values.SelectMany(run => run.Results.Values.Select(result =>
                    (Document.Id, (string?)$"{run.State.StageName}/{run.State.Counter}/{result.Name}", result.Body)));
                return [(Document.Id, null, Document.Body), .. results];
            }
        }

        private static int Compare((string Name, int Counter) left, (string Name, int Counter) right)
        {
            var byName = string.CompareOrdinal(left.Name, right.Name);
            return byName != 0 ? byName : left.Counter.CompareTo(right.Counter);
        }
    }
}
