using Idflow.Documents.Model;
using Idflow.Documents.Query;

namespace Idflow.Documents.Stores.FileSystem;

/// <summary>Queries read every document.</summary>
internal sealed partial class MarkdownDocumentStore
{
    public override async Task<DocumentQueryResult> QueryAsync(DocumentQuery query, CancellationToken cancellationToken = default)
    {
        var selection = DocumentSelection.Parse(query);
        var problems = new List<DocumentProblem>();
        var summaries = new List<DocumentSummary>();
        foreach (var folder in AllFolders())
        {
            try
            {
                var document = (await ReadAsync(folder, cancellationToken)).Document;
                var runs = await GetStageRunsAsync(folder.Id, cancellationToken);
                summaries.Add(new DocumentSummary(
                    document.Id, document.Status, document.Properties, document.DocumentReferences, document.FileReferences,
                    [.. runs.Select(run => new StageSummary(run.StageName, run.Counter, run.Status))]));
            }
            catch (DocumentException error)
            {
                var place = error as DocumentFormatException;
                problems.Add(new DocumentProblem(place?.Path ?? _folders.NameOf(folder.DocumentPath), place?.Line ?? 0, error.Message, IsWarning: false));
            }
        }

        var (documents, total) = selection.Apply(summaries);
        return new DocumentQueryResult(documents, total, problems);
    }

    public override async Task<IReadOnlyList<SearchHit>> SearchAsync(string words, int limit = 20, CancellationToken cancellationToken = default)
    {
        var texts = new List<(string DocumentId, string? Result, string Text)>();
        foreach (var folder in AllFolders())
        {
            texts.Add((folder.Id, null, (await ReadAsync(folder, cancellationToken)).Document.Body));
            foreach (var run in await GetStageRunsAsync(folder.Id, cancellationToken))
            {
                foreach (var name in run.Results)
                {
                    var result = await GetResultAsync(folder.Id, run.StageName, run.Counter, name, cancellationToken);
                    texts.Add((folder.Id, $"{run.StageName}/{run.Counter}/{name}", result?.Body ?? ""));
                }
            }
        }

        return MemorySearch.Find(words, limit, texts);
    }

    private IEnumerable<DocumentFolder> AllFolders() =>
        from status in Enum.GetValues<DocumentStatus>()
        let folder = _folders.PathOf(status)
        where Directory.Exists(folder)
        from path in Directory.EnumerateDirectories(folder)
        let id = Path.GetFileName(path)
        where SafeName.IsSafe(id) && File.Exists(Path.Combine(path, SafeName.DocumentFileName))
        select new DocumentFolder(id, status, path);
}
