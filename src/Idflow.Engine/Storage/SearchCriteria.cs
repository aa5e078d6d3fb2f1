namespace Idflow.Engine.Storage;

internal enum SearchOperator { Equal, Greater, Less, In }

/// <summary>One condition; a <c>*</c> in a value matches any text. Times are epoch milliseconds as text.</summary>
internal sealed record SearchCondition(string Field, SearchOperator Operator, IReadOnlyList<string> Values);

internal sealed record SearchSort(string Field, bool Descending);

/// <summary>A search that has been read; conditions on fields a store does not know are left out.</summary>
/// <param name="FreeText">Looked for anywhere in the summary, ignoring case; null = all.</param>
internal sealed record SearchCriteria(IReadOnlyList<SearchCondition> Conditions, string? FreeText, IReadOnlyList<SearchSort> Sort, int Start, int Size);

/// <summary>One page of ids, and the number of all matches.</summary>
internal sealed record SearchPage(long TotalHits, IReadOnlyList<string> Ids);
