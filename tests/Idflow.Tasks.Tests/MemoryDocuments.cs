using Idflow.Documents;
using Idflow.Documents.Model;

namespace Idflow.Tasks.Tests;

/// <summary>Documents, files, stage runs and results in memory: what the built-in tasks read.</summary>
internal sealed class MemoryDocuments : IDocumentStore
{
    private readonly Dictionary<string, Document> _documents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, byte[]> _files = new(StringComparer.Ordinal);
    private readonly List<StageRun> _runs = [];
    private readonly Dictionary<(string, string, int, string), StageResult> _results = [];

    public string Add(string title, string body, params (string Key, object? Value)[] properties)
    {
        var id = $"00000000-0000-4000-8000-{_documents.Count:000000000000}";
        _documents[id] = new()
        {
            Id = id,
            Body = body,
            Properties = new([new("title", title), .. properties.Select(property => KeyValuePair.Create(property.Key, property.Value))]),
        };
        return id;
    }

    public Task<Document> CreateAsync(Document document, CancellationToken cancellationToken = default) => Task.FromResult(_documents[document.Id] = document);

    public Task<Document> GetAsync(string id, CancellationToken cancellationToken = default) =>
        Task.FromResult(_documents.GetValueOrDefault(id) ?? throw new DocumentNotFoundException($"There is no document {id}."));

    public Task<string> ResolveIdAsync(string idOrPrefix, CancellationToken cancellationToken = default) =>
        Task.FromResult(_documents.ContainsKey(idOrPrefix) ? idOrPrefix : throw new DocumentNotFoundException($"There is no document {idOrPrefix}."));

    public Task<Document> UpdateAsync(string id, Func<Document, Document> change, CancellationToken cancellationToken = default) => Task.FromResult(_documents[id] = change(_documents[id]));

    public Task DeleteAsync(string id, CancellationToken cancellationToken = default) => Task.FromResult(_documents.Remove(id));

    public Task<DocumentQueryResult> QueryAsync(DocumentQuery query, CancellationToken cancellationToken = default)
    {
        DocumentSummary[] found = [.. _documents.Values.Take(query.Limit ?? int.MaxValue).Select(document => new DocumentSummary(document.Id, document.Status, document.Properties, document.DocumentReferences, document.FileReferences, []))];
        return Task.FromResult(new DocumentQueryResult(found, _documents.Count, []));
    }

    public Task<DocumentStamps> GetStampsAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult(new DocumentStamps(_documents.ToDictionary(document => document.Key, document => (long)document.Value.GetHashCode()), []));

    public Task<IReadOnlyList<SearchHit>> SearchAsync(string words, int limit = 20, CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<SearchHit>>([.. _documents.Values.Where(document => document.Body.Contains(words, StringComparison.OrdinalIgnoreCase)).Take(limit).Select(document => new SearchHit(document.Id, null, document.Body[..Math.Min(80, document.Body.Length)], 1))]);

    public async Task<FileReference> AddFileAsync(string id, string key, string fileName, Stream content, PropertyMap? data = null, CancellationToken cancellationToken = default)
    {
        using var memory = new MemoryStream();
        await content.CopyToAsync(memory, cancellationToken);
        var reference = new FileReference(key, fileName, $"{id}-{fileName}", data ?? PropertyMap.Empty);
        _files[reference.Uuid] = memory.ToArray();
        _documents[id] = _documents[id] with { FileReferences = [.. _documents[id].FileReferences, reference] };
        return reference;
    }

    public Task<Stream> OpenFileAsync(string id, string fileUuid, CancellationToken cancellationToken = default) => Task.FromResult<Stream>(new MemoryStream(_files[fileUuid]));

    public Task<IReadOnlyList<StageRun>> GetStageRunsAsync(string id, CancellationToken cancellationToken = default) => Task.FromResult<IReadOnlyList<StageRun>>(
        [.. _runs.Where(run => run.DocumentId == id).Select(run => run with { Results = [.. _results.Keys.Where(key => key.Item1 == id && key.Item2 == run.StageName && key.Item3 == run.Counter).Select(key => key.Item4)] })]);

    public Task<StageRun> CreateStageRunAsync(string id, string stageName, Func<int, StageRun> create, CancellationToken cancellationToken = default)
    {
        var run = create(_runs.Count(run => run.DocumentId == id && run.StageName == stageName) + 1);
        _runs.Add(run);
        return Task.FromResult(run);
    }

    public Task<StageRun> UpdateStageRunAsync(string id, string stageName, int counter, Func<StageRun, StageRun> change, CancellationToken cancellationToken = default)
    {
        var index = _runs.FindIndex(run => run.DocumentId == id && run.StageName == stageName && run.Counter == counter);
        return Task.FromResult(_runs[index] = change(_runs[index]));
    }

    public Task WriteResultAsync(string id, string stageName, int counter, StageResult result, CancellationToken cancellationToken = default)
    {
        _results[(id, stageName, counter, result.Name)] = result;
        return Task.CompletedTask;
    }

    public Task<StageResult?> GetResultAsync(string id, string stageName, int counter, string name, CancellationToken cancellationToken = default) => Task.FromResult(_results.GetValueOrDefault((id, stageName, counter, name)));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
