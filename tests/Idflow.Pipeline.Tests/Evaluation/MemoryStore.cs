using Idflow.Documents;
using Idflow.Documents.Model;

namespace Idflow.Pipeline.Tests.Evaluation;

/// <summary>Documents and stage runs in memory, with hooks.</summary>
internal sealed class MemoryStore : IDocumentStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Document> _documents = [];
    private readonly List<StageRun> _runs = [];

    public List<IDocumentHook> Hooks { get; } = [];

    public async Task<Document> CreateAsync(Document document, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            _documents[document.Id] = document;
        }

        foreach (var hook in Hooks)
        {
            await hook.AfterCreateAsync(document, cancellationToken);
        }

        return document;
    }

    public Task<Document> GetAsync(string id, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            return Task.FromResult(_documents.GetValueOrDefault(id) ?? throw new DocumentNotFoundException($"No document {id}."));
        }
    }

    public async Task<Document> UpdateAsync(string id, Func<Document, Document> change, CancellationToken cancellationToken = default)
    {
        Document before, after;
        lock (_gate)
        {
            before = _documents[id];
            after = _documents[id] = change(before);
        }

        if (before != after)
        {
            foreach (var hook in Hooks)
            {
                await hook.AfterSaveAsync(before, after, cancellationToken);
            }
        }

        return after;
    }

    public Task<DocumentQueryResult> QueryAsync(DocumentQuery query, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            DocumentSummary[] found = [.. _documents.Values.Select(document => new DocumentSummary(
                document.Id, document.Status, document.Properties, document.DocumentReferences, document.FileReferences,
                [.. _runs.Where(run => run.DocumentId == document.Id).Select(run => new StageSummary(run.StageName, run.Counter, run.Status))]))];
            return Task.FromResult(new DocumentQueryResult(found, found.Length, []));
        }
    }

    public Task<IReadOnlyList<StageRun>> GetStageRunsAsync(string id, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<StageRun>>([.. _runs.Where(run => run.DocumentId == id).OrderBy(run => run.StageName, StringComparer.Ordinal).ThenBy(run => run.Counter)]);
        }
    }

    public Task<StageRun> CreateStageRunAsync(string id, string stageName, Func<int, StageRun> create, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            var run = create(_runs.Where(run => run.DocumentId == id && run.StageName == stageName).Select(run => run.Counter).DefaultIfEmpty(0).Max() + 1);
            _runs.Add(run);
            return Task.FromResult(run);
        }
    }

    public Task<StageRun> UpdateStageRunAsync(string id, string stageName, int counter, Func<StageRun, StageRun> change, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            var index = _runs.FindIndex(run => run.DocumentId == id && run.StageName == stageName && run.Counter == counter);
            return Task.FromResult(_runs[index] = change(_runs[index]));
        }
    }

    public Task<string> ResolveIdAsync(string idOrPrefix, CancellationToken cancellationToken = default) => Task.FromResult(idOrPrefix);

    public Task DeleteAsync(string id, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<IReadOnlyList<SearchHit>> SearchAsync(string words, int limit = 20, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<FileReference> AddFileAsync(string id, string key, string fileName, Stream content, PropertyMap? data = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<Stream> OpenFileAsync(string id, string fileUuid, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task WriteResultAsync(string id, string stageName, int counter, StageResult result, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<StageResult?> GetResultAsync(string id, string stageName, int counter, string name, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
