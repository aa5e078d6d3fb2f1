using Idflow.Documents.Model;
using Idflow.Documents.Query;

namespace Idflow.Documents;

/// <summary>Which documents, in which order.</summary>
public sealed record DocumentQuery
{
    /// <summary>Filter expressions of the command line (<c>key=value</c>, <c>key=&gt;0.5</c>, ..); all must hold.</summary>
    public IReadOnlyList<string> Filters { get; init; } = [];

    /// <summary>Property names; <c>-name</c> sorts descending. Empty: by status, then id.</summary>
    public IReadOnlyList<string> Sort { get; init; } = [];

    /// <summary>Most documents to return; null = all.</summary>
    public int? Limit { get; init; }
}

/// <summary>What a query found. <see cref="Total"/> counts all matches, whatever the limit.</summary>
public sealed record DocumentQueryResult(IReadOnlyList<DocumentSummary> Documents, int Total, IReadOnlyList<DocumentProblem> Problems);

/// <summary>
/// What each document is like now, by id: a number without meaning that differs after every change of the document and may differ after
/// one of its stages. It may be the same twice while the document changes, but not once it has come to rest.
/// </summary>
public sealed record DocumentStamps(IReadOnlyDictionary<string, long> Stamps, IReadOnlyList<DocumentProblem> Problems);

/// <summary>A document without its body.</summary>
public sealed record DocumentSummary(string Id, DocumentStatus Status, PropertyMap Properties, IReadOnlyList<DocumentReference> DocumentReferences, IReadOnlyList<FileReference> FileReferences, IReadOnlyList<StageSummary> Stages)
    : IFilterable
{
    bool IFilterable.TryGetProperty(FilterKey key, out object? value) => PropertyPath.TryGet(Properties, key.Name, out value);
}

/// <summary>State of one stage run in a listing.</summary>
public sealed record StageSummary(string StageName, int Counter, StageStatus Status);

/// <summary>A file that is broken or disagrees with its folder: the path (see <see cref="Stores.DocumentStoreOptions.MessageFolder"/>), the line (from 1; 0 = the file), what is wrong and how to mend it.</summary>
public sealed record DocumentProblem(string Path, int Line, string Message, bool IsWarning);

/// <summary>One hit of the full-text search; <paramref name="Result"/> is <c>stage/counter/name</c> when a result matched instead of the body.</summary>
public sealed record SearchHit(string DocumentId, string? Result, string Snippet, double Score);
