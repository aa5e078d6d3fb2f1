using Idflow.Documents.Query;

namespace Idflow.Documents.Stores.FileSystem;

/// <summary>Queries and search answer from the index, which looks at the tree first.</summary>
internal sealed partial class MarkdownDocumentStore
{
    public override async Task<DocumentQueryResult> QueryAsync(DocumentQuery query, CancellationToken cancellationToken = default)
    {
        var found = await _index.QueryAsync(DocumentSelection.Parse(query), cancellationToken);
        await CollectAsync(_index.TakeLeftovers());
        return found with { Problems = Named(found.Problems) };
    }

    public override async Task<DocumentStamps> GetStampsAsync(CancellationToken cancellationToken = default)
    {
        var stamps = await _index.StampsAsync(cancellationToken);
        await CollectAsync(_index.TakeLeftovers());
        return stamps with { Problems = Named(stamps.Problems) };
    }

    public override async Task<IReadOnlyList<SearchHit>> SearchAsync(string words, int limit = 20, CancellationToken cancellationToken = default)
    {
        var hits = await _index.SearchAsync(words, limit, cancellationToken);
        await CollectAsync(_index.TakeLeftovers());
        return hits;
    }

    private IReadOnlyList<DocumentProblem> Named(IReadOnlyList<DocumentProblem> problems) =>
        [.. problems.Select(problem => problem with { Path = _folders.NameOf(Path.Combine(_folders.Root, problem.Path)) })];
}
