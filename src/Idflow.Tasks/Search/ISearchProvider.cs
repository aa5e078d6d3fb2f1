namespace Idflow.Tasks.Search;

/// <summary>A checked query.</summary>
internal sealed record SearchQuery(string Text, int MaxResults, string Region, string? TimeLimit, string SafeSearch, string DocId);

/// <summary>What a provider found. <paramref name="Partial"/>: it was stopped before it had as many as were asked for.</summary>
internal sealed record FoundResults(IReadOnlyList<SearchResult> Results, int Pages, string? Partial, IReadOnlyList<string> Warnings);

/// <summary>A place that answers searches.</summary>
internal interface ISearchProvider
{
    string Name { get; }

    /// <summary>True when it opens no connection.</summary>
    bool IsLocal { get; }

    /// <exception cref="SearchException">It refuses, cannot be reached, or answers something unknown.</exception>
    Task<FoundResults> SearchAsync(SearchQuery query, CancellationToken cancellationToken);
}

/// <summary>A search got no answer; never an empty list.</summary>
internal sealed class SearchException(string message, bool retryable, TimeSpan? retryAfter = null, Exception? innerException = null) : Exception(message, innerException)
{
    public bool Retryable { get; } = retryable;

    public TimeSpan? RetryAfter { get; } = retryAfter;
}
