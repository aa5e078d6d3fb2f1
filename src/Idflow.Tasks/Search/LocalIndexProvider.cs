using Idflow.Documents;
using Idflow.Tasks.Research;
using Idflow.Tasks.Research.Sources;

namespace Idflow.Tasks.Search;

/// <summary>The project's own documents as a search engine; opens no connection.</summary>
internal sealed class LocalIndexProvider(IDocumentStore documents) : ISearchProvider
{
    public string Name => "local";

    public bool IsLocal => true;

    public async Task<FoundResults> SearchAsync(SearchQuery query, CancellationToken cancellationToken)
    {
        LocalSources local = new("/", documents);
        SourceSet set;
        try
        {
            set = await local.GatherAsync(query.DocId, query.Text, null, cancellationToken);
        }
        catch (Workers.TaskFailedException error)
        {
            throw new SearchException(error.Message, retryable: false, innerException: error);
        }

        var index = new PassageIndex(set.Texts, "en");
        var found = new PassageRanker(index, null).Rank(query.Text, 0, query.MaxResults, cancellationToken).DistinctBy(passage => passage.Passage.Source);
        return new([.. found.Select((passage, rank) => new SearchResult(
            set.Texts[passage.Passage.Source].Title, set.Texts[passage.Passage.Source].Url, ReportFormat.OneLine(passage.Passage.Sentences[0].In(set.Texts[passage.Passage.Source].Text)), rank + 1, set.Texts[passage.Passage.Source].Origin, Name))], 1, null, []);
    }
}
