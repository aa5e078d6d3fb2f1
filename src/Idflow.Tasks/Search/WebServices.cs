namespace Idflow.Tasks.Search;

/// <summary>Searching and reading pages; one set that may open connections and one that may not.</summary>
internal sealed record WebServices(SearchService Search, CrawlService Crawl);
