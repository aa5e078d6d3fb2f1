using Idflow.Documents.Index;
using Idflow.Documents.Query;
using Idflow.Documents.Tests.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Idflow.Documents.Tests.Index;

/// <summary>A data folder that is edited by hand, as a person or git would, and indexes over it.</summary>
internal sealed class IndexTree : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public string Data => _folder.File("data");

    public string Cache => _folder.File("cache");

    public string CacheFile => Path.Combine(Cache, "documents.db");

    public DocumentIndex Open() => new(Data, Cache, TimeProvider.System, NullLogger.Instance);

    /// <summary>An index that knows nothing and so reads everything.</summary>
    public DocumentIndex OpenFresh() => new(Data, null, TimeProvider.System, NullLogger.Instance);

    public string Folder(string status, string id) => Path.Combine(Data, status, id);

    /// <summary>Writes in place, without a rename.</summary>
    public void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    public void WriteDocument(string status, string id, string properties = "n: 1\n", string body = "text\n") =>
        Write(Path.Combine(Folder(status, id), "doc.md"), $"---\nstatus: {status}\nid: {id}\n{properties}_doc_refs: []\n_file_refs: []\n---\n{body}");

    public void WriteStage(string status, string id, string stage, int counter, string stageStatus) =>
        Write(Path.Combine(Folder(status, id), "stages", stage, $"{counter}", "stage.md"), $"---\nstatus: {stageStatus}\nid: x\n---\n\n");

    public void WriteResult(string status, string id, string stage, int counter, string name, string text) =>
        Write(Path.Combine(Folder(status, id), "stages", stage, $"{counter}", name + ".md"), $"---\nk: 1\n---\n{text}");

    public static async Task<string> Ids(DocumentIndex index, params string[] filters) =>
        string.Join(' ', (await Ask(index, filters)).Documents.Select(document => document.Id));

    public static Task<DocumentQueryResult> Ask(DocumentIndex index, params string[] filters) =>
        index.QueryAsync(DocumentSelection.Parse(new DocumentQuery { Filters = filters }));

    /// <summary>All that an index says, as text to compare.</summary>
    public static async Task<string> Describe(DocumentIndex index, string word)
    {
        var all = await Ask(index);
        var hits = await index.SearchAsync(word, 1000);
        return string.Join('\n', all.Documents.Select(Show.Summary)
            .Concat(all.Problems.Select(problem => problem.ToString()))
            .Concat(hits.Select(hit => $"{hit.DocumentId} {hit.Result} {hit.Snippet}").Order(StringComparer.Ordinal)));
    }

    public void Dispose() => _folder.Dispose();

    private static class Show
    {
        public static string Summary(DocumentSummary document) =>
            $"{document.Status} {document.Id} {PropertyJson.Write(document.Properties)} {string.Join(',', document.Stages)} {string.Join(',', document.DocumentReferences.Select(reference => reference.Key))}";
    }
}
